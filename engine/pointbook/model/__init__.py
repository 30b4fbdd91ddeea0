"""The frozen records that every stage hands over: rules, log, ledger.

`rules` says what a program promises, `windows` how its time is counted, `log` what members
did, `ledger` what that came to. Nothing here reads, decides or prints.
"""
