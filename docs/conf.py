"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# Notebooks run in processes of their own, on the small worlds of the tests, with this folder's code.
os.environ["SUBSOIL_SMALL"] = "1"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
os.environ["PYTHONWARNINGS"] = "ignore:IProgress not found"  # of tqdm, without widgets
os.environ.pop("MPLBACKEND", None)

from docs.generate import write_pages  # noqa: E402

write_pages(ROOT, ROOT / "docs" / "_generated")

project = "Subsoil"
author = "The Subsoil authors"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "_generated/*.md"]  # those are included in pages

html_theme = "furo"
html_title = "Subsoil"
html_show_sphinx = False
html_copy_source = False
html_show_copyright = False

myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # an included part of README begins at its own level
nb_execution_mode = "force"  # a cache would not see that the packages have changed
nb_execution_timeout = 240
nb_execution_raise_on_error = True
nb_merge_streams = True
logging.getLogger("traitlets").setLevel(logging.WARNING)  # else it announces every notebook

default_role = "code"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
nitpicky = True
# Types of other projects, and of ours that are no public name: nothing is fetched to resolve them.
nitpick_ignore_regex = [(r"py:.*", r"(?!(model|experiments)\.[A-Z]).*")]


def write_math(translator: Any, node: Any, block: bool) -> None:
    """Write a formula as MathML, which browsers draw by themselves: no script, and nothing is fetched."""
    translator.body.append(tex2mathml(node.astext(), as_block=block))
    raise SkipNode


def setup(app: Any) -> None:
    """Have formulas written as MathML."""
    inline = (lambda self, node: write_math(self, node, block=False), None)
    display = (lambda self, node: write_math(self, node, block=True), None)
    app.add_html_math_renderer("mathml", inline, display)


html_math_renderer = "mathml"
