"""Results that stand, brought up to date: some members evaluated anew, and put in their place."""
