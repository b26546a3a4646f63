"""How a parameter is declared, checked, and written out as one value per world."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.array_axes import DType
from model.errors import SubsoilError

Value = float | int | str | NDArray[Any]

Number = TypeVar("Number", covariant=True)
"""What stands in a field of numbers: a `Value` as given, or an array of one per world."""
Word = TypeVar("Word", covariant=True)
"""What stands in a field of words: a `Value` as given, or indices in the list of choices, one per world."""

KINDS = {
    "policy": "a term of the deal or a choice of the analyst",
    "F": "fixed by a source",
    "C": "calibrated on patterns",
    "D": "deep uncertainty: explored, never tuned",
    "switch": "a choice between rival hypotheses or modes",
}


class ParameterError(SubsoilError, ValueError):
    """A parameter that is misspelt, of the wrong shape or out of its range; the message is one line."""


@dataclass(frozen=True)
class Declaration:
    """One parameter: its default, unit, range or choices, meaning and source."""

    name: str
    default: float | str
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    kind: str
    choices: tuple[str, ...] = ()
    integer: bool = False

    @property
    def range_text(self) -> str:
        """The allowed values, as a message prints them."""
        return ", ".join(self.choices) if self.choices else f"{self.low:g} to {self.high:g}"


def declare(
    default: float | str,
    unit: str,
    low: float,
    high: float,
    meaning: str,
    source: str,
    kind: str = "C",
    integer: bool = False,
) -> Any:
    """A dataclass field that carries its own declaration."""
    facts = {"unit": unit, "low": low, "high": high, "meaning": meaning, "source": source, "kind": kind}
    return field(default=default, metadata=facts | {"integer": integer, "choices": ()})


def choose(default: str, choices: tuple[str, ...], meaning: str, source: str) -> Any:
    """A dataclass field whose value is one of a few words."""
    facts = {"unit": "choice", "low": 0, "high": len(choices) - 1, "meaning": meaning, "source": source}
    return field(default=default, metadata=facts | {"kind": "switch", "integer": False, "choices": choices})


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, as the end of a message; all of them when nothing is alike."""
    names = list(known)
    alike = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    return f"did you mean {alike[0]!r}?" if alike else f"known: {', '.join(names)}"


def check_name(name: str, declarations: Mapping[str, Declaration]) -> Declaration:
    """The declaration called `name`; raises ParameterError with the nearest name when there is none."""
    if name not in declarations:
        raise ParameterError(f"unknown parameter {name!r}: {nearest(name, declarations)}")
    return declarations[name]


def checked(declared: Declaration, value: Value) -> Value:
    """The value as it is kept: a number for text that is one, a word for a number that spells it, as 2008 does.

    Raises ParameterError unless every element of it is allowed.
    """
    given = np.asarray(value)
    if given.ndim > 1:
        raise ParameterError(f"{declared.name}: one number or one per world, got shape {given.shape}")
    if declared.choices:
        words = np.array([_word(each) for each in given.reshape(-1).tolist()], dtype=str).reshape(given.shape)
        for word in np.unique(words):
            if word not in declared.choices:
                hint = nearest(str(word), declared.choices)
                raise ParameterError(f"{declared.name}={str(word)!r}: allowed {declared.range_text}; {hint}")
        return words if given.ndim else str(words)
    try:
        numbers = given.astype(float)
    except (TypeError, ValueError):
        wrong = next((each for each in given.reshape(-1).tolist() if not _is_number(each)), value)
        raise ParameterError(f"{declared.name}={wrong!r}: needs a number, {declared.range_text}") from None
    outside = ~((numbers >= declared.low) & (numbers <= declared.high))
    if np.any(outside):
        worst = numbers[outside].flat[0] if numbers.ndim else float(numbers)
        raise ParameterError(
            f"{declared.name}={worst:g}: allowed {declared.range_text} {declared.unit} ({declared.meaning})"
        )
    if declared.integer and np.any(numbers != np.round(numbers)):
        raise ParameterError(f"{declared.name}={value}: needs a whole number, {declared.range_text}")
    return value if given.dtype.kind in "biuf" else numbers if given.ndim else float(numbers)


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _word(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value).removesuffix(".0")


def value_by_world(declared: Declaration, value: Value, worlds: int, dtype: DType = np.float64) -> NDArray[Any]:
    """One value per world, (worlds,), of a `dtype`; a word becomes its index in the list of choices, a whole number."""
    if declared.choices:
        words = np.asarray(value).astype(str)
        codes = np.array([declared.choices.index(word) for word in words.reshape(-1)])
        return _filled(declared.name, codes.reshape(words.shape), worlds)
    return _filled(declared.name, np.asarray(value, dtype=dtype), worlds)


def _filled(name: str, values: NDArray[Any], worlds: int) -> NDArray[Any]:
    if values.ndim and values.shape != (worlds,):
        raise ParameterError(f"{name}: one value per world is shape ({worlds},), got {values.shape}")
    return np.array(np.broadcast_to(values, (worlds,)))
