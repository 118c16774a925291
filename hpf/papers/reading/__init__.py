"""Workbooks and documents from outside, read where they can do no harm: in a child with little memory and time.

``with read_workbook(path) as sheet: for row in sheet: ...`` and ``read_document(path)`` are the whole use. A file that
cannot be read raises ``Refused`` with one of ``FILE_CODES``; nothing that a file contains can end or block the calling
process.
"""

from hpf.papers.reading.limits import Limits
from hpf.papers.reading.refusals import FILE_CODES
from hpf.papers.reading.sheet import Cell, Formula, Row, Sheet, column_letters
from hpf.papers.reading.texts import Document, judge_package, read_document
from hpf.papers.reading.workbook import read_workbook

__all__ = [
    "FILE_CODES",
    "Cell",
    "Document",
    "Formula",
    "Limits",
    "Row",
    "Sheet",
    "column_letters",
    "judge_package",
    "read_document",
    "read_workbook",
]
