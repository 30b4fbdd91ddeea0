"""The frozen records that every stage hands over: rules, calendar, log, ledger.

`rules` says what a program promises, `calendar` how its time is counted, `log` what members
did, `ledger` what that came to. Nothing here reads, decides or prints.
"""
