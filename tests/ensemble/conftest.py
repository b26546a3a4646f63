"""What the tests of disturbed sweeps share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import xarray as xr

from tests.sweeps import QUICK, end_all, start_server


@pytest.fixture(scope="module")
def server() -> None:
    """What cheap runs are forked from."""
    start_server()


@pytest.fixture(autouse=True)
def end_runs() -> Iterator[None]:
    """End the runs that a failed test left behind."""
    yield
    end_all()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """The quick sweep, left in peace."""
    return QUICK(tmp_path_factory.mktemp("undisturbed") / "a.zarr").load()
