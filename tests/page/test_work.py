"""Bounded work: no more tasks than allowed, shared results, and an end to what nobody wants."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from experiments.ensemble.progress import Listener
from experiments.errors import SweepError
from experiments.page.page_state import from_query
from experiments.page.work.shared_results import Failure, Results
from experiments.page.work.visitor_orders import Orders
from experiments.page.work.workers import MOST_TASKS, Stopped, Workers
from model.parameters.declaration import ParameterError

pytestmark = pytest.mark.long

LONG = 1_000


def count_up(months: int, listen: Listener) -> int:
    for month in range(months):
        listen(month, months)
        time.sleep(0.01)
    return months


def fail(words: str, listen: Listener) -> None:
    raise ParameterError(words)


def break_down(listen: Listener) -> None:
    raise ZeroDivisionError("by nought")


def die(listen: Listener) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    opened = Workers(1)
    yield opened
    opened.close()


def wait_for(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited a minute"
        time.sleep(0.01)


def test_a_task_says_how_far_it_is_and_stops_when_told(workers: Workers) -> None:
    task = workers.submit(count_up, LONG)
    assert task is not None
    wait_for(lambda: task.progress[0] > 0)
    assert task.progress[1] == LONG
    task.stop()
    wait_for(lambda: task.done and not workers.busy)
    with pytest.raises(Stopped):
        workers.result(task)


def test_no_more_is_taken_than_there_is_room_for(workers: Workers) -> None:
    tasks = [workers.submit(count_up, LONG) for _ in range(MOST_TASKS)]
    assert None not in tasks and workers.submit(count_up, 1) is None
    for task in tasks:
        assert task is not None
        task.stop()
    wait_for(lambda: not workers.busy)
    again = workers.submit(count_up, 1)
    assert again is not None and again.future.result() == 1


def test_errors_keep_their_words_and_surprises_become_a_line(
    workers: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    results = Results(workers)
    for key, work in (("wrong", (fail, "no such thing")), ("bug", (break_down,))):
        assert results.begin(key, *work)
        wait_for(lambda key=key: results.get(key) is not None)
    assert results.get("wrong") == Failure("no such thing")
    assert "ZeroDivisionError: by nought" in results.get("bug").words
    assert "Traceback" in capsys.readouterr().err


def test_what_two_want_is_computed_once_and_goes_on_for_one(workers: Workers) -> None:
    results = Results(workers)
    assert results.begin("same", count_up, 20) and results.begin("same", count_up, 20)
    assert workers.busy == 1
    results.leave("same")
    wait_for(lambda: results.get("same") is not None)
    assert results.get("same") == 20
    assert results.begin("other", count_up, LONG)
    results.leave("other")
    wait_for(lambda: not workers.busy)
    assert results.get("other") is None


def test_the_oldest_results_make_room(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.page.work.shared_results.MOST_KEPT", 2)
    results = Results(workers)
    for key in range(3):
        results.begin(key, count_up, 1)
        wait_for(lambda key=key: results.get(key) is not None)
    assert [results.get(key) for key in range(3)] == [None, 1, 1]


@pytest.mark.slow
def test_a_process_that_dies_is_replaced() -> None:
    opened = Workers(1)
    try:
        task = opened.submit(die)
        assert task is not None
        wait_for(lambda: task.done)
        with pytest.raises(SweepError, match="ended too early"):
            opened.result(task)
        again = opened.submit(count_up, 1)
        assert again is not None and again.future.result() == 1
    finally:
        opened.close()


def test_all_else_waits_for_what_is_in_view(workers: Workers) -> None:
    orders, cases = Orders(Results(workers)), from_query("worlds=20&seed=9")[0].cases()
    orders.want(cases, ("futures", "trade", "answers"), frozenset({"answers"}))
    begun = []
    while orders.waiting_in_view:
        begun.append(orders.progress()[0])
        time.sleep(0.01)
        shown = orders.advance()
    assert begun and not any("many futures" in words or "trade" in words for words in begun)
    assert {"ukraine", "united-states"} <= shown["A"].pictures.keys()
    assert orders.waiting and orders.progress()[0] == "many futures"
    orders.close()
