"""What of each kind of text a terminal shows in colour, as a link, or under something else.

A look is a list of patterns over finished text. The name of a group, without the digits at its end, says
what becomes of what it matches: a style of `STYLES`; `place` is a link to the file, `hang` is where further
lines of a long line begin, and a line with `whole` is never broken. So reports compute widths without knowing
of colour, and what they write elsewhere stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLES: Mapping[str, Mapping[str, str | bool]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "help": {"fg": "cyan"},
    "bad": {"fg": "red"},
    "mixed": {"fg": "yellow"},
    "good": {"fg": "green"},
    "level": {"fg": "cyan", "bold": True},
    "heading": {"bold": True},
}
"""How `click.style` paints each; words that are painted say the same without."""


class Look(NamedTuple):
    """How a kind of text looks on a terminal.

    Attributes:
        patterns: Regular expressions over all lines; what one matches is not painted by a later one.
        is_broken: Whether lines longer than the terminal are broken between words.
    """

    patterns: tuple[str, ...]
    is_broken: bool = True


AS_IT_IS = Look((), is_broken=False)
"""For text that is a file or that programs read: YAML, SQL, JSON, annotations."""

_PLACE = r"[^\n]+?:\d+(?::\d+)?"

MESSAGES = Look(
    (
        rf"^(?P<place>{_PLACE}): (?:(?P<error>error)|(?P<warning>warning))\[[a-z0-9-]+\]: ",
        rf"^ *= (?P<place>{_PLACE}): ",
        r"^ *\d* \| *(?:(?P<error>\^+)|(?P<help>-+))$",
        r"^(?P<whole> *\d* \|)",
        r"^ *(?P<help>help): (?P<hang>)",
        rf"^(?P<error>[Ee]rror): (?:(?P<place>{_PLACE}): )?",
        r"^(?P<error>internal error) ",
        r"^(?P<warning>warning): ",
        r": (?P<error>[1-9][\d,]* errors?), [\d,]+ warnings?$",
        r": [\d,]+ errors?, (?P<warning>[1-9][\d,]* warnings?)$",
        r"^(?P<error>FAILED) ",
        r"^(?P<bad>nothing was (?:published|written)): ",
        r"^(?P<good>published|amended) `",
    )
)
"""Findings, and what commands say of themselves."""

NEXT = Look((r"^(?P<heading>[^ \n].*:)$", r"^(?P<whole>  pointbook )"))
"""What was written, and what to type next; a command stays in one line, to be copied."""

CHANGES = Look(
    (
        r"^(?:(?P<good>\+ favourable)|(?P<bad>- adverse)|(?P<mixed>~ mixed)|  neutral) +(?P<hang>)",
        rf"^    (?P<place1>{_PLACE}) → (?P<place2>{_PLACE})$",
        rf"^    (?P<good>approved) by .* \[(?P<place>{_PLACE})\]$",
        r"^[\d,]+ changes?: (?P<bad>[\d,]+ adverse)",
        r"^[\d,]+ changes?: (?:[^\n]*, )?(?P<mixed>[\d,]+ mixed)",
        r"^[\d,]+ changes?: (?:[^\n]*, )?(?P<good>[\d,]+ favourable)",
        r"^(?P<heading>(?:version |\w+\.(?:yaml|lock)$).*)",
    )
)

LINES = Look(
    (r"^(?P<heading>(?:---|\+\+\+|diff) .*)", r"^(?P<help>@@.*)", r"^(?P<good>\+.*)", r"^(?P<bad>-.*)"),
    is_broken=False,
)
"""Lines of files that come and go."""

TESTS = Look(
    (
        r"^(?:(?P<good>ok)|(?P<error>FAILED)) +(?P<hang>)",
        r"^[\d,]+ passed, (?P<bad>[1-9][\d,]* failed)$",
        r"^(?P<good>[1-9][\d,]* passed), 0 failed$",
        rf"^(?P<place>{_PLACE}): no scenario ",
        *MESSAGES.patterns,
    )
)

EDITS = Look(
    (
        rf"^(?P<place>{_PLACE}): (?P<mixed>no scenario notices): ",
        r"^ +(?P<help>help): (?P<hang>)",
        r"^(?P<whole>(?![^ \n]+:\d+:\d+: |  help: |\d+ edits ).*)",  # a scenario, to be taken as it is
    )
)

COMPARISON = Look(
    (
        r"^(?:(?P<good>ok)|(?P<error>BROKEN)|(?P<mixed>APPROVED|NOT CHECKED)) +(?P<hang>)",
        r"^       (?:(?:by|members): )?(?P<hang>)",
        r"^  - (?P<hang>)",
        r"^  .*: (?:(?P<good>▲)|(?P<bad>▼)) ",
        r"\[(?P<place>[^\[\n]+?:\d+(?::\d+)?)\]$",
        r"^(?P<bad>[\d,]+ of [\d,]+ guardrails? (?:is|are) broken)",
        r"^(?P<mixed>[\d,]+ of [\d,]+ guardrails? (?:was|were|is|are) not checked)",
        r"^(?P<good>(?:The|All [\d,]+) guardrails? holds?)\b",
        r"^(?P<mixed>Nothing was limited)\b",
        r"^[\d,]+ of [\d,]+ guardrails? holds?; (?P<mixed>[\d,]+ (?:is|are) broken and approved)",
        r"^       (?P<mixed>approved): ",
        r"^(?P<heading>(?:Members by level|Most affected|What the log cannot answer|Assumed):)$",
        *MESSAGES.patterns,
    )
)

TRIED = Look(
    (
        r"^ *[^ \n]+ .*?  (?P<hang>)(?:(?P<error>broken)|(?P<mixed>not checked)): ",
        r"^ *[^ \n]+ .*?  (?P<hang>)(?P<good>(?:The|All [\d,]+) guardrails? holds?)",
        r"^ *[^ \n]+ .*?  (?P<hang>)(?P<mixed>Nothing was limited)",
        *COMPARISON.patterns,
    )
)
"""Values tried, a row each, whose last cell is words."""

_WORSE = "|".join(outcome for outcome in Outcome if outcome is not Outcome.AWARDED)
_CHANGED = r" *\d{4}-\d\d-\d\d  (?:\*\* level )?"

EXPLANATION = Look(
    (
        r",\s+level (?P<level>[^,\n]+)$",
        rf"^{_CHANGED}[^\n]+? → (?P<level>[^\n]+?)\s+\((?:(?P<bad>demoted)|(?P<good>[a-z_]+))\):",
        rf"^{_CHANGED}(?P<level>[^\n→]+?) (?P<good>kept):",
        rf"^ +[\d,]+ (?P<mixed>{_WORSE}): ",
        rf"^ +[-+][\d,]+ +[\d,]+ × [^\n]+,\s+(?P<mixed>{_WORSE}): ",
        rf"\]: [-+][\d,]+\s+\((?P<mixed>{_WORSE})\)",
        r"\((?P<place>[^(\n]+?:\d+(?::\d+)?)\)$",
        rf"^  (?P<place>{_PLACE}):\s+(?P<bad>[a-z_]+):\s",
        r"^(?P<heading>(?:What is needed|Levels|Events|Rows that could not be used):)$",
        r"^(?P<heading>Period \d+ of .*?,) \d{4}-",
    )
)

DEMO = Look(
    (
        r"^  +[\d,]+ (?P<bad>[a-z_]+) +(?P<hang>)such as line ",
        r"^(?P<heading>(?:Levels held|Every row is accounted for|Why\? One member explained|Try next))$",
        r"^(?P<heading>At risk): ",
        *NEXT.patterns[1:],
        *EXPLANATION.patterns,
    )
)

SUMMARY = Look(
    (
        rf"^ +[\d,]+  (?:(?P<good>awarded)|(?P<mixed>{_WORSE})): ",
        r"^levels held: (?P<level>.+)$",
        rf"^    (?P<place>{_PLACE}): (?P<bad>[a-z_]+): ",
        rf"^(?:events|members) read by (?P<place>{_PLACE}): ",
        r"^(?P<warning>activities that the version in force does not have):$",
        r"^(?P<warning>rejected rows)\b",
        r"^(?P<error>not passed): ",
    )
)

RECONCILIATION = Look(
    (
        r"^  +[\d,]+  (?:(?P<good>equal|differ, but by no more)|(?P<bad>differ))\b",
        r"^  +[\d,]+  (?P<mixed>in the file, not in members|in members, not in the file|rejected rows?)\b",
        r"^(?P<heading>(?:Likely causes|Possible, but perhaps chance)\.)",
        r"^(?P<bad>Unexplained): ",
        r"^(?P<mixed>In the file, not in members|In members, not in the file|Rejected rows of the file)\b",
        rf"^  (?P<place>{_PLACE}): (?P<bad>[a-z_]+): ",
        r"^ +\d+\. (?P<hang>)",
        r"^(?:(?P<good>Nothing differs)|(?P<bad>[\d,]+ rows? differs? beyond the tolerance))\b",
    )
)

_ROLES = "event_id|member_id|activity|occurred_at|points|signed_up_on|valid_from|attribute|reference"

ADOPTION = Look(
    (
        rf"^  [^\n]+?  +(?:(?P<good>{_ROLES})|(?P<mixed>passed over))  ",
        r"^(?P<warning>(?:what does not fit|undecided, for you to confirm):)$",
        r"^(?P<error>needed before the first evaluate:)$",
        r"^(?P<heading>(?:activities, by .*|other values|times):)$",
    )
)
_DIRECTIONS = "(?P<good>favourable)|(?P<bad>adverse)|(?P<mixed>mixed)"

CATALOGUE = Look(
    (
        r"^  [a-z0-9-]+ +(?:(?P<error>error)|(?P<warning>warning)) +(?:fix +)?(?P<hang>)",
        rf"^  [a-z0-9-]+ +(?:{_DIRECTIONS}|neutral)(?:, mostly)? +(?P<hang>)",
        r"^[a-z0-9-]+ \((?:(?P<error>error)|(?P<warning>warning)), ",
        rf"^Direction: (?:{_DIRECTIONS})\b",
        r"^(?P<heading>(?:What|Why|Fix|Failing|Fixed|Before|After):)",
        r"^(?P<heading>[A-Z].*)$(?=\n  [a-z0-9-]+ )",
        r"^(?P<whole>    )",
    )
)
"""The codes of findings and of changes."""
