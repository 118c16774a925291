"""A center's own text, from whatever program it comes, becomes chapters and clauses."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpf.agreement.files import read_text_file, read_upload
from hpf.agreement.queries import demonstration_text
from hpf.agreement.recognition import recognised, structure
from hpf.kernel import Refused
from hpf.kernel.wording import wording
from hpf.registry.codes import AgreementDocument
from tests.unit.agreement import word
from tests.unit.agreement.broken_text import HEAD, MARKDOWN, as_a_pdf_gives_it
from tests.unit.reading import zoo


def test_a_text_broken_into_lines_by_a_pdf_is_whole_again() -> None:
    found = recognised(as_a_pdf_gives_it())
    assert found.text == MARKDOWN
    assert any("略去页码和页眉 3 行" in note for note in found.notes)
    assert any("略去文后附件表格 3 行" in note for note in found.notes)


@pytest.mark.parametrize("margin", [22, 26, 34])
def test_wherever_the_margin_stood(margin: int) -> None:
    assert recognised(as_a_pdf_gives_it(margin)).text == MARKDOWN


def test_what_was_understood_is_told() -> None:
    assert list(structure(MARKDOWN))[:3] == [
        f"标题　{HEAD}单位网上业务大厅服务协议",
        "【导言】　1 条",
        "一、【协议的范围】　2 条",
    ]


def test_a_line_is_a_paragraph_where_lines_end_as_sentences_do() -> None:
    second = "这是第一条的第二段，写得长一些，长到一行之外也没有关系，因为它自己成段。"
    text = f"服务协议\n一、范围\n1.1 第一条很短。\n{second}\n1.2 第二条。"
    assert wording(recognised(text).text).chapters[0].clauses == (
        "1.1 第一条很短。",
        second,
        "1.2 第二条。",
    )


def test_articles_are_clauses_of_their_own_through_all_chapters() -> None:
    text = "服务协议\n第一章 用户\n第 一 条 用户不得：\n（一）出借账号；\n第二章 中心\n第二条：中心应当：\n（一）答复。"
    assert recognised(text).text.split("\n\n")[1:] == [
        "## 第一章 用户",
        "第一条 用户不得：",
        "（一）出借账号；",
        "## 第二章 中心",
        "第二条 中心应当：",
        "（一）答复。\n",
    ]


def test_markdown_is_taken_as_it_is() -> None:
    for document in AgreementDocument:
        text = demonstration_text(document)
        assert recognised(text).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "协议.txt"
    file.write_bytes(as_a_pdf_gives_it().encode(encoding))
    assert read_text_file(file).text == MARKDOWN


BODY = (
    word.paragraph("示范中心服务协议")
    + word.paragraph("协议的范围", style="Chapter")
    + word.paragraph("本协议是贵单位与中心之间的协议", 1)
    + "<w:p><w:r><w:t>已删去</w:t></w:r></w:p>".replace("<w:r>", "<w:del><w:r>").replace("</w:r>", "</w:r></w:del>")
    + '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr><w:ins><w:r><w:t>服务热线为</w:t>'
    "</w:r></w:ins><w:r><w:t>12329。</w:t></w:r></w:p>"
    + word.paragraph("帐号", 0)
    + word.paragraph("贵单位同意：", 1)
    + word.paragraph("如实填写；", 2)
    + word.paragraph("妥善保管密码。", 2)
    + "<w:tbl><w:tr><w:tc>"
    + word.paragraph("单位全称")
    + "</w:tc></w:tr></w:tbl>"
)


def test_a_word_document_is_read_with_the_numbers_that_word_counts(tmp_path: Path) -> None:
    found = read_text_file(word.document(tmp_path / "协议.docx", BODY))
    assert found.text == (
        "# 示范中心服务协议\n\n## 一、协议的范围\n\n1.1 本协议是贵单位与中心之间的协议\n\n1.2 服务热线为12329。\n\n"
        "## 二、帐号\n\n2.1 贵单位同意：\n\n(1) 如实填写；\n\n(2) 妥善保管密码。\n"
    )
    assert found.notes[-1] == "略去表格 1 个：协议正文不含表格。"


def _laughs(path: Path) -> Path:
    entities = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    return zoo.package(path / "x.docx", word.parts(word.paragraph("&b;"), before=entities))


def _outside(path: Path) -> Path:
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return zoo.package(path / "x.docx", word.parts(word.paragraph("&a;"), before=entity))


def _macros(path: Path) -> Path:
    return zoo.package(path / "x.docx", word.parts(BODY) | {"word/vbaProject.bin": b"x"})


def _embedded(path: Path) -> Path:
    return zoo.package(path / "x.docx", word.parts(BODY) | {"word/embeddings/a.bin": b"MZ\x90\x00"})


def _bomb(path: Path) -> Path:
    return zoo.package(path / "x.docx", word.parts(BODY) | {"word/media/a.bmp": b"\0" * 80_000_000})


def _deep(path: Path) -> Path:
    depth = 100_000
    return zoo.package(path / "x.docx", word.parts("<w:sdt>" * depth + word.paragraph("深") + "</w:sdt>" * depth))


def _workbook(path: Path) -> Path:
    return zoo.workbook(path / "x.docx", [["第一章", "总则"]])


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (_workbook, "FILE-NOT-DOCUMENT"),
        (_laughs, "FILE-ENTITIES"),
        (_outside, "FILE-ENTITIES"),
        (_macros, "FILE-MACROS"),
        (_embedded, "FILE-NESTED"),
        (_bomb, "FILE-BOMB"),
        (zoo.old_document, "FILE-OTHER-FORMAT"),
        (zoo.password, "FILE-PASSWORD"),
        (zoo.truncated, "FILE-DAMAGED"),
        (zoo.many_parts, "FILE-BOMB"),
    ],
)
def test_a_bad_document_is_refused_by_name_in_words_for_documents(build, code: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_text_file(build(tmp_path))
    assert refused.value.codes == (code,)
    assert "Word" in refused.value.refusals[0].remedy


def test_a_document_nested_without_end_is_read_so_deep_and_no_deeper(tmp_path: Path) -> None:
    assert read_text_file(_deep(tmp_path)).text.strip() == ""


def test_what_is_no_text_is_refused() -> None:
    for content in (b"\x89PNG\r\n\x1a\n\xff\xfe\xfd", b"abc\0def"):
        with pytest.raises(Refused, match="AGREEMENT-FILE"):
            read_upload([content])
    with pytest.raises(Refused, match="AGREEMENT-FILE-LARGE"):
        read_upload([b"a" * 2_100_000])
