"""What is in a scan, beyond its first bytes."""

from __future__ import annotations

import random
import zlib
from typing import Any

import pytest

from hpf.casework.pdf_dictionaries import MOST_TURNS, CutOff, Dictionaries
from hpf.casework.scan_content import MOST_UNPACKED, refusals
from tests.scans import jpeg, packed, pdf, png

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"


def codes(media_type: str, content: bytes) -> list[str]:
    return [one.code for one in refusals("介绍信", media_type, content)]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PDF, pdf()),
        (PDF, pdf(packed(b"5 0 << /Type /Page >>"), packed(b"5 0 << /Type /Page >>", b""))),
        (PDF, pdf(b"<< /Length 20 >>\nstream\n" + b"/JS (x)\n\xff stream of % bytes\n" + b"endstream")),
        (PDF, pdf(b"<< /Type /XRef /DecodeParms << /Predictor 12 >> /ID [<00><00>] >>\nstream\nx\nendstream")),
        (
            PDF,
            pdf(b"<< /ID [(a\\)%(<<) obj) <00>] /LastModified (D:2026) /Length 9 >>\nstream\n/EF /AF [] \nendstream"),
        ),
        (PDF, pdf(packed(b"5 0 << /Type /Page >>", b"/Filter /FlateDecode /X (a picture >>)"))),
        (PDF, pdf(b"<< /Length 3000000 >>\nstream\n" + random.Random(7).randbytes(3_000_000) + b"\nendstream")),
        (PNG, png()),
        (JPEG, jpeg(4_960, 7_016)),
    ],
)
def test_what_a_scanner_makes_is_taken(media_type: str, content: bytes) -> None:
    assert codes(media_type, content) == []


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        (b"<< /S /JavaScript /JS (app.alert(1)) >>", "JavaScript"),
        (b"<< /S /J#61vaScript /J#53 (app.alert(1)) >>", "JavaScript"),
        (packed(b"5 0 << /S/JavaScript/JS(app.alert(1)) >>"), "JavaScript"),
        (packed(b"5 0 << /S/JavaScript/JS(app.alert(1)) >>", b""), "JavaScript"),
        (b"<< /S /Launch /F (cmd.exe) >>", "启动其他程序"),
        (b"<< /Names << /EmbeddedFiles 7 0 R >> >>", "夹带的文件"),
        (b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream", "夹带的文件"),
        (b"<< /Subtype /FileAttachment /FS << /F (x.exe) /EF << /F 7 0 R >> >> >>", "夹带的文件"),
        (b"<< /F (x.exe) /EF << /F 7 0 R >> >>", "夹带的文件"),
        (b"<< /F (x.exe) /E#46%\n7%x\n0 R >>", "夹带的文件"),
        (b"<< /Type /Page /AF [ 7 0 R ] >>", "夹带的文件"),
        (packed(b"5 0 << /AF 7 0 R >>"), "夹带的文件"),
        (packed(b"5 0 << /S/Launch >>", b"/X (%) /Filter /FlateDecode /Y (obj << \\( )"), "启动其他程序"),
        (b"<< /S /SubmitForm >>", "自动发送数据"),
        (b"%stream\n<< /OpenAction << /S /JavaScript /JS (x) >> >>", "JavaScript"),  # what calls itself a picture
        (b"<< /Length 9 >>\nstream\n4 0 obj << /S /JavaScript >> endobj\nendstream", "JavaScript"),
        (b"<< /Length 9 >>stream\rx\nendstream 8 0 obj" + packed(b"5 0 << /S/JavaScript >>"), "JavaScript"),
        (packed(b"5 0 << /S/Launch >>", b"/Filter [ /FlateDecode ]").replace(b"ObjStm", b"X /First 4"), "启动其他程序"),
    ],
)
def test_a_paper_with_a_program_or_a_file_in_it_is_refused_and_says_which(objects: bytes, said: str) -> None:
    (refusal,) = refusals("介绍信", PDF, pdf(objects))
    assert refusal.code == "SCAN-ACTIVE"
    assert said in refusal.why
    assert refusal.where == "scans"


def test_a_paper_that_nobody_can_open_is_refused() -> None:
    assert codes(PDF, pdf(trailer=b"/Root 1 0 R /Encrypt 5 0 R")) == ["SCAN-ENCRYPTED"]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PDF, pdf()[:-20]),
        (PDF, b"%PDF-1.7"),
        (PDF, pdf(packed(b"x", b"/Filter /LZWDecode"))),
        (PDF, pdf(packed(bytes(MOST_UNPACKED + 1)))),  # a table that grows and grows
        (PDF, pdf(packed(b"x", b"/Filter 9 0 R"))),
        (PDF, pdf(packed(b"x", b"/F#69lter 9 0 R"))),
        (PDF, pdf(packed(b"x", b"/Filter /FlateDecode /Filter 9 0 R"))),
        (PDF, pdf(packed(b"x", b"/Filter [/FlateDecode /FlateDecode]"))),
        (PDF, pdf(packed(b"x", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"))),
        (PDF, pdf(packed(b"x", b"/Filter /LZWDecode % 9 0 obj <<\n"))),
        (PDF, pdf(packed(b"x", b"/Filter /LZWDecode /X (9 0 obj <<)"))),
        (PDF, pdf(packed(b"x", b"/Filter /LZWDecode /X ( stream\n9 0 obj << % )\n"))),  # a harmless head in a text
        (PDF, pdf(packed(b"x", b"/X ( stream\n9 0 obj << % ) /Filter /LZWDecode\n"))),
        (PDF, pdf(b"<< /EF" + b"%\n" * 65 + b"<< >> >>")),
        (PDF, pdf(packed(b"x").replace(b">>\nstream", b">> % nothing\nstream"))),
        (PDF, pdf(packed(b"x").replace(b"stream\n", b"stream \n", 1))),
        (PNG, png()[:-1]),
        (PNG, png()[:-12]),
        (PNG, png().replace(b"IHDR", b"IDAT", 1)),
        (PNG, png()[:40] + b"\0" + png()[41:]),
        (PNG, b"\x89PNG\r\n\x1a\n" + bytes(64)),
        (JPEG, jpeg()[:-2]),
        (JPEG, jpeg()[:14]),
        (JPEG, b"\xff\xd8\xffMZ" + bytes(64)),
    ],
)
def test_a_file_that_is_cut_off_or_only_begins_like_a_scan_is_refused(media_type: str, content: bytes) -> None:
    assert codes(media_type, content) == ["SCAN-BROKEN"]


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (PNG, png(200_000, 200_000, zlib.compress(bytes(1_000)))),  # a few bytes that want 40 GB
        (PNG, png(0, 8, b"x")),
        (JPEG, jpeg(65_500, 65_500)),
    ],
)
def test_a_picture_too_large_to_open_is_refused_by_its_head(media_type: str, content: bytes) -> None:
    assert codes(media_type, content) == ["SCAN-PIXELS"]


_MANY_TABLES = b"7 0 obj " + packed(b"5 0 << >>" + bytes(9)) + b" endobj\n" + b" " * 200


@pytest.mark.parametrize(
    "filler",
    [b"stream\n", b"/", b"/J#", b"<< /ObjStm >> stream\n", b"endstream", b"\xff\xd8\xff\xe0\0\x02", _MANY_TABLES],
)
def test_of_ten_megabytes_of_anything_each_byte_is_read_a_few_times(filler: bytes) -> None:
    content = Read(b"%PDF-1.7\n" + filler * (10_000_000 // len(filler)) + b"%%EOF")
    for media_type in (PDF, PNG, JPEG):
        codes(media_type, content)
    assert content.count_read < 20 * len(content)


class Read(bytes):
    """A content that counts the bytes that are taken out of it or looked through."""

    count_read = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self.count_read += len(found) if isinstance(found, bytes) else 1
        return found

    def find(self, sub: Any, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        end = len(self) if end is None else end
        found = super().find(sub, start, end)
        self.count_read += (found if found >= 0 else end) - start
        return found

    def rfind(self, sub: Any, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        end = len(self) if end is None else end
        found = super().rfind(sub, start, end)
        self.count_read += end - max(found, start)
        return found


@pytest.mark.parametrize("filler", [b"<<(", b"<<%", b"<<", b"<< /X (<<) >>", b"<<<a"])
def test_dictionaries_in_dictionaries_are_read_in_bounded_work_or_not_at_all(filler: bytes) -> None:
    content = filler * 100_000
    try:
        read = Dictionaries(content)
    except CutOff:
        return
    assert read.work <= MOST_TURNS * len(content)


def test_noise_is_refused_and_never_breaks_the_reader() -> None:
    noise = random.Random(61)
    for _ in range(300):
        content = bytearray(noise.choice([pdf(packed(b"5 0 << >>")), png(), jpeg()]))
        for _ in range(noise.randint(1, 8)):
            content[noise.randrange(len(content))] = noise.randrange(256)
        for media_type in (PDF, PNG, JPEG):
            codes(media_type, bytes(content))
