"""Files that come with what is published: judged by their content before they are kept, whatever their name says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace

from hpf.casework import attachments, scan_content
from hpf.kernel import Refusal, Refused
from hpf.publications.rules import LARGEST_FILE, FileEntry, FileType

_MOST_PARTS = 2_000
_MAIN_PARTS = {"xl/workbook.xml": FileType.WORKBOOK, "word/document.xml": FileType.DOCUMENT}

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
    """Keep a file's content among the attachments. Raises ``Refused``: PUBLICATION-FILE-SIZE, PUBLICATION-FILE-TYPE."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_FILE:
            raise Refused(TOO_LARGE)
    media_type = _type_of(bytes(content))
    if media_type is None:
        raise Refused(NOT_OFFERED)
    if media_type is FileType.PDF and (found := scan_content.refusals(name, media_type.value, bytes(content))):
        raise Refused([replace(one, where="file") for one in found])
    written = attachments.write([bytes(content)])
    return FileEntry(attachments.shown_name(name), media_type.value, written.size, written.digest.hex())


def _type_of(content: bytes) -> FileType | None:
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {info.filename.lower() for info in package.infolist()}
    except zipfile.BadZipFile:
        return None
    if len(parts) > _MOST_PARTS or any(part.endswith("vbaproject.bin") for part in parts):
        return None
    return next((found for part, found in _MAIN_PARTS.items() if part in parts), None)
