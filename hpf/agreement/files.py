"""A center's text from a file: a Word document, Markdown or plain text, told apart by content."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hpf.agreement.recognition import Recognised, decoded, recognised
from hpf.kernel import Refusal, Refused
from hpf.papers.reading import read_document
from hpf.storage import antivirus

LARGEST_TEXT = 2 * 1024 * 1024
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"

UNREADABLE = Refusal(
    "AGREEMENT-FILE",
    "不能读取这个文件",
    "文件不是Word文档（.docx）、Markdown或纯文本，或编码不是UTF-8、GB18030",
    "请用Word或WPS打开，“另存为”Word文档（*.docx）或纯文本（*.txt）后重试",
    where="file",
)
TOO_LARGE = Refusal("AGREEMENT-FILE-LARGE", "文件过大", "文本文件不能超过2MB", "请核对所选的文件", where="file")


def read_text_file(path: Path) -> Recognised:
    """The text of a file as Markdown, and what was understood of it.

    Raises ``Refused``: AGREEMENT-FILE, AGREEMENT-FILE-LARGE, and of a Word document one of ``FILE_CODES``.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((_ZIP, _OLE)):
        return _of_word(path)
    if path.stat().st_size > LARGEST_TEXT:
        raise Refused(TOO_LARGE)
    try:
        text = decoded(path.read_bytes())
    except UnicodeDecodeError:
        raise Refused(UNREADABLE) from None
    if "\0" in text:
        raise Refused(UNREADABLE)
    return recognised(text)


def read_upload(chunks: Iterable[bytes]) -> Recognised:
    """The text of an uploaded file, which is kept nowhere. Raises as `read_text_file` does, and FILE-INFECTED."""
    with tempfile.NamedTemporaryFile(suffix=".text") as file:
        try:
            file.writelines(antivirus.checked(chunks))
            file.flush()
            return read_text_file(Path(file.name))
        except Refused as refused:
            raise Refused(replace(one, where="file") for one in refused.refusals) from None


def _of_word(path: Path) -> Recognised:
    document = read_document(path)
    found = recognised("\n".join(document.paragraphs), wrapped=False)
    if not document.tables:
        return found
    return replace(found, notes=(*found.notes, f"略去表格 {document.tables:,} 个：协议正文不含表格。"))
