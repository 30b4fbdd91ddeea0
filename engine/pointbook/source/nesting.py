"""Where brackets nest too deep in text that a YAML parser has read ahead but not handed over.

A `[` may begin a key, so parsers read on for up to 1,024 characters before they hand it over. Some releases
of libyaml count levels as they read ahead, and give up at 1,000 with an error of their own; and with any
release, something else behind the brackets may be wrong. So whatever ends the parser, the brackets that it
has passed by then are counted here.
"""

from __future__ import annotations

import yaml

MAX_DEPTH = 64


def deep_bracket(text: str, begin: int, end: int, *, blocks: int, brackets: int) -> int | None:
    """The index of the first bracket in `text[begin:end]` that opens a level too many, if any.

    Args:
        text: The whole text.
        begin: Where the parser's last event ended.
        end: Where the parser gave up.
        blocks: Levels open at `begin` by indentation.
        brackets: Levels open at `begin` by brackets, which are the inner ones.
    """
    if blocks + brackets + sum(text.count(sign, begin, end) for sign in "[{") <= MAX_DEPTH:
        return None
    # Within brackets, plain text ends at a bracket; outside, it may contain some.
    context = "[" * brackets or " "
    # PyYAML's own scanner knows no limit. It refuses tabs that libyaml takes for spaces.
    scanner = yaml.SafeLoader(context + text[begin:end].replace("\t", " "))
    try:
        while not scanner.done:
            scanner.fetch_more_tokens()
            if blocks + scanner.flow_level > MAX_DEPTH:
                return begin + int(scanner.index) - 1 - len(context)
    except yaml.MarkedYAMLError:
        pass  # at this the parser gave up too
    return None
