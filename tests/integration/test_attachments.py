"""Files of cases: whole under their digest, or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hpf.casework import attachments
from hpf.casework.cases import open_case
from hpf.casework.models import Attachment, CaseKind, CaseState
from hpf.storage import durable, sm3
from tests.office import SYSTEM


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def place() -> Path:
    """Where attachments lie."""
    folder: Path = settings.HALL.attachments
    return folder


def kept(written: attachments.Written, name: str = "名册.xlsx") -> Attachment:
    with durable(SYSTEM):
        case = open_case(
            CaseKind.SEALING,
            CaseState.DONE,
            employer_id=7,
            unit_account_id=70,
            title="试",
            by=SYSTEM,
            today=date(2026, 8, 10),
        )
        return attachments.keep(written, name=name, media_type="text/plain", case=case)


def test_a_content_lies_under_its_digest_and_is_read_again(center: Any, place: Path) -> None:
    content = os.urandom(100_000)
    attachment = kept(attachments.write([content[:7], content[7:]]))
    digest = sm3(content).hex()
    assert attachments.path_of(attachment) == place / digest[:2] / digest
    with attachments.open_attachment(attachment) as file:
        assert file.read() == content
    assert (attachment.size, bytes(attachment.digest)) == (100_000, sm3(content))
    assert attachments.path_of(attachment).stat().st_mode & 0o777 == 0o600


def test_the_same_content_twice_is_one_file(center: Any, place: Path) -> None:
    content = os.urandom(64)
    first = kept(attachments.write([content]))
    before = files(place)
    second = kept(attachments.write([content]), "别名.xlsx")
    assert files(place) == before
    assert attachments.path_of(first) == attachments.path_of(second)


def test_what_ends_early_leaves_nothing(place: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield os.urandom(1_000_000)
        raise KeyboardInterrupt

    drafts = settings.HALL.data / "uploads"
    before = files(place) | files(drafts)
    with pytest.raises(KeyboardInterrupt):
        attachments.write(chunks())
    assert files(place) | files(drafts) == before


def test_a_disk_that_fails_at_the_last_moment_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = files(place)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        attachments.write([os.urandom(64)])
    assert files(place) == before


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("八月 花名册.xlsx", "八月 花名册.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\名册\\八月.xlsx", "八月.xlsx"),
        ("a\0b\r\n.xlsx", "ab.xlsx"),
        ("名册\u202excod.xlsx", "名册xcod.xlsx"),
        ("..", "未命名"),
        ("", "未命名"),
        (".xlsx", "xlsx"),
    ],
)
def test_a_name_is_shown_without_what_could_mislead(name: str, shown: str) -> None:
    assert attachments.shown_name(name) == shown


@pytest.mark.parametrize("stem", ["a" * 300, "册" * 300, "a" + "册" * 300])
def test_a_long_name_keeps_its_ending_and_whole_characters(stem: str) -> None:
    shown = attachments.shown_name(f"{stem}.xlsx")
    assert shown.endswith(".xlsx")
    assert 250 <= len(shown.encode()) <= attachments.MOST_NAME_BYTES
