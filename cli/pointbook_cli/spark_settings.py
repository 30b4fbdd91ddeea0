"""`--spark-conf KEY=VALUE`: settings of Spark, as a user gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from pointbook.source.elsewhere import without_password

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Setting = tuple[str, str]

_SETTING = re.compile(r"(spark\.[\w.-]*\w)=(.*)", re.DOTALL)
_MASTER = ("spark.master", "spark.remote")


class SparkSettingType(click.ParamType["Setting"]):
    """A setting of Spark, which does not undo what results depend on."""

    name = "SETTING"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Setting:
        """Its name and its value."""
        if isinstance(value, tuple):
            return value
        found = _SETTING.fullmatch(str(value))
        if found is None:
            shown = without_password(str(value))
            self.fail(f"'{shown}' is not a setting; write it as spark.executor.memory=4g", param, ctx)
        name, text = found[1], found[2]
        if name in _MASTER:
            hint = "`--backend spark://HOST:PORT` names the cluster, and `spark-submit --master` any other"
            self.fail(f"`{name}` is not taken here; {hint}", param, ctx)
        from pointbook.relational.engines.spark_session import SETTINGS  # noqa: PLC0415 - few commands need it

        needed = SETTINGS.get(name)
        if needed is not None and text.strip().casefold() != needed.casefold():
            self.fail(f"`{name}` must be `{needed}`, or results would be others; leave it out", param, ctx)
        return name, text


def spark_conf_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """--spark-conf."""
    return click.option(
        "--spark-conf",
        "spark_settings",
        multiple=True,
        type=SparkSettingType(),
        metavar="KEY=VALUE",
        help="A setting of Spark, such as spark.executor.memory=4g. May be given several times.",
    )(function)


def settings_by_name(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """The same settings, each once.

    Raises:
        click.BadParameter: One has two values.
    """
    found: dict[str, str] = {}
    for name, value in settings:
        if found.setdefault(name, value) != value:
            raise click.BadParameter(f"`{name}` is given twice, with two values", param_hint="--spark-conf")
    return tuple(found.items())
