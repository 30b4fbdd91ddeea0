"""A program's versions as what a plan is made of: version sets, and the rules as rows of small tables."""
