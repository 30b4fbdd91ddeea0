"""How much of the whole difference each change brings about: fair shares."""
