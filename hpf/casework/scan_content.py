"""What must not be in a scan: programs in a PDF, pictures too large to open, files cut off on their way.

Nothing is decoded here but the tables of a PDF, within bounds; a picture is measured by its own head.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from hpf.kernel import Refusal

MOST_PIXELS = 100_000_000
"""An A3 sheet at 600 dots an inch has 70 million."""

MOST_UNPACKED = 16 * 1024 * 1024
"""Bytes that the object tables of a PDF may unpack to, all together."""

_ACTIVE = {
    b"JavaScript": "程序（JavaScript）",
    b"JS": "程序（JavaScript）",
    b"Launch": "启动其他程序的动作",
    b"EmbeddedFile": "夹带的文件",
    b"EmbeddedFiles": "夹带的文件",
    b"RichMedia": "多媒体内容",
    b"XFA": "动态表单",
    b"SubmitForm": "自动发送数据的动作",
    b"ImportData": "自动读取数据的动作",
}
_NAME = re.compile(rb"/([^\x00-\x20/<>\[\](){}%]+)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_BEGINS, _ENDS = b"stream", b"endstream"
_TAIL = 2_048
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PNG_HEAD = 8


class CutOff(ValueError):
    """The content ends before its format says so, or is no such format behind its first bytes."""


def refusals(name: str, media_type: str, content: bytes) -> list[Refusal]:
    """All that speaks against a scan whose first bytes are right; ``where`` is ``scans``."""
    try:
        if media_type == "application/pdf":
            return list(_of_pdf(name, content))
        width, height = _png_size(content) if media_type == "image/png" else _jpeg_size(content)
    except CutOff:
        what = f"“{name}”不完整或已损坏"
        return [Refusal("SCAN-BROKEN", what, "文件在结束之前中断了", "请重新扫描后再上传", where="scans")]
    if 0 < width * height <= MOST_PIXELS:
        return []
    what, why = f"“{name}”的图像过大", f"宽{width:,}点、高{height:,}点，超过{MOST_PIXELS // 1_000_000:,}百万像素"
    return [Refusal("SCAN-PIXELS", what, why, "请用300dpi重新扫描", where="scans")]


def _of_pdf(name: str, content: bytes) -> Iterator[Refusal]:
    if b"%%EOF" not in content[-_TAIL:]:
        raise CutOff
    names = _names(content)
    if b"Encrypt" in names:
        what = f"“{name}”设有密码或加密"
        yield Refusal("SCAN-ENCRYPTED", what, "中心无法查看和检查", "请取消加密，或重新扫描后上传", where="scans")
    if found := list(dict.fromkeys(said for key, said in _ACTIVE.items() if key in names)):
        what, why = f"“{name}”含有不能接收的内容", f"文件中有{'、'.join(found)}"
        yield Refusal("SCAN-ACTIVE", what, why, "请把原件扫描成图片或普通的PDF再上传", where="scans")


def _names(content: bytes) -> set[bytes]:
    """The names in a PDF's objects, those in its packed object tables too. Raises ``CutOff`` for a broken table."""
    found: set[bytes] = set()
    last, left = 0, MOST_UNPACKED
    while (start := content.find(_BEGINS, last)) >= 0 and (end := content.find(_ENDS, start)) >= 0:
        head = _plain(content[last:start])
        found |= head
        if b"ObjStm" in head:
            table = _table(content[start + len(_BEGINS) : end].lstrip(b"\r\n"), head, left)
            left -= len(table)
            found |= _plain(table)
        last = end + len(_ENDS)
    return found | _plain(content[last:])


def _table(packed: bytes, head: set[bytes], most: int) -> bytes:
    """A table of objects as it reads. One that is packed in an unusual way is as good as broken."""
    ways = {name for name in head if name.endswith((b"Decode", b"Fl"))}
    if not ways:
        return packed
    if ways != {b"FlateDecode"}:
        raise CutOff
    return _unpacked(packed, most)


def _plain(text: bytes) -> set[bytes]:
    return {_ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name) for name in _NAME.findall(text)}


def _unpacked(packed: bytes, most: int) -> bytes:
    """What a table unpacks to, no more than ``most``; one that would be larger, or never ends, is refused."""
    unpacker = zlib.decompressobj()
    try:
        table = unpacker.decompress(packed, max(most, 1))
    except zlib.error:
        raise CutOff from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise CutOff
    return table


def _png_size(content: bytes) -> tuple[int, int]:
    """Width and height, once every chunk down to the last is there and whole."""
    at, size = _PNG_HEAD, (0, 0)
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
            raise CutOff
        if at == _PNG_HEAD:
            if kind != b"IHDR":
                raise CutOff
            size = int.from_bytes(content[at + 8 : at + 12]), int.from_bytes(content[at + 12 : at + 16])
        if kind == b"IEND":
            return size
        at = end
    raise CutOff


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height, once the frame, the picture's data and its end are there."""
    at, size = 2, (0, 0)
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == 0xFF:
            at += 1
            continue
        if marker in _FRAMES:
            size = int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        if marker == 0xDA:
            if content.find(b"\xff\xd9", at) < 0:
                raise CutOff
            return size
        at += 2 + length
    raise CutOff
