"""What a new version does to real members: a log under two versions, and all that is different.

`comparing` shows the stages in their order, `result` is what comes out and what reports lay out.
`shares` is a room of its own for how much of the difference each change brings about, `rejects` for
what rejected rows could have done. `guardrails`, above this room, judge a result.
"""
