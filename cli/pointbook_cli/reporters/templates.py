"""The templates of the command line. A template computes nothing; it lays out finished results."""

from __future__ import annotations

import importlib.resources
from functools import cache

import jinja2

from pointbook.model.wording import quantity
from pointbook.views.explanation import ExplainedEvent
from pointbook_cli.reporters.escaping import printable

_BAR_WIDTH = 30


def template_text(name: str) -> str:
    """The text of a file of the folder of templates."""
    return (importlib.resources.files("pointbook_cli") / "templates" / name).read_text(encoding="utf-8")


class Lines(str):
    """Text that was laid out already, as a template does it: its line breaks are its own."""

    __slots__ = ()


@cache  # compiling one takes longer than filling it
def template(name: str) -> jinja2.Template:
    """A text template; an undefined name in it is an error.

    Ids, titles and texts come from files, so what is put in shows its control characters, line breaks
    too: it can neither steer a terminal nor make up lines.
    """
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - plain text for a terminal, not markup
        finalize=lambda value: value if isinstance(value, Lines) else printable(str(value)),
    )
    environment.filters["quantity"] = quantity
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["signed"] = lambda number: f"{number:+,}"
    environment.filters["moment"] = lambda moment: f"{moment:%Y-%m-%d %H:%M}"
    environment.filters["left"] = lambda text, width: f"{text!s:<{width}}"
    environment.filters["right"] = lambda number, width: f"{number:>{width},}"
    environment.filters["bar"] = lambda part, whole: "#" * (-(-part * _BAR_WIDTH // whole) if whole else 0)
    environment.tests["event"] = lambda item: isinstance(item, ExplainedEvent)
    return environment.from_string(template_text(name))
