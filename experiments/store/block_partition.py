"""How a table of worlds is cut into blocks: whole rows with all replicates, or a slice of one row's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """Rows `rows` and replicates `replicates` of a design; the work, and the chunk, of one task."""

    number: int
    rows: slice
    replicates: slice

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of replicates."""
        return self.rows.stop - self.rows.start, self.replicates.stop - self.replicates.start

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return self.shape[0] * self.shape[1]


@dataclass(frozen=True)
class Blocks:
    """A cut of `rows` × `replicates` worlds into equal blocks; the last of each direction may be smaller."""

    rows: int
    replicates: int
    block_rows: int
    block_replicates: int

    def __len__(self) -> int:
        return _parts(self.rows, self.block_rows) * _parts(self.replicates, self.block_replicates)

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return self.rows * self.replicates

    def position(self, number: int) -> tuple[int, int]:
        """Where the block stands among the chunks: along the rows, along the replicates."""
        if not 0 <= number < len(self):
            raise IndexError(f"block {number} of {len(self)}")
        return divmod(number, _parts(self.replicates, self.block_replicates))

    def name(self, number: int) -> str:
        """The block by its place among the chunks, which stays when replicates are added: 3.0."""
        return ".".join(map(str, self.position(number)))

    def number(self, name: str) -> int | None:
        """The number of the block with this name; None when there is none."""
        down, _, across = name.partition(".")
        if not (down.isdigit() and across.isdigit()):
            return None
        number = self.at(int(down), int(across))
        return number if number < len(self) and self.name(number) == name else None

    def at(self, down: int, across: int) -> int:
        """The number of the block that stands there among the chunks."""
        return down * _parts(self.replicates, self.block_replicates) + across

    def __getitem__(self, number: int) -> Block:
        down, across = self.position(number)
        rows = slice(down * self.block_rows, min((down + 1) * self.block_rows, self.rows))
        first = across * self.block_replicates
        return Block(number, rows, slice(first, min(first + self.block_replicates, self.replicates)))


OUTCOMES_BLOCK, MONTHS_BLOCK = 8192, 4096
"""Most worlds of a block unless told: what fits the processor's cache; fewer where months are kept, for memory."""


def cut(rows: int, replicates: int, block_worlds: int, whole_rows: bool = False, processes: int = 1) -> Blocks:
    """Blocks of at most `block_worlds` worlds, as equal as can be: whole rows, or a slice of one row's replicates.

    `whole_rows` keeps all replicates of a row together, however many, as a quantile over them needs. So many
    `processes` get an equal number of blocks, as far as there are rows and replicates to share out.
    """
    fitting = block_worlds // replicates
    count = _parts(rows, max(1, fitting)) * (1 if fitting or whole_rows else _parts(replicates, block_worlds))
    count = _parts(count, processes) * processes
    if count <= rows or whole_rows:
        return Blocks(rows, replicates, _parts(rows, min(count, rows)), replicates)
    return Blocks(rows, replicates, 1, _parts(replicates, min(_parts(count, rows), replicates)))


def _parts(whole: int, size: int) -> int:
    """How many parts of a size a whole has, the last of which may be smaller."""
    return -(-whole // size)
