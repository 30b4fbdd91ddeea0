"""An unknown export: what its columns probably are and why, and drafts of `log.yaml` and of rules.

The stages: `exports` opens a file of any shape as names and rows of texts, `profiles` looks at each
column, `guesses` says which column is probably what, with the evidence, `facts` looks at the rows a
second time with that in mind, and the drafts are texts with each guess beside its line. Nothing is
decided silently: what cannot be told stands as an alternative in a comment.
"""

from pointbook.adoption.adopting import DRAFTS, Adoption, adopted

__all__ = ["DRAFTS", "Adoption", "adopted"]
