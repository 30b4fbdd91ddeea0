"""What `compare` is asked: the operands, the log, and the question that both are put to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from pointbook.comparison.program_question import question_of_programs, read_apart, reading
from pointbook.comparison.question import UnanswerableError, question_of
from pointbook.comparison.repeats import repeated
from pointbook.diagnostics import InputError
from pointbook.loading.operands import UnknownOperandError, loaded_at, operand
from pointbook.loading.settings import (
    MOST_VALUES,
    UnknownAddressError,
    UnusableValueError,
    setting_in,
    value_from,
    version_with,
)
from pointbook.source.files import can_be_read_once
from pointbook.structure.date_text import LAST_YEAR
from pointbook_cli.evaluation.comparison_ways import log_here, log_to_compare, logs_here
from pointbook_cli.options import known_as_of, read_inputs, say_remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack
    from datetime import date
    from pathlib import Path

    from pointbook.comparison.question import Question
    from pointbook.comparison.repeats import Repeats
    from pointbook.comparison.terms import Options
    from pointbook.loading import Loaded
    from pointbook.loading.operands import Operand
    from pointbook.log import LogFacts
    from pointbook.model.program import Program, Version
    from pointbook_cli.backends import Backend
    from pointbook_cli.evaluation.comparison_ways import LogToCompare


class Asked(NamedTuple):
    """A question, and what it is put to.

    Attributes:
        texts: Text of each file that the rules of either side come from, by name.
    """

    question: Question
    log: LogToCompare
    options: Options
    texts: Mapping[str, str]


class Tried(NamedTuple):
    """A question for each value that is tried at one place.

    Attributes:
        address: What the place is called.
        questions: As the value was typed, whether it is there now, and the question.
    """

    address: str
    questions: Sequence[tuple[str, bool, Question]]
    log: LogToCompare
    options: Options


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is put, whatever it is about.

    Attributes:
        folder: The program's folder.
        loaded: The program.
        members: Files of members.
        events: Files of events.
        as_of: The last day that counts, before anything is repeated; None for that of the last event.
        replay: How often the last twelve months come again.
        since: The day on which the new version takes effect; None for always.
        options: How the comparison is made.
        backend: Where the log is read; None for where it is best.
        workers: The most processes to compare by.
        stack: Closes what the log lies in.
    """

    folder: Path
    loaded: Loaded
    members: tuple[str, ...]
    events: tuple[str, ...]
    as_of: date | None
    replay: int
    since: date | None
    options: Options
    backend: Backend | None
    workers: int
    stack: ExitStack

    def of_two_versions(self, old: str, new: str) -> Asked:
        """What the one operand and the other come to."""
        program = self.loaded.usable()
        before, after = self._operand(old, "OLD, NEW"), self._operand(new, "OLD, NEW")
        say_remark(before, after)
        log, as_of, repeats = self._log(program, (before.version, after.version))
        question = self._question(before, after.version, as_of, repeats)
        warnings = _warnings(program, before, after)
        options = replace(self.options, old_name=before.name, new_name=after.name, warnings=warnings)
        return Asked(question, log, options, {**before.texts, **after.texts})

    def against(self, ref: str) -> tuple[Asked, Program]:
        """What differs between a commit's program and the one in the folder; the commit's program."""
        new = self.loaded.usable()
        try:
            there = loaded_at(self.folder, ref, new.id)
        except InputError as error:
            if any(version.id == ref for version in new.versions):
                hint = f"it is a version: compare it by `compare {self.folder} {ref} NEW`"
                raise InputError(ref, "this is no commit", hint) from error
            raise
        if there is None:
            hint = "name a commit that has it, or compare two of its versions"
            raise InputError(ref, f"this commit has no program `{new.id}`", hint)
        old = there.usable()
        programs = reading(old, new, new.exports), reading(new, old, new.exports)
        if read_apart(old, new):
            log, as_of, repeats = self._logs(programs)
        else:
            log, as_of, repeats = self._log(programs[1], ())
        try:
            question = question_of_programs(old, new, as_of, repeats)
        except UnanswerableError as error:
            raise click.BadParameter(str(error), param_hint="--against") from error
        whole = question.after is not None
        options = replace(
            self.options,
            old_name=ref,
            new_name="working tree",
            attribution=self.options.attribution and not whole,
        )
        texts = {**there.documents.texts, **self.loaded.documents.texts}
        return Asked(question, log, options, texts), old

    def values_in_turn(self, old: str, setting_text: str) -> Tried:
        """What each of several values at one place of a version comes to."""
        program = self.loaded.usable()
        before = self._operand(old, "OLD")
        address, _, texts = setting_text.partition("=")
        address, values = address.strip(), texts.split(",")
        if not address or not texts.strip():
            asked = "write an address, `=` and values: levels/gold/threshold=200,250"
            _refuse(f"`{setting_text}` is not all of it: {asked}")
        if len(values) > MOST_VALUES:
            _refuse(f"{address}: there are {len(values)} values; try at most {MOST_VALUES} at a time")
        if before.external:
            _refuse(f"{old} is no version of the program in its folder; name one, whose values are to differ")
        try:
            setting = setting_in(self.loaded, before.version, address)
        except UnknownAddressError as error:
            raise click.BadParameter(str(error), param_hint="--set") from error
        versions: list[tuple[str, bool, Version]] = []
        for number, text in enumerate(values, 1):
            try:
                value = value_from(text)
                tried = version_with(self.loaded, setting, value).version
            except UnusableValueError as error:
                _refuse(f"{address}: value {number} of {len(values)}, `{text.strip()}`: {error}", error)
            is_now = setting.is_now(value)
            versions.append((text.strip(), is_now, before.version if is_now else tried))
        log, as_of, repeats = self._log(program, ())
        questions = [
            (text, is_now, self._question(before, tried, as_of, repeats)) for text, is_now, tried in versions
        ]
        return Tried(address, questions, log, replace(self.options, attribution=False))

    def _operand(self, name: str, parameter: str) -> Operand:
        try:
            return operand(self.folder, self.loaded, name)
        except UnknownOperandError as error:
            raise click.BadParameter(str(error), param_hint=parameter) from error

    def _log(
        self, program: Program, versions: Sequence[Version]
    ) -> tuple[LogToCompare, date, Repeats | None]:
        """The log, read with every attribute of any version; its last day; and what is repeated."""
        known = [*program.versions]
        known += [one for one in versions if all(one is not version for version in known)]
        every = replace(program, versions=tuple(known), exports=program.exports.without_references())
        if not self.replay:
            ways = log_to_compare(every, self.members, self.events, self.backend, self.workers)
            there = self.stack.enter_context(ways)
            return there, known_as_of(there.facts, self.as_of), None
        if self.backend is not None and self.backend.kind != "python":
            message = f"with --replay events are repeated here; leave out `--backend {self.backend.shown}`"
            raise click.BadParameter(message, param_hint="--backend")
        log = read_inputs(every, self.members, self.events)
        as_of = self._end_of(log.facts)
        log, repeats = repeated(log, program.timezone, as_of, self.replay)
        return log_here(every, log, self.workers), repeats.until, repeats

    def _logs(self, programs: tuple[Program, Program]) -> tuple[LogToCompare, date, Repeats | None]:
        """The log as each side reads it for itself, by the old program and by the new one."""
        why = "the time zone or the type of an attribute differs, so that each side reads the log for itself"
        if self.backend is not None and self.backend.kind != "python":
            message = f"{why}, here; leave out `--backend {self.backend.shown}`"
            raise click.BadParameter(message, param_hint="--backend")
        for option, sources in (("--members", self.members), ("--events", self.events)):
            for source in sources:
                if can_be_read_once(source):
                    message = f"{why}, and `{source}` can be read only once; name a file"
                    raise click.BadParameter(message, param_hint=option)
        old, new = (read_inputs(program, self.members, self.events) for program in programs)
        as_of = self._end_of(old.facts.with_reading(new.facts))
        if not self.replay:
            return logs_here(programs, (old, new), self.workers), as_of, None
        (old, before), (new, repeats) = (
            repeated(log, program.timezone, as_of, self.replay)
            for log, program in zip((old, new), programs, strict=True)
        )
        most = max(before.events, repeats.events), max(before.later, repeats.later)
        repeats = replace(repeats, events=most[0], later=most[1])
        return logs_here(programs, (old, new), self.workers), repeats.until, repeats

    def _end_of(self, facts: LogFacts) -> date:
        """The last day that counts, before anything is repeated."""
        as_of = known_as_of(facts, self.as_of)
        if self.replay and as_of.year + self.replay > LAST_YEAR:
            message = f"{self.replay} after {as_of.year} is too late: years go to {LAST_YEAR}"
            raise click.BadParameter(message, param_hint="--replay")
        return as_of

    def _question(self, before: Operand, new: Version, as_of: date, repeats: Repeats | None) -> Question:
        try:
            return question_of(
                self.loaded.usable(),
                before.version,
                new,
                old_is_external=before.external,
                since=self.since,
                as_of=as_of,
                repeats=repeats,
            )
        except UnanswerableError as error:
            raise click.BadParameter(str(error), param_hint="--from") from error


def _refuse(message: str, cause: Exception | None = None) -> NoReturn:
    raise click.BadParameter(message, param_hint="--set") from cause


def _warnings(program: Program, before: Operand, after: Operand) -> tuple[str, ...]:
    found = []
    for side in (before, after):
        if side.program.sha256 != program.sha256:
            found.append(
                f"{side.name} belongs to another program.yaml; that of the folder is used for both sides"
            )
        fed = {balance for rule in side.version.activities.values() for balance in rule.balances}
        unknown = fed - set(program.balances)
        if unknown:
            hint = "compare versions that belong to the same program.yaml"
            raise InputError(side.name, f"its balance `{min(unknown)}` is not in the program", hint)
    return tuple(found)
