"""What pages include: tables and lists from the packages' own declarations, written anew by each build."""

from __future__ import annotations

import shutil
from pathlib import Path

from docs.generate.api_pages import api_pages
from docs.generate.gallery import copy_notebooks, notebook_list, study_pages
from docs.generate.result_table import result_table
from docs.generate.rule_tables import rule_tables
from docs.generate.tables import declared_tables
from docs.generate.walk import walk_table

__all__ = ["write_pages"]


def write_pages(root: Path, folder: Path) -> None:
    """Write everything that is generated into `folder`; what an earlier build left there and nobody makes now goes."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = declared_tables() | rule_tables() | api_pages() | study_pages(root, folder)
    pages |= {"walk.md": walk_table(root), "results.md": result_table()}
    pages["notebooks.md"] = notebook_list(root / "notebooks")
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:  # what is unchanged is not read again
            path.write_text(text, encoding="utf-8")
    shutil.rmtree(folder / "notebooks", ignore_errors=True)
    copy_notebooks(root / "notebooks", folder / "notebooks")
