"""Of what a result is made: hashes of the code and the data, versions of the packages."""

from __future__ import annotations

import functools
import hashlib
import inspect
import platform
import secrets
from importlib import metadata
from pathlib import Path
from typing import Any

from model import data

PACKAGES = ("subsoil", "numpy", "mesa", "xarray", "zarr", "numcodecs", "scipy")


@functools.cache
def code_hash(model: Any) -> str:
    """A hash of every line that decides the numbers: the package model, the worker, and the class that is run.

    Of a class of a user's own its whole file counts, in which a country's own rule may stand beside it; one that
    stands in no file, as in a notebook, is the same only as long as it is not made again.
    """
    hashed = hashlib.sha256()
    folder = Path(data.__file__).parent.parent
    for path in sorted(folder.rglob("*.py")):
        hashed.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    experiments = Path(__file__).parent.parent
    for name in ("ensemble/worker.py", "store/quantile_summaries.py"):
        hashed.update((experiments / name).read_bytes())
    if not model.__module__.startswith("model."):
        try:
            hashed.update(Path(inspect.getfile(model)).read_bytes())
        except (OSError, TypeError):
            hashed.update(secrets.token_bytes())
    return hashed.hexdigest()[:16]


def data_hash() -> str:
    """A hash of the tables of the model."""
    return data.fingerprint()[:16]


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that take part."""
    known = {"python": platform.python_version(), "machine": platform.machine()}
    for name in PACKAGES:
        try:
            known[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            known[name] = "not installed"
    return known
