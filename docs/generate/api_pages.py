"""The public names of the packages, each with the directive that documents it from its docstring."""

from __future__ import annotations

import ast
import importlib
import inspect
from itertools import pairwise
from types import ModuleType

PACKAGES = ("model", "experiments", "experiments.plots")


def api_pages() -> dict[str, str]:
    """A page of directives for each package, by the name of its file."""
    return {f"api_{name.replace('.', '_')}.md": _page(importlib.import_module(name)) for name in PACKAGES}


def _page(package: ModuleType) -> str:
    """The directives of all names in `__all__`, in reStructuredText, which autodoc writes."""
    entries = [_entry(package.__name__, name, getattr(package, name)) for name in package.__all__]
    return "\n".join(["```{eval-rst}", *entries, "```", ""])


def _entry(package: str, name: str, value: object) -> str:
    if inspect.isclass(value):
        made = f"{package}.{name}"
        if name == "Parameters":  # a hundred keywords are a table, not a signature
            made += "(**values)"
        members = "   :members:\n   :no-undoc-members:\n" if not issubclass(value, BaseException) else ""
        exclude = "   :exclude-members: __new__\n" if members else ""
        return f".. autoclass:: {made}\n{members}{exclude}"
    if callable(value):
        return f".. autofunction:: {package}.{name}\n"
    said = _said_below(_origin(package, name), name)
    shown = [f"   :value: {value!r}"] if isinstance(value, tuple) else []
    return "\n".join([f".. py:data:: {package}.{name}", *shown, "", *(f"   {line}" for line in said), ""])


def _said_below(module: str, name: str) -> list[str]:
    """The lines of the string below the assignment of a module's constant, none where there is no such string."""
    for node, below in pairwise(ast.parse(inspect.getsource(importlib.import_module(module))).body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        assigned = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if assigned and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            return inspect.cleandoc(str(below.value.value)).splitlines()
    return []


def _origin(package: str, name: str) -> str:
    """The module from which a package takes a public constant, as the imports of its `__init__` say."""
    imports = ast.walk(ast.parse(inspect.getsource(importlib.import_module(package))))
    taken = (each for each in imports if isinstance(each, ast.ImportFrom) and each.module)
    return next(str(each.module) for each in taken if name in {alias.name for alias in each.names})
