"""The notebooks, copied where Sphinx reads them, and the studies, run on small worlds for their pictures."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from docs.generate.markdown import cell
from experiments.studies import STUDIES


def copy_notebooks(source: Path, target: Path) -> None:
    """Copy every notebook, and the pictures that they show."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.ipynb")):
        shutil.copy(path, target / path.name)
    if (source / "figures").is_dir():
        shutil.copytree(source / "figures", target / "figures")


def notebook_list(source: Path) -> str:
    """Title and opening paragraph of every notebook, each title a link; raises ValueError where there is no title."""
    return "\n".join(_entry(path) for path in sorted(source.glob("*.ipynb")))


def _entry(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    words = "\n\n".join("".join(each["source"]) for each in cells if each["cell_type"] == "markdown")
    opening = re.match(r"# ([^\n]+)\n+([^#\n].*?)(?:\n\n|$)", words, re.S)
    if not opening:
        raise ValueError(f"{path.name} does not begin with a title and a paragraph")
    return f"**[{opening[1]}](_generated/notebooks/{path.name})**\n\n{opening[2]}\n"


def study_pages(root: Path, folder: Path) -> dict[str, str]:
    """One text about all studies: question, what came out on small worlds, picture, script."""
    parts = []
    for name in STUDIES:
        path = root / "experiments" / "studies" / f"{name}.py"
        said, drawn = _run(root, folder / "studies", name, path)
        question = path.read_text(encoding="utf-8").split('"""')[1].strip()
        pictures = "\n".join(f"![{question}](studies/{each.name})" for each in drawn)
        script = f"```{{literalinclude}} ../experiments/studies/{name}.py\n:language: python\n:class: study\n```"
        parts += [
            f"## {question}\n\n`subsoil study {name}`; below on few worlds, with `--small`.\n\n{pictures}\n",
            f"> {cell(said)}\n\n:::{{admonition}} The script\n:class: dropdown\n{script}\n:::\n",
        ]
    return {"studies.md": "\n".join(parts)}


def _run(root: Path, folder: Path, name: str, path: Path) -> tuple[str, list[Path]]:
    """What a small study prints, and its pictures; kept while neither the script nor the packages change."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{name}.txt"
    newest = max(
        each.stat().st_mtime for package in ("model", "experiments") for each in (root / package).rglob("*.py")
    )
    if not kept.is_file() or kept.stat().st_mtime < newest:
        shutil.rmtree(folder / f"{name}.zarr", ignore_errors=True)
        call = [sys.executable, "-m", f"experiments.studies.{name}", "--small", "--out", str(folder)]
        environment = os.environ | {"PYTHONPATH": str(root), "MPLBACKEND": "Agg"}
        done = subprocess.run(call, cwd=root, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{path.relative_to(root)}: {done.stderr}")
        kept.write_text(done.stdout.strip(), encoding="utf-8")
    return kept.read_text(encoding="utf-8"), sorted(folder.glob(f"{name}*.png"))
