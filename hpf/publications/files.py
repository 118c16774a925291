"""Files that come with what is published: judged by their content before they are kept, whatever their name says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Literal

from hpf.casework import attachments, scan_content
from hpf.kernel import Refusal, Refused
from hpf.papers.reading import judge_package
from hpf.publications.rules import LARGEST_FILE, FileEntry, FileType

_ZIP = b"PK\x03\x04"
_PACKAGES: dict[FileType, Literal["workbook", "document"]] = {
    FileType.WORKBOOK: "workbook",
    FileType.DOCUMENT: "document",
}
_ANOTHER = frozenset({"FILE-NOT-WORKBOOK", "FILE-NOT-DOCUMENT"})
_ENDINGS = {FileType.PDF: ".pdf", FileType.WORKBOOK: ".xlsx", FileType.DOCUMENT: ".docx"}

TOO_LARGE = Refusal(
    "PUBLICATION-FILE-SIZE",
    f"附件超过{LARGEST_FILE // 1024 // 1024} MB",
    "供下载的文件须便于在手机上打开",
    "请压缩图片或拆分后再上传",
    where="file",
)
NOT_OFFERED = Refusal(
    "PUBLICATION-FILE-TYPE",
    "附件不是可以发布的文件",
    "只发布PDF、Excel（.xlsx）和Word（.docx），按内容判断；带宏的不发布",
    "请另存为这几种格式后再上传",
    where="file",
)


def take_in(chunks: Iterable[bytes], name: str) -> FileEntry:
    """Keep a file's content among the attachments. Raises ``Refused``: PUBLICATION-FILE-SIZE, PUBLICATION-FILE-TYPE.

    What is in it is judged, whatever its name says; the name's ending becomes that of its type.
    """
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_FILE:
            raise Refused(TOO_LARGE)
    media_type = _judged(name, bytes(content))
    written = attachments.write([bytes(content)])
    return FileEntry(_named(name, media_type), media_type.value, written.size, written.digest.hex())


def _judged(name: str, content: bytes) -> FileType:
    """What a file is, once nothing in it speaks against handing it on."""
    if content.startswith(b"%PDF-"):
        if found := scan_content.refusals(name, FileType.PDF.value, content):
            raise Refused([replace(one, where="file") for one in found])
        return FileType.PDF
    if not content.startswith(_ZIP):
        raise Refused(NOT_OFFERED)
    with tempfile.NamedTemporaryFile(suffix=".judged") as file:
        file.write(content)
        file.flush()
        return _of_package(Path(file.name))


def _of_package(path: Path) -> FileType:
    """Workbook or document, judged part by part in a process of its own."""
    for media_type, kind in _PACKAGES.items():
        try:
            judge_package(path, kind)
        except Refused as refused:
            if _ANOTHER.isdisjoint(one.code for one in refused.refusals):
                why = "；".join(one.what for one in refused.refusals)
                raise Refused(replace(NOT_OFFERED, why=f"{NOT_OFFERED.why}。{why}")) from refused
        else:
            return media_type
    raise Refused(NOT_OFFERED)


def _named(name: str, media_type: FileType) -> str:
    """The name under which a file is handed on: its ending says what it is, whatever it was sent as."""
    shown, ending = attachments.shown_name(name), _ENDINGS[media_type]
    if shown.lower().endswith(ending):
        return shown
    return attachments.shown_name(f"{PurePath(shown).stem[:100]}{ending}")
