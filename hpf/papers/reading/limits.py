"""How much of everything an uploaded workbook may claim."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one workbook. A roster of 100,000 people needs about a third of each.

    ``file_bytes`` the upload itself; ``entries`` parts in the package; ``unpacked_bytes`` all parts together;
    ``ratio`` unpacked to packed, asked of parts over 10 MiB (ordinary sheets stay under 40, deflate ends at 1032);
    ``rows`` rows with content; ``columns`` the last column used; ``text_chars`` what is kept of one cell's text, so
    that one long text used a million times stays small; ``text_bytes`` what the texts of all cells may take together,
    each counted as often as it is used; ``memory_bytes`` and ``seconds`` what the child process gets.
    """

    file_bytes: int = 30 * _MIB
    entries: int = 1_000
    unpacked_bytes: int = 256 * _MIB
    ratio: int = 100
    rows: int = 100_020
    columns: int = 256
    text_chars: int = 1_000
    text_bytes: int = 128 * _MIB
    memory_bytes: int = 1_024 * _MIB
    seconds: float = 20
