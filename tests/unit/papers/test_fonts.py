"""Rare names come out as real glyphs, from our own fonts and no others."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from hpf.papers.glyphs import clean, has_glyph, printable
from hpf.papers.notices_and_receipts import payment_notice, remittance_receipt
from hpf.papers.rosters import remittance_roster
from hpf.papers.slips import initial_password_letter
from hpf.papers.statements import member_statement
from tests.unit.papers.specimens import (
    LETTER,
    NOTICE,
    RARE_NAMES,
    RECEIPT,
    STATEMENT,
    pages,
    roster,
    text,
)

GB18030_2022 = {
    "basic and its additions": (0x4E00, 0x9FEF),
    "extension A": (0x3400, 0x4DB5),
    "extension B": (0x20000, 0x2A6D6),
    "extension C": (0x2A700, 0x2B734),
    "extension D": (0x2B740, 0x2B81D),
    "extension E": (0x2B820, 0x2CEA1),
    "extension F": (0x2CEB0, 0x2EBE0),
}


@pytest.mark.parametrize("block", GB18030_2022)
def test_every_han_character_of_gb18030_has_a_glyph(block: str) -> None:
    first, last = GB18030_2022[block]
    assert [hex(point) for point in range(first, last + 1) if not has_glyph(chr(point))] == []


@pytest.mark.parametrize("name", RARE_NAMES)
def test_a_rare_name_stands_on_the_list_as_written(name: str) -> None:
    assert name in text(remittance_roster(roster(1, (name,))))


def test_a_rare_name_is_drawn_by_the_font_that_has_it() -> None:
    names = {font["/BaseFont"].split("+")[1] for font in fonts(member_statement(STATEMENT))}
    assert names == {"NotoSansSC-Regular", "HallRareHan"}


def test_a_rare_character_has_an_outline_of_its_own() -> None:
    """Two rare names give two different sets of glyph shapes: none of them is the empty box."""
    shapes = [rare_outlines(member_statement(replace(STATEMENT, member_name=name))) for name in ("𠮷", "𪚥")]
    assert all(len(shape) > 200 for shape in shapes)
    assert shapes[0] != shapes[1]


def test_a_character_beyond_all_fonts_is_printed_as_its_code_point() -> None:
    beyond = "\U00031350"
    assert not has_glyph(beyond)
    assert printable(f"王{beyond}") == "王〔U+31350〕"
    assert "王〔U+31350〕" in text(member_statement(replace(STATEMENT, member_name=f"王{beyond}")))


def test_half_a_surrogate_and_a_private_character_do_not_stop_a_paper() -> None:
    printed = text(member_statement(replace(STATEMENT, member_name="王\ud800\ue123")))
    assert "王〔U+D800〕〔U+E123〕" in printed


def test_control_characters_leave_no_trace() -> None:
    assert clean("王\u200b小\t明\x00\n\u202e") == "王小明"
    assert "王小明" in text(member_statement(replace(STATEMENT, member_name="王\u200b小\x07明")))


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(lambda: payment_notice(NOTICE), id="notice"),
        pytest.param(lambda: remittance_receipt(RECEIPT), id="receipt"),
        pytest.param(lambda: remittance_roster(roster(45, RARE_NAMES)), id="roster"),
        pytest.param(lambda: initial_password_letter(LETTER), id="letter"),
        pytest.param(lambda: member_statement(STATEMENT), id="statement"),
    ],
)
def test_a_paper_carries_its_fonts_and_says_that_it_is_pdf_a(paper: Any) -> None:
    printed = paper()
    descriptors = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts(printed)]
    assert descriptors
    assert all("/FontFile2" in descriptor for descriptor in descriptors)
    assert all("/ToUnicode" in font for font in fonts(printed))
    metadata = PdfReader(BytesIO(printed)).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in metadata


def test_a_name_too_long_for_its_column_stays_on_its_line() -> None:
    """The page takes as many people as ever, whatever their names."""
    long_names = ("阿卜杜热合曼·阿卜杜拉·吐尔逊江·买买提明", "JOHN MAXIMILIAN FITZGERALD-SMITH THE THIRD OF SOMEWHERE")
    assert len(pages(remittance_roster(roster(79, long_names)))) == len(pages(remittance_roster(roster(79))))


def fonts(paper: bytes) -> list[Any]:
    return [
        font.get_object() for page in PdfReader(BytesIO(paper)).pages for font in page["/Resources"]["/Font"].values()
    ]


def rare_outlines(paper: bytes) -> bytes:
    (font,) = (font for font in fonts(paper) if font["/BaseFont"].endswith("HallRareHan"))
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    return bytes(descriptor["/FontFile2"].get_data())
