"""A seeded synthetic log for any program: members and events as rows of text, header first.

Everything comes from the program's rules (versions, thresholds, amounts, attributes, conditions,
caps); no activity or level is named here. The same seed gives the same bytes on every machine and
on every Python from 3.11 on.
"""

from pointbook.sample.rows import sample_events, sample_members
from pointbook.sample.spec import SampleSpec, default_spec

__all__ = ["SampleSpec", "default_spec", "sample_events", "sample_members"]
