"""What of a log is to be evaluated anew, given what an earlier run saw of it: whose rows, and whose day."""
