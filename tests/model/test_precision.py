"""Single precision: the same worlds in fewer digits, with nothing left in double and nothing out of range."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.benchmark import compared_runners as bench
from experiments.designs.builders import grid
from experiments.ensemble.sweep import sweep
from experiments.errors import StoreError
from model import GeopoliticalEconomy, Parameters
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS
from model.random_streams import PAGE, UNIFORM, RandomStream
from model.run_arguments import dtype_of
from tests.model import test_worlds
from tests.model.kinds_of_runs import KINDS, WORLDS


def arrays(thing: Any, path: str, seen: set[int]) -> Iterator[tuple[str, np.ndarray]]:
    """Every array that hangs on a model, with the way to it."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        yield path, thing
    elif isinstance(thing, dict):
        for name, part in thing.items():
            yield from arrays(part, f"{path}.{name}", seen)
    elif isinstance(thing, list | tuple):
        for index, part in enumerate(thing):
            yield from arrays(part, f"{path}[{index}]", seen)
    elif type(thing).__module__.startswith(("model.", "types")) and hasattr(thing, "__dict__"):
        yield from arrays(vars(thing), path, seen)


def outcomes(precision: str, worlds: int, parameters: Parameters | None = None, **options: Any) -> dict[str, Any]:
    model = GeopoliticalEconomy(parameters, worlds=worlds, rng=0, record="outcomes", precision=precision, **options)
    model.simulate()
    model.close()
    return model.outcomes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("precision", ["single", "double"])
def test_every_number_of_a_run_is_of_its_precision(kind: str, precision: str) -> None:
    """One number of another would make the others like it: slower, or less precise than was asked for."""
    parameters, months = KINDS[kind]
    model = GeopoliticalEconomy(parameters, worlds=WORLDS, months=months, record="outcomes", precision=precision, rng=0)
    model.simulate()
    dtype, numbers = dtype_of(precision), dict(arrays(model, "model", set()))
    wrong = {name for name, each in numbers.items() if each.dtype.kind == "f" and each.dtype != dtype}
    inside = ("model.expectations._game_parameters.", "model.expectations._reference")  # solved in double always
    assert {name for name in wrong if not name.startswith(inside)} <= {"model.recorder._kept"}
    assert sum(each.dtype == dtype for each in numbers.values()) > 200
    model.close()


@pytest.mark.long
def test_the_same_worlds_in_both() -> None:
    """What happens is the same but in a world in thousands, where chance and a rounded chance all but meet."""
    assert bench.precision(2000, 180)["differ"] <= 4


def test_numbers_agree_to_the_digits_that_are_kept() -> None:
    single, double = (outcomes(precision, 500) for precision in ("single", "double"))
    for name in ("price_magnet_end", "welfare_ukraine", "welfare_china", "china_mine_share_end", "deal_gain"):
        error = np.abs(single[name] - double[name]) / np.abs(double[name])
        assert np.quantile(error, 0.99) < 1e-4, name


def test_what_is_sold_is_what_is_made() -> None:
    """In every month, world and material, to five digits of what there is."""
    model = GeopoliticalEconomy(worlds=200, months=60, record="outcomes", precision="single", rng=0)
    for _ in range(60):
        model.step()
        goods = model.market.state
        made = goods.supply.sum(axis=0)
        gap = goods.arrivals.sum(axis=0) - made
        assert np.abs(gap / (goods.stock.sum(axis=0) + made)).max() < 1e-5
    model.close()


@pytest.mark.long
def test_a_world_does_not_notice_its_neighbours_in_single_precision_either() -> None:
    together = test_worlds.run(test_worlds.VALUES, np.arange(test_worlds.WORLDS), precision="single")
    for chosen in ([7], [22, 3, 11, 0], list(range(test_worlds.WORLDS))[::-1]):
        apart = test_worlds.run(test_worlds.VALUES, np.array(chosen), precision="single")
        for name, values in together.items():
            np.testing.assert_array_equal(apart[name], values[..., chosen], err_msg=name)


@pytest.mark.long
def test_whatever_the_parameters_no_number_is_out_of_range() -> None:
    """Drawn from the whole of their ranges: prices differ by powers of ten, and a number too large would warn."""
    rng = np.random.default_rng(4)
    values: dict[str, Any] = {}
    for name, declared in DECLARATIONS.items():
        if name == "start":
            continue
        low, high = declared.low, declared.high
        drawn = rng.uniform(low, high, 200) if not declared.choices else rng.choice(declared.choices, 200)
        values[name] = np.round(drawn) if declared.integer else drawn
    single, double = (outcomes(each, 200, Parameters(**values), months=30) for each in ("single", "double"))
    for name, exact in double.items():
        unlike = np.isfinite(single[name]) != np.isfinite(exact)
        assert unlike.sum() <= 2, name
    prices = double["price_magnet_end"]
    assert prices.max() > 10 * prices.min()


def test_a_draw_below_one_stays_below_one() -> None:
    class Edge:
        def random(self, shape: tuple[int, ...]) -> np.ndarray:
            return np.full(shape, np.nextafter(1.0, 0.0))

    stream = RandomStream([np.random.SeedSequence(0)], UNIFORM, PAGE, np.arange(4), np.float32)
    stream._draws, stream._turned = [Edge().random], -1
    stream._turn_to(0)
    assert stream(0).dtype == np.float32
    assert (stream(0) < 1).all()


def test_random_numbers_are_the_same_in_both() -> None:
    single, double = (
        GeopoliticalEconomy(worlds=5, months=1, precision=each, rng=0).setting.streams.normal("a name of its own", 20)(
            19
        )
        for each in ("single", "double")
    )
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    np.testing.assert_array_equal(single, double.astype(np.float32))


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"precision='singel': allowed double, single; did you mean 'single'"):
        GeopoliticalEconomy(precision="singel", rng=0)
    with pytest.raises(ParameterError, match="precision='half'"):
        sweep(grid(ownership_share=2), replicates=1, months=1, precision="half", progress=False)


def test_a_store_is_not_gone_on_with_in_another_precision(tmp_path: Path) -> None:
    options: dict[str, Any] = {"replicates": 2, "months": 2, "progress": False, "store": tmp_path / "a.zarr"}
    results = sweep(grid(ownership_share=2), **options)
    assert results.attrs["precision"] == "single"
    with pytest.raises(StoreError, match="precision is single there and double here"):
        sweep(grid(ownership_share=2), precision="double", **options)
