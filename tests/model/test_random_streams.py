"""Random numbers are keyed by seed, name and replicate, and by nothing else."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.random_streams import PAGE, UNIT, RandomStreams


def draws(streams: RandomStreams, name: str, length: int = 3) -> np.ndarray:
    """All draws of a name, (time, worlds)."""
    stream = streams.uniform(name, length)
    return np.stack([stream(time) for time in range(length)])


@given(st.lists(st.integers(0, 5 * UNIT), min_size=1, max_size=12))
def test_a_replicate_has_its_numbers_in_whatever_world(replicates: list[int]) -> None:
    together = draws(RandomStreams(3, np.array(replicates)), "war")
    for world, replicate in enumerate(replicates):
        alone = draws(RandomStreams(3, np.array([replicate])), "war")
        np.testing.assert_array_equal(alone[:, 0], together[:, world])


def test_a_new_name_leaves_the_others_alone() -> None:
    before = draws(RandomStreams(1, np.arange(4)), "war")
    streams = RandomStreams(1, np.arange(4))
    streams.normal("something new", 50)
    np.testing.assert_array_equal(draws(streams, "war"), before)
    assert (draws(RandomStreams(1, np.arange(4)), "something new") != before).all()


@pytest.mark.parametrize("again", ["uniform", "normal"])
def test_a_name_is_given_once(again: str) -> None:
    """Two decisions that read one stream would be tied to each other without anyone having said so."""
    streams = RandomStreams(1, np.arange(4))
    streams.uniform("war", 3)
    with pytest.raises(ValueError, match="the random stream 'war' is taken"):
        getattr(streams, again)("war", 3)
    streams.uniform("peace", 3)


def test_a_longer_run_keeps_the_earlier_draws() -> None:
    long, short = (draws(RandomStreams(1, np.arange(4)), "war", length) for length in (9, 3))
    np.testing.assert_array_equal(long[:3], short)


@given(st.lists(st.integers(0, 3 * PAGE - 1), min_size=1, max_size=6))
def test_a_stream_can_be_read_in_any_order(times: list[int]) -> None:
    in_order = draws(RandomStreams(1, np.arange(4)), "war", 3 * PAGE)
    stream = RandomStreams(1, np.arange(4)).uniform("war", 3 * PAGE)
    for time in times:
        np.testing.assert_array_equal(stream(time), in_order[time])
    with pytest.raises(IndexError, match="the stream has 36"):
        stream(3 * PAGE)


def test_a_stream_is_that_of_its_generator() -> None:
    """Drawing it in parts changes nothing: the numbers are those of one call for the whole length."""
    seed = np.random.SeedSequence(7, spawn_key=(zlib.crc32(b"demand"), 1))
    whole = np.random.default_rng(seed).standard_normal((30, UNIT))
    stream = RandomStreams(7, np.arange(UNIT, 2 * UNIT)).normal("demand", 30)
    np.testing.assert_array_equal(np.stack([stream(time) for time in range(30)]), whole)


def test_seeds_and_neighbours_differ() -> None:
    first, second = draws(RandomStreams(0, np.arange(600)), "war"), draws(RandomStreams(1, np.arange(600)), "war")
    assert (first != second).all()
    assert len(np.unique(first)) == first.size


def test_draws_are_uniform_and_normal() -> None:
    streams = RandomStreams(11, np.arange(4000))
    flat = draws(streams, "war", 25)
    assert abs(flat.mean() - 0.5) < 3 * np.sqrt(1 / 12 / flat.size)
    stream = streams.normal("demand", 25)
    normal = np.stack([stream(time) for time in range(25)])
    assert abs(normal.mean()) < 3 / np.sqrt(normal.size)
    assert abs(normal.var() - 1) < 3 * np.sqrt(2 / normal.size)
