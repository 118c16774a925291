"""Files of cases: whole under their digest, or not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from hpf.casework import attachments, invariants
from hpf.casework.cases import open_case
from hpf.casework.models import Attachment, CaseKind, CaseState
from hpf.storage import durable, reading, sm3
from hpf.storage.crypto import Undecryptable
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
    assert b"".join(attachments.read(attachment)) == content
    assert (attachment.size, bytes(attachment.digest)) == (100_000, sm3(content))
    assert attachments.path_of(attachment).stat().st_mode & 0o777 == 0o600


def test_the_data_folder_does_not_give_the_content_away(center: Any) -> None:
    content = "姓名，证件号码，".encode() * 10_000
    stored = attachments.path_of(kept(attachments.write([content]))).read_bytes()
    assert "证件号码".encode() not in stored
    assert len(stored) > len(content)


def test_a_program_gets_a_path_and_nothing_is_left_behind(center: Any) -> None:
    content, drafts = os.urandom(200_000), settings.HALL.data / "uploads"
    attachment, before = kept(attachments.write([content])), files(drafts)
    with attachments.opened(attachment) as path:
        child = subprocess.run(
            [sys.executable, "-c", "import sys; print(open(sys.argv[1], 'rb').read().hex())", path],
            capture_output=True,
            check=True,
            text=True,
        )
        assert bytes.fromhex(child.stdout) == content
        assert files(drafts) == before
    assert not path.exists()


def test_a_file_that_was_changed_lost_or_exchanged_is_found(center: Any) -> None:
    one, two, three, whole = (kept(attachments.write([os.urandom(1_000)])) for _ in range(4))
    with reading(SYSTEM):
        assert [(check.compared, check.faults) for check in invariants.checks() if check.code == "A1"] == [(4, ())]
    at = attachments.path_of(one)
    at.write_bytes(at.read_bytes()[:-1] + b"?")
    attachments.path_of(two).unlink()
    shutil.copy(attachments.path_of(whole), attachments.path_of(three))
    with reading(SYSTEM):
        (check,) = (one for one in invariants.checks() if one.code == "A1")
    assert check.compared == 4
    assert sorted(check.faults) == sorted(
        [
            f"办件{one.case_id}的附件{one.pk}打不开或已被改动",
            f"办件{two.case_id}的附件{two.pk}不在数据目录中",
            f"办件{three.case_id}的附件{three.pk}打不开或已被改动",
        ]
    )
    with pytest.raises(Undecryptable), attachments.opened(three):
        pass


def test_what_killed_processes_left_is_cleared(center: Any) -> None:
    drafts = settings.HALL.data / "uploads"
    (drafts / "attachment-left").write_bytes(b"half")
    attachments.clear_drafts()
    assert files(drafts) == set()


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
