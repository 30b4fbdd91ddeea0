"""Limits on what a new version may do to members: they judge a finished comparison."""
