"""Backups, made and restored for real: what comes back, and what is refused."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from hpf import evidence
from hpf.kernel import Actor, Key
from hpf.storage import Keyring, durable, keyring, reading
from hpf.storage.backup import Manifest, UnusableBackup, back_up, read_manifest, restore
from hpf.storage.center import create_center, migrate_center
from hpf.storage.embedded import EmbeddedServer
from tests.running import Hall, free_port, new_folder
from tests.server import drop

DAY = date(2026, 8, 10)


@pytest.fixture
def attachments(tmp_path: Path) -> Path:
    folder = tmp_path / "attachments"
    folder.mkdir()
    (folder / "0a1b").write_bytes("附件1".encode())
    return folder


@pytest.fixture
def empty(server: Any) -> Iterator[str]:
    """The address of a database in which the center has its roles and an empty schema."""
    name = f"restored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    create_center(settings.CENTER, server.url(database=name))
    yield server.url(database=name)
    drop(server, name)


def save(center: Any, attachments: Path, folder: Path) -> Manifest:
    with reading(Actor.SYSTEM):
        log_head = str(evidence.head())
    return back_up(
        settings.CENTER, center.admin_url, attachments=attachments, keyring=keyring(), folder=folder, log_head=log_head
    )


def act(count: int) -> None:
    with durable(Actor.SYSTEM):
        for number in range(count):
            evidence.record("log_out", by=Actor.SYSTEM, today=DAY, key=Key(f"key-{number:06d}"), content={"n": number})
    evidence.seal()


def look_into(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database


def test_everything_comes_back(center: Any, empty: str, attachments: Path, tmp_path: Path) -> None:
    act(5)
    made = save(center, attachments, tmp_path / "backup")
    assert made.rows["evidence_event"] == made.rows["evidence_link"] == 5
    act_later = Key("key-after")
    with durable(Actor.SYSTEM):
        evidence.record("log_out", by=Actor.SYSTEM, today=DAY, key=act_later, content={})

    manifest = read_manifest(tmp_path / "backup", center=settings.CENTER, keyring=keyring())
    restore(manifest, tmp_path / "backup", empty, attachments=tmp_path / "restored")
    migrate_center(settings.CENTER, empty)

    assert manifest == made
    assert (tmp_path / "restored" / "0a1b").read_text() == "附件1"
    look_into(empty.rpartition("/")[2].partition("?")[0])
    with reading(Actor.SYSTEM):
        kept = evidence.Head.parse(manifest.log_head)
        assert kept.position == 5
        assert evidence.verify_chain([kept]) == evidence.ChainReport(links=5, unsealed=0, fault=None)
    with durable(Actor.SYSTEM):
        again = evidence.receipt(Key("key-000003"), {"n": 3}, Actor.SYSTEM, "log_out")
        assert again is not None
        assert evidence.receipt(act_later, {}, Actor.SYSTEM, "log_out") is None
    connection.close()


def test_a_backup_holds_no_key(center: Any, attachments: Path, tmp_path: Path) -> None:
    save(center, attachments, tmp_path / "backup")
    for _, key in keyring().keys:
        for form in (key, base64.b64encode(key), key.hex().encode()):
            assert all(form not in path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file())


def test_a_center_with_data_is_never_written_over(center: Any, attachments: Path, tmp_path: Path) -> None:
    manifest = save(center, attachments, tmp_path / "backup")
    with pytest.raises(UnusableBackup, match=r"已有数据.* / .*holds data already"):
        restore(manifest, tmp_path / "backup", center.admin_url, attachments=attachments)


def test_what_does_not_come_back_whole_leaves_the_center_empty(
    center: Any, empty: str, attachments: Path, tmp_path: Path
) -> None:
    act(2)
    made = save(center, attachments, tmp_path / "backup")
    short = replace(made, rows={**made.rows, "evidence_event": 3})
    with pytest.raises(UnusableBackup, match="row counts differ after restoring: evidence_event"):
        restore(short, tmp_path / "backup", empty, attachments=tmp_path / "restored")
    create_center(settings.CENTER, empty)
    restore(made, tmp_path / "backup", empty, attachments=tmp_path / "restored")
    migrate_center(settings.CENTER, empty)


def test_an_earlier_backup_is_never_written_over(center: Any, attachments: Path, tmp_path: Path) -> None:
    save(center, attachments, tmp_path / "backup")
    with pytest.raises(UnusableBackup, match="exists already"):
        save(center, attachments, tmp_path / "backup")


def other_keys() -> Keyring:
    return Keyring.parse(",".join(f"{number}:{base64.b64encode(bytes([number] * 32)).decode()}" for number in (1, 2)))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "is not a backup"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "is not a backup"),
        (lambda folder: (folder / "center.dump").open("ab").write(b"x"), "not whole or was changed: center.dump"),
        (lambda folder: (folder / "attachments" / "0a1b").unlink(), "not whole or was changed: attachments/0a1b"),
        (lambda folder: (folder / "attachments" / "more").touch(), "not whole or was changed: attachments/more"),
        (lambda folder: change(folder, center="meishan"), "is a backup of meishan"),
        (lambda folder: change(folder, key_ids=[1, 9]), "lacks the keys 9"),
    ],
)
def test_what_is_not_whole_is_refused(center: Any, attachments: Path, tmp_path: Path, spoil: Any, reason: str) -> None:
    save(center, attachments, tmp_path / "backup")
    spoil(tmp_path / "backup")
    with pytest.raises(UnusableBackup, match=reason):
        read_manifest(tmp_path / "backup", center=settings.CENTER, keyring=keyring())


def test_other_keys_under_the_same_numbers_are_refused(center: Any, attachments: Path, tmp_path: Path) -> None:
    save(center, attachments, tmp_path / "backup")
    with pytest.raises(UnusableBackup, match="not the keys of the backup"):
        read_manifest(tmp_path / "backup", center=settings.CENTER, keyring=other_keys())


def change(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_a_backup_goes_to_a_newer_server_and_not_to_an_older_one() -> None:
    with (
        new_folder() as folder,
        EmbeddedServer(folder / "16", version=16, port=free_port(), password="of 16").running() as sixteen,
    ):
        hall = Hall(folder / "hall")
        assert hall.hpf("center", "create", "demo", DATABASE_URL=sixteen.url()).returncode == 0
        saved = hall.hpf("backup", folder / "from 16", DATABASE_URL=sixteen.url())
        assert (saved.returncode, saved.stderr) == (0, "")
        restored = hall.hpf("restore", folder / "from 16")
        assert (restored.returncode, restored.stderr) == (0, "")
        verified = hall.hpf("verify")
        assert (verified.returncode, verified.stderr) == (0, "")
        assert hall.hpf("backup", folder / "from 18").returncode == 0
        with psycopg.connect(sixteen.url(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE second")
        refused = hall.hpf("restore", folder / "from 18", DATABASE_URL=sixteen.url(database="second"))
        assert refused.returncode == 2
        assert "备份来自PostgreSQL 18，不能恢复到16" in refused.stderr


def test_a_backup_is_taken_while_the_hall_is_at_work() -> None:
    with new_folder() as folder:
        hall = Hall(folder / "hall")
        with hall.running():
            saved = hall.hpf("backup", folder / "backup")
            assert (saved.returncode, saved.stderr) == (0, "")
            assert hall.answers()
        assert hall.hpf("restore", folder / "backup").returncode == 2


def test_a_restore_without_the_keys_is_refused_and_leaves_nothing_behind() -> None:
    with new_folder() as folder:
        hall = Hall(folder / "new")
        refused = hall.hpf("restore", folder / "backup")
        assert (refused.returncode, (folder / "new").exists()) == (2, False)
        assert "请先放好原来的密钥" in refused.stderr
        other = hall.hpf("restore", folder / "backup", HPF_DATA_KEYS="1:" + "A" * 43 + "=")
        assert (other.returncode, (folder / "new" / "secrets.json").exists()) == (2, False)
        assert "is not a backup" in other.stderr
