"""What a new version changes, and what that does to real members.

`differences` finds the semantic changes between two versions, `applying` applies any of them.
`comparing` evaluates a log under both versions and says what is different, `attribution` how much
of that each change brings about, `guardrails` whether it is more than the program allows.
"""
