"""A text document of unknown origin, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hpf.kernel import Refused
from hpf.papers.reading.limits import Limits
from hpf.papers.reading.process import reader
from hpf.papers.reading.refusals import of_document

_MIB = 1024 * 1024
_DEFAULT = Limits(file_bytes=5 * _MIB, entries=500, unpacked_bytes=64 * _MIB, memory_bytes=512 * _MIB, seconds=10)
_HANDED_ON = replace(_DEFAULT, file_bytes=10 * _MIB)


@dataclass(frozen=True, slots=True)
class Document:
    """A document's paragraphs, with the numbers that Word shows before them; how many tables were left aside."""

    paragraphs: tuple[str, ...]
    tables: int


def read_document(path: Path, *, limits: Limits = _DEFAULT) -> Document:
    """Read a Word document (.docx) without password, macros, embedded files and document types.

    Raises ``Refused`` with one of ``FILE_CODES``.
    """
    try:
        with reader("document", path, limits) as messages:
            said = next(messages)
    except Refused as refused:
        raise of_document(refused) from refused
    return Document(tuple(said["paragraphs"]), said["tables"])


def judge_package(path: Path, kind: Literal["workbook", "document"], *, limits: Limits = _HANDED_ON) -> None:
    """Judge a workbook or document that is handed on and not read: every part of it, no macros, nothing embedded.

    Raises ``Refused`` with one of ``FILE_CODES``.
    """
    with reader(f"judge-{kind}", path, limits) as messages:
        next(messages, None)
