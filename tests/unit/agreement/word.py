"""Small Word documents, built part by part."""

from __future__ import annotations

from pathlib import Path

from tests.unit.reading.zoo import Parts, package

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paragraph(text: str, level: int | None = None, style: str = "") -> str:
    """A paragraph; with a level, one of the numbered list that `NUMBERING` describes."""
    listed = "" if level is None else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{listed}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _level(number: int | str, written: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{written}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'{_HEAD}<w:numbering {_W}><w:abstractNum w:abstractNumId="3">'
    + _level("x", "decimal", "a level that is no number counts as the first, and the true first replaces it")
    + _level(0, "chineseCounting", "%1、")
    + _level(1, "decimal", "%1.%2")
    + _level(2, "decimal", "(%3)")
    + '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
)
STYLES = (
    f'{_HEAD}<w:styles {_W}><w:style w:styleId="Chapter"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr>'
    "</w:style></w:styles>"
)


def parts(body: str, *, before: str = "", main_type: str = "main+xml") -> Parts:
    """The parts of a document around the paragraphs of its body."""
    return {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.{main_type}"/></Types>'
        ).encode(),
        "word/document.xml": f"{_HEAD}{before}<w:document {_W}><w:body>{body}</w:body></w:document>".encode(),
        "word/numbering.xml": NUMBERING.encode(),
        "word/styles.xml": STYLES.encode(),
    }


def document(path: Path, body: str) -> Path:
    """Write a document."""
    return package(path, parts(body))
