"""Work in processes: in order, and what becomes of it when one ends before its time."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from multiprocessing import active_children

import pytest
from work_of_workers import BIG, prepared

from pointbook.diagnostics import InputError
from pointbook.folding.processes import Task, WorkerDiedError, WorkerFailedError, in_order


def tasks(count: int = 20, *, goes_on: bool = False):
    for number in range(count):
        yield Task((number, BIG), goes_on)


def test_results_come_in_the_order_of_the_tasks_and_large_messages_go_both_ways():
    found = [number for number, _, _ in in_order(partial(prepared, "slow first"), tasks(), 2)]
    assert found == list(range(20))
    assert not active_children()


def test_tasks_that_go_on_stay_with_one_worker():
    *_, (_, seen, _) = in_order(partial(prepared, ""), tasks(goes_on=True), 2)
    assert seen == list(range(20))


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("dies", WorkerDiedError, r"worker [12] \(process \d+\) was killed by SIGKILL"),
        ("lacks memory", WorkerDiedError, r"worker [12] \(process \d+\) ran out of memory"),
        ("fails", WorkerFailedError, "ZeroDivisionError"),
        ("refuses", InputError, "a.csv: it is wrong; make it right"),
    ],
)
def test_what_ends_the_work_is_told_and_no_process_stays(kind, error, words):
    found = []
    with pytest.raises(error, match=words):
        found.extend(number for number, _, _ in in_order(partial(prepared, kind), tasks(), 2))
    assert found == list(range(len(found)))
    assert not active_children()


def test_an_iterator_that_is_closed_early_leaves_no_process():
    with closing(in_order(partial(prepared, ""), tasks(), 2)) as results:
        assert next(results)[0] == 0
        assert active_children()
    assert not active_children()


def test_no_more_tasks_are_prepared_ahead_than_three_for_each_worker():
    prepared_ahead = []

    def counted():
        for task in tasks():
            prepared_ahead.append(task)
            yield task

    for number, _ in enumerate(in_order(partial(prepared, ""), counted(), 2)):
        assert len(prepared_ahead) <= number + 1 + 6
