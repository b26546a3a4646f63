"""`make reproduce`: every result that the project's texts show, made anew; fails where one differs.

    python -m docs.reproduce [--update] [FILE.md ...]

Above a block, or in it, stands a comment. `<!-- reproduce: worths.support, - -->` names the result of each number in
order, `-` where a number is none (`-3`: three of them); above printed text or a picture it names that. What no quick
command gives says so: `<!-- not reproduced: REASON -->`. The names are those of docs/reproduce/facts.py.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.reproduce.blocks import Block, blocks_of
from docs.reproduce.comparison import Difference, compare, mend, unmarked
from docs.reproduce.facts import SOURCES
from docs.reproduce.results import ROOT, Source, run_sources


def texts(root: Path = ROOT) -> list[Path]:
    """The files whose results are held: README, the changelog and the pages of the documentation."""
    pages = (each for each in sorted((root / "docs").rglob("*.md")) if each.relative_to(root).parts[1][0] != "_")
    return [root / "README.md", root / "CHANGELOG.md", *pages]


def main(arguments: Sequence[str] | None = None, sources: Mapping[str, Source] = SOURCES, root: Path = ROOT) -> int:
    """Make and compare, and rewrite if asked to; the number that the process ends with."""
    parser = argparse.ArgumentParser(prog="make reproduce", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.md", help="by default all of the project's texts")
    parser.add_argument("--update", action="store_true", help="rewrite numbers, printed text and pictures that differ")
    given = parser.parse_args(arguments)
    paths = [path.resolve() for path in given.files] or texts(root)
    absent = [str(path) for path in paths if not path.is_file()]
    if absent:
        print(f"no file {', '.join(absent)}", file=sys.stderr)
        return 2
    blocks = {path: blocks_of(path, _shown(path, root)) for path in paths}
    wrong = [message for own in blocks.values() for block in own if (message := unmarked(block))]
    marked = {path: [block for block in own if block.named is not None] for path, own in blocks.items()}
    needed = {name.partition(".")[0] for own in marked.values() for block in own for name in block.names} - {"-"}
    with tempfile.TemporaryDirectory() as folder:
        results, failed = run_sources(sources, needed, Path(folder), lambda line: print(line, flush=True))
        wrong += failed
        for path, own in marked.items():
            differences = [each for block in own for each in compare(block, results, root)]
            mended = mend(path, differences) if given.update else []
            wrong += [each.message for each in differences if each not in mended]
            _say_mended(mended)
    _say_left_out([block for own in blocks.values() for block in own if block.reason])
    shown = sum(len([name for name in block.names if name != "-"]) for own in marked.values() for block in own)
    for message in wrong:
        print(message, file=sys.stderr)
    print(f"{shown} results in {len(paths)} files; {len(wrong) or 'none'} wrong")
    return 1 if wrong else 0


def _shown(path: Path, root: Path) -> Path:
    """A path as messages name it: from the project's folder if it lies there."""
    return path.relative_to(root) if path.is_relative_to(root) else path


def _say_mended(mended: list[Difference]) -> None:
    for each in mended:
        print(f"rewritten: {each.message}")


def _say_left_out(blocks: list[Block]) -> None:
    if blocks:
        print("\nNot made anew:")
    for block in blocks:
        print(f"  {block.where}: {block.reason}")


if __name__ == "__main__":
    sys.exit(main())
