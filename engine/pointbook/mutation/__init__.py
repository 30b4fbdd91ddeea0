"""Would the scenarios notice a slip? Each value that decides is nudged, and they are run against it.

`edits` lists the slips, `judging` says which of them no scenario notices, `cases` finds for these what
would tell the two apart, `accepting` makes scenarios of that, and `survivors` reads which may live.
"""
