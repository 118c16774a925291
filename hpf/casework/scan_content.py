"""What must not be in a scan: programs in a PDF, pictures too large to open, files cut off on their way.

Nothing is decoded here but the tables of a PDF, within bounds; a picture is measured by its own head. What cannot be
judged is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from hpf.casework.pdf_dictionaries import CutOff, Dictionaries, attaches
from hpf.kernel import Refusal

MOST_PIXELS = 100_000_000
"""An A3 sheet at 600 dots an inch has 70 million."""

MOST_UNPACKED = 16 * 1024 * 1024
"""Bytes that the object tables of a PDF may unpack to, all together."""

_ACTIVE = {
    b"JavaScript": "程序（JavaScript）",
    b"Launch": "启动其他程序的动作",
    b"EmbeddedFile": "夹带的文件",
    b"EmbeddedFiles": "夹带的文件",
    b"FileAttachment": "夹带的文件",
    b"Filespec": "夹带的文件",
    b"GoToE": "夹带的文件",
    b"RichMedia": "多媒体内容",
    b"Rendition": "多媒体内容",
    b"XFA": "动态表单",
    b"SubmitForm": "自动发送数据的动作",
    b"ImportData": "自动读取数据的动作",
}
_TOLD = frozenset({*_ACTIVE, b"Encrypt"})
_NAME = re.compile(rb"/([^\x00-\x20/<>\[\](){}%]+)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<=[\x00-\x20>\])}])stream(?=[\x00-\x20/<>\[\](){}%])")
_PACKED = re.compile(
    rb"/Filter[\x00-\x20]*(?:/FlateDecode(?=[\x00-\x20/<>\[\](){}%])|\[[\x00-\x20]*/FlateDecode[\x00-\x20]*\])"
)
_UNUSUAL = frozenset({b"DecodeParms", b"DP", b"F", b"FFilter", b"FDecodeParms"})
_BLANK = bytes(range(33))
_LONGEST_GAP, _MOST_STREAMS = 64 * 1024, 50_000
_PIECE_BYTES = 2 * 1024
_TAIL = 2_048
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PNG_HEAD = 8


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
    """The names anywhere in a PDF, those in its packed object tables too. Raises ``CutOff`` for what cannot be judged.

    Nothing is passed over: a program may lie in what calls itself a comment or a picture. A name of six letters does
    not turn up in a picture by chance.
    """
    found, left, last, dictionaries = _plain(content), MOST_UNPACKED, 0, Dictionaries(content)
    for number, stream in enumerate(_STREAM.finditer(content)):
        if number > _MOST_STREAMS:
            raise CutOff
        heads = _heads(content, max(last, stream.start() - _LONGEST_GAP), stream.start(), dictionaries)
        last = stream.end()
        packed = [_is_packed_table(head) for head in heads]  # each is judged, whichever a reader takes
        if any(packed):
            table = _unpacked(content, _body(content, last), left)
            left -= len(table)
            found |= _plain(table)
    return found


def _heads(content: bytes, start: int, end: int, dictionaries: Dictionaries) -> list[bytes]:
    """The dictionary before the word ``stream``, none where it is but a word; each, where it can be read as several.

    Between it and the word stands nothing, no comment either.
    """
    closed = content.rfind(b">>", start, end)
    if closed < 0:
        if end - start == _LONGEST_GAP and not content[start:end].strip(_BLANK):
            raise CutOff
        return []
    after = content[closed + 2 : end]
    if after.strip(_BLANK):
        if b"%" in after:
            raise CutOff
        return []
    heads = dictionaries.ending_at(closed + 2)
    if not heads:
        raise CutOff
    return heads


def _is_packed_table(head: bytes) -> bool:
    """Whether a stream is a table of objects that has to be unpacked. One packed in an unusual way cannot be judged."""
    keys = [_unescaped(name) for name in _NAME.findall(head)]
    if b"ObjStm" not in keys and not {b"First", b"N"} <= set(keys):
        return False
    if b"Filter" not in keys and _UNUSUAL.isdisjoint(keys):
        return False  # it lies open, and has been read
    ways = [name for name in keys if name.endswith(b"Decode")]
    if keys.count(b"Filter") != 1 or ways != [b"FlateDecode"] or not _PACKED.search(head) or _UNUSUAL & set(keys):
        raise CutOff
    return True


def _body(content: bytes, start: int) -> int:
    """Where the stream begins: after the word ``stream`` and the end of its line."""
    for line_end in (b"\r\n", b"\n"):
        if content.startswith(line_end, start):
            return start + len(line_end)
    raise CutOff


def _plain(text: bytes) -> set[bytes]:
    """Those of the names that matter. One at a time: a file may be nothing but names."""
    found = {name for match in _NAME.finditer(text) if (name := _unescaped(match[1])) in _TOLD}
    return found | {b"EmbeddedFiles"} if attaches(text) else found


def _unescaped(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name


def _unpacked(content: bytes, start: int, most: int) -> bytes:
    """What a table unpacks to, no more than ``most``; one that would be larger, or never ends, is refused.

    Fed in pieces: what follows the table is not looked at, however many tables there are.
    """
    unpacker, table = zlib.decompressobj(), bytearray()
    try:
        while not unpacker.eof:
            piece = content[start : start + _PIECE_BYTES]
            table += unpacker.decompress(piece, max(most - len(table), 1))
            if not piece or unpacker.unconsumed_tail:
                raise CutOff
            start += len(piece)
    except zlib.error:
        raise CutOff from None
    return bytes(table)


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
