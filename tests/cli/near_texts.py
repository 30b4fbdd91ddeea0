"""A program whose rules name texts, and a log in which some of them are nearly there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from club_shell import Shell

TALK = """\
  talk:
    attributes: {topic: {type: text}, city: {type: text}, about: {type: text}}
    points: {by: {attribute: topic, values: {Rust: 10, advanced: 20}}}
    eligible_if: {any: [{attribute: city, in: [Ghent, "Li\u00e8ge"]}, {attribute: city, present: false}]}
    bonuses:
      - {points: 5, if: {attribute: member.chapter, is: North}}
"""
FROM_2025 = """\
activities:
  talk: {eligible_if: {any: [{attribute: city, is: ghent}]}}
"""
EVENTS = (
    # Of 2024, where Ghent and Li\u00e8ge are named, and topics Rust and advanced.
    ("t01", "2024-02-01", "Advanced ", "Ghent"),
    ("t02", "2024-02-02", "Advanced ", "ghent"),
    ("t03", "2024-02-03", "advanced", "GHENT"),
    ("t04", "2024-02-04", "\u201cadvanced\u201d", "Liege"),
    ("t05", "2024-02-05", "Rust", "Lie\u0300ge"),
    ("t06", "2024-02-06", "R\u200bust", "Ghent\u00a0"),
    ("t07", "2024-02-07", "Rusty", "Gent"),
    ("t08", "2024-12-31", "Rust", "ghent"),
    # Of 2025, where ghent alone is named.
    ("t09", "2025-01-01", "Rust", "ghent"),
    ("t10", "2025-01-02", "Rust", "Ghent"),
    ("t11", "2025-01-03", "", ""),
    # Before the first version no rule names anything; after the as-of date nothing counts.
    ("t12", "2023-12-31", "RUST", "GHENT"),
    ("t13", "2025-02-01", "RUST", "GHENT"),
)
AS_OF = ("--as-of", "2025-01-31")
RULES, NEXT = "club/versions/2024.yaml", "club/versions/2025.yaml"


_ROWS = (
    ("city", "ghent", "Ghent", "letter case", 2, f"{RULES}:27"),
    ("topic", "Advanced ", "advanced", "letter case and spaces", 2, f"{RULES}:26"),
    ("city", "GHENT", "Ghent", "letter case", 1, f"{RULES}:27"),
    ("city", "Ghent", "ghent", "letter case", 1, f"{NEXT}:8"),
    ("city", "Ghent\u00a0", "Ghent", "spaces around it", 1, f"{RULES}:27"),
    ("city", "Liege", "Li\u00e8ge", "accents", 1, f"{RULES}:27"),
    ("city", "Lie\u0300ge", "Li\u00e8ge", "accents", 1, f"{RULES}:27"),
    ("member.chapter", "north", "North", "letter case", 1, f"{RULES}:29"),
    ("topic", "R\u200bust", "Rust", "an invisible character (U+200B)", 1, f"{RULES}:26"),
    ("topic", "\u201cadvanced\u201d", "advanced", "quotation marks", 1, f"{RULES}:26"),
)
NEAR: list[dict[str, Any]] = [
    {
        "attribute": attribute,
        "value": value,
        "named": named,
        "differs_in": differs_in,
        "members" if attribute.startswith("member.") else "events": number,
        "rule": rule,
    }
    for attribute, value, named, differs_in, number, rule in _ROWS
]
"""Ten by hand, and there are no more: of equal numbers in the order of their attributes and texts."""


def put_near_texts(shell: Shell) -> None:
    """Put the program and its log in the place of the club's."""
    program = (shell.folder / "club/program.yaml").read_text(encoding="utf-8")
    shell.write("club/program.yaml", f"{program}member_attributes:\n  chapter: {{type: text}}\n")
    for name, added in ((RULES, TALK), (NEXT, FROM_2025)):
        shell.write(name, (shell.folder / name).read_text(encoding="utf-8") + added)
    shell.write("members.csv", "member_id,signed_up_on,chapter\nann,2024-01-10,north\nbob,2024-02-29,North\n")
    rows = "".join(f"{event_id},ann,talk,{day},{topic},{city}\n" for event_id, day, topic, city in EVENTS)
    shell.write("events.csv", f"event_id,member_id,activity,occurred_at,topic,city\n{rows}")
