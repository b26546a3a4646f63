"""Luck is keyed by seed, purpose and replicate, and by nothing else."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.random_streams import PAGE, UNIT, Luck


def draws(luck: Luck, purpose: str, length: int = 3) -> np.ndarray:
    """All draws of a purpose, (time, worlds)."""
    tape = luck.uniform(purpose, length)
    return np.stack([tape(time) for time in range(length)])


@given(st.lists(st.integers(0, 5 * UNIT), min_size=1, max_size=12))
def test_a_replicate_has_its_luck_wherever_it_stands(replicates: list[int]) -> None:
    together = draws(Luck(3, np.array(replicates)), "war")
    for place, replicate in enumerate(replicates):
        np.testing.assert_array_equal(draws(Luck(3, np.array([replicate])), "war")[:, 0], together[:, place])


def test_a_new_purpose_leaves_the_others_alone() -> None:
    before = draws(Luck(1, np.arange(4)), "war")
    luck = Luck(1, np.arange(4))
    luck.normal("something new", 50)
    np.testing.assert_array_equal(draws(luck, "war"), before)
    assert (draws(luck, "something new") != before).all()


def test_a_longer_run_keeps_the_earlier_draws() -> None:
    luck = Luck(1, np.arange(4))
    np.testing.assert_array_equal(draws(luck, "war", 9)[:3], draws(luck, "war", 3))


@given(st.lists(st.integers(0, 3 * PAGE - 1), min_size=1, max_size=6))
def test_a_tape_can_be_read_in_any_order(times: list[int]) -> None:
    in_order = draws(Luck(1, np.arange(4)), "war", 3 * PAGE)
    tape = Luck(1, np.arange(4)).uniform("war", 3 * PAGE)
    for time in times:
        np.testing.assert_array_equal(tape(time), in_order[time])
    with pytest.raises(IndexError, match="the tape has 36"):
        tape(3 * PAGE)


def test_a_tape_is_the_stream_of_its_generator() -> None:
    """Pages change nothing: the draws are those of one call for the whole length."""
    stream = np.random.SeedSequence(7, spawn_key=(zlib.crc32(b"demand"), 1))
    whole = np.random.default_rng(stream).standard_normal((30, UNIT))
    tape = Luck(7, np.arange(UNIT, 2 * UNIT)).normal("demand", 30)
    np.testing.assert_array_equal(np.stack([tape(time) for time in range(30)]), whole)


def test_seeds_and_neighbours_differ() -> None:
    first, second = draws(Luck(0, np.arange(600)), "war"), draws(Luck(1, np.arange(600)), "war")
    assert (first != second).all()
    assert len(np.unique(first)) == first.size


def test_draws_are_uniform_and_normal() -> None:
    luck = Luck(11, np.arange(4000))
    flat = draws(luck, "war", 25)
    assert abs(flat.mean() - 0.5) < 3 * np.sqrt(1 / 12 / flat.size)
    tape = luck.normal("demand", 25)
    normal = np.stack([tape(time) for time in range(25)])
    assert abs(normal.mean()) < 3 / np.sqrt(normal.size)
    assert abs(normal.var() - 1) < 3 * np.sqrt(2 / normal.size)
