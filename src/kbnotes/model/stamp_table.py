"""The stamps of many files, in arrays: 50 bytes a file and its name, where a dictionary takes 600."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from kbnotes.model.entry import Stamp

Row = tuple[int, int, int]  # what a Stamp holds, and equal to it


class StampTable(Mapping[str, Stamp]):
    """File name -> stamp, in the order of the names."""

    __slots__ = ("inodes", "mtimes", "names", "sizes")

    def __init__(
        self, names: Sequence[str], mtimes: Sequence[int], sizes: Sequence[int], inodes: Sequence[int]
    ) -> None:
        self.names = names  # ascending
        self.mtimes = mtimes  # nanoseconds; -1: unknown
        self.sizes = sizes
        self.inodes = inodes

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __getitem__(self, name: str) -> Stamp:
        at = bisect_left(self.names, name)
        if at == len(self.names) or self.names[at] != name:
            raise KeyError(name)
        return Stamp(self.mtimes[at], self.sizes[at], self.inodes[at])

    def is_same(self, other: StampTable) -> bool:
        """Tell whether both have the same files with the same stamps."""
        return (
            self.mtimes == other.mtimes
            and self.inodes == other.inodes
            and self.sizes == other.sizes
            and self.names == other.names
        )

    def rows(self) -> dict[str, Row]:
        """Return the same as a dictionary of plain tuples, for those who look at each."""
        return dict(zip(self.names, zip(self.mtimes, self.sizes, self.inodes, strict=True), strict=True))
