"""The operation manual: every page leads to its chapter, and what a chapter names and shows is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import Resolver404, resolve

from hpf.faces.web.manual import CHAPTERS, PICTURES, slug_of
from tests.house.addresses import addresses
from tests.house.source import PROGRAM
from tests.house.test_registers import EXPECTED

TEXTS = PROGRAM / "publications" / "texts"
LARGEST = 60 * 1024
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
# What a handler opens and what is no page to be explained: papers, workbooks and files.
FILES = ("-workbook", "-paper", "-certificate", ":template", ":marked", ":statement", ":notice", ":slip")
# What a stranger opens to read or to look something up: texts explain themselves.
READ = {
    "agreements",
    "agreement-version",
    "agreement-text",
    "branches",
    "blank-form",
    "blank-forms",
    "closures",
    "manual",
    "privacy",
    "proof",
    "publications",
    "publication",
    "publication-version",
    "publication-file",
    "apply",
    "apply-done",
    "apply-find",
    "apply-code",
    "demo:codes",
    "counter:login",
    "counter:login-code",
}


def chapters() -> Iterator[tuple[Path, str]]:
    return ((file, file.read_text(encoding="utf-8")) for file in sorted(TEXTS.glob("manual-*.md")))


def test_every_page_of_the_portal_leads_to_its_chapter() -> None:
    pages = {
        one.name
        for one in addresses()
        if one.name in EXPECTED
        and EXPECTED[one.name][0][0] in ("portal", "public")
        and "GET" in EXPECTED[one.name][1].split()
        and not one.name.endswith(FILES)
    }
    assert pages - READ == CHAPTERS.keys()


def test_every_chapter_that_pages_lead_to_is_written() -> None:
    written = {file.stem for file, _ in chapters()}
    assert {slug_of(chapter) for chapter in CHAPTERS.values()} <= written


def test_every_address_in_a_chapter_exists_and_every_chapter_names_one() -> None:
    for file, text in chapters():
        links = _LINK.findall(text)
        assert links, file
        for link in links:
            path, _, _ = link.partition("?")
            try:
                match = resolve(path)
            except Resolver404:
                raise AssertionError(f"{file.name}: {link}") from None
            if match.url_name == "manual":
                assert (TEXTS / f"{slug_of(match.kwargs['name'])}.md").is_file(), f"{file.name}: {link}"


def test_every_picture_is_there_small_described_and_used() -> None:
    shown = {name: (file.name, words) for file, text in chapters() for words, name in _PICTURE.findall(text)}
    taken = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert shown.keys() == taken.keys()
    assert {name for name, (_, words) in shown.items() if not words.strip()} == set()
    assert {name: size for name, size in taken.items() if size > LARGEST} == {}
