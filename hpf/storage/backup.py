"""A backup of one center: its schema, its attachments and the ids of its keys, never a key.

A backup is a folder: ``center.dump`` (PostgreSQL's own archive), ``attachments/`` and ``manifest.json``, which says
what there must be: SM3 digests of the files and the number of rows of every table, counted in the dump's own snapshot.
It stands under its name only when it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives import hashes
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from hpf.storage.crypto import Keyring, Undecryptable
from hpf.storage.embedded import programs
from hpf.storage.transactions import role_name

FORMAT = 1
_DUMP, _ATTACHMENTS, _MANIFEST = "center.dump", "attachments", "manifest.json"
_PROOF = "backup"
_BLOCK = 1024 * 1024


class UnusableBackup(Exception):
    """A backup cannot be made or restored. The message is one line, Chinese / English."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``server`` is PostgreSQL's major version; digests are SM3 in hexadecimal.

    ``key_proof`` can be read with the right keys only and gives nothing away without them. ``log_head`` is the
    last link of the event log before the dump: it must be in what comes back. Earlier backups have none.
    """

    format: int
    center: str
    made_at: str
    server: int
    key_ids: tuple[int, ...]
    key_proof: str
    rows: dict[str, int]
    files: dict[str, str]
    log_head: str = ""


def back_up(
    center: str, admin_url: str, *, attachments: Path, keyring: Keyring, folder: Path, log_head: str
) -> Manifest:
    """Write a backup of a center into ``folder``, which must not exist yet. The hall may be at work meanwhile.

    Raises ``UnusableBackup`` if the folder exists or cannot be written.
    """
    if folder.exists():
        raise UnusableBackup(f"{folder}已存在，请另选目录 / {folder} exists already: choose another folder")
    draft = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise UnusableBackup(
            f"{folder}不可写（{error.strerror}） / {folder} is not writable ({error.strerror})"
        ) from error
    server, rows = _dump(center, admin_url, draft / _DUMP)
    # attachments never change: those that the dump names are there before it and still there after it, but for those
    # whose time to be forgotten comes meanwhile
    if attachments.is_dir():
        shutil.copytree(attachments, draft / _ATTACHMENTS, copy_function=_copy_if_there)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    proof = keyring.encrypt(_PROOF, keyring.digest(_PROOF, center).hex()).hex()
    manifest = Manifest(FORMAT, center, made_at, server, keyring.ids, proof, rows, _digests(draft), log_head)
    (draft / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    draft.rename(folder)
    return manifest


def read_manifest(folder: Path, *, center: str, keyring: Keyring) -> Manifest:
    """The manifest of a backup that is whole and can be restored here.

    Raises ``UnusableBackup``: not a backup, another center's, a file missing or changed, a key that the keyring
    lacks or has differently.
    """
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{**content, "key_ids": tuple(content["key_ids"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UnusableBackup(f"{folder}不是备份目录 / {folder} is not a backup") from error
    if manifest.format != FORMAT or manifest.center != center:
        raise UnusableBackup(
            f"{folder}是中心{manifest.center}的备份（格式{manifest.format}），不能恢复为{center} / "
            f"{folder} is a backup of {manifest.center} (format {manifest.format}) and not of {center}"
        )
    if missing := sorted(set(manifest.key_ids) - set(keyring.ids)):
        numbers = ", ".join(map(str, missing))
        raise UnusableBackup(f"HPF_DATA_KEYS缺少密钥{numbers} / HPF_DATA_KEYS lacks the keys {numbers}")
    if not _proved(manifest, keyring):
        raise UnusableBackup("HPF_DATA_KEYS不是备份时的密钥 / HPF_DATA_KEYS are not the keys of the backup")
    if changed := _changed(manifest.files, _digests(folder)):
        raise UnusableBackup(f"备份不完整或被改动：{changed} / the backup is not whole or was changed: {changed}")
    return manifest


def restore(manifest: Manifest, folder: Path, admin_url: str, *, attachments: Path) -> None:
    """Put a backup's content into its center, which has just been made and is empty: all of it or nothing.

    Attachments come first: they lie under their digests, and without the tables that name them they are nothing.

    Rights are not part of a backup: ``migrate_center`` lays them anew afterwards. Raises ``UnusableBackup`` if the
    center holds tables already, the server is older than the backup's, or the rows are not those of the manifest.
    """
    with psycopg.connect(admin_url) as session:
        version = session.info.server_version // 10_000
        if version < manifest.server:
            raise UnusableBackup(
                f"备份来自PostgreSQL {manifest.server}，不能恢复到{version} / "
                f"the backup is of PostgreSQL {manifest.server} and cannot be restored into {version}"
            )
        if _tables(session, manifest.center):
            raise UnusableBackup(
                f"中心{manifest.center}已有数据，只能恢复到空的中心 / "
                f"center {manifest.center} holds data already: only an empty one can be restored"
            )
    if (folder / _ATTACHMENTS).is_dir():
        shutil.copytree(folder / _ATTACHMENTS, attachments, dirs_exist_ok=True)
    owner, database = role_name(manifest.center, "owner"), conninfo_to_dict(admin_url)["dbname"]
    options = [
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        f"--role={owner}",
        f"--schema={manifest.center}",
    ]
    _run("pg_restore", version, admin_url, *options, f"--dbname={database}", folder / _DUMP)
    with psycopg.connect(admin_url) as session:
        different = _changed(manifest.rows, _rows(session, manifest.center))
    if different:
        _empty(manifest.center, admin_url)
        raise UnusableBackup(f"恢复后的行数不符：{different} / row counts differ after restoring: {different}")


def _empty(center: str, admin_url: str) -> None:
    """Take back what was restored: the schema is as empty as before, and another try may begin."""
    schema, owner = sql.Identifier(center), sql.Identifier(role_name(center, "owner"))
    with psycopg.connect(admin_url) as session:
        session.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))
        session.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(schema, owner))


def _proved(manifest: Manifest, keyring: Keyring) -> bool:
    try:
        proof = keyring.decrypt(_PROOF, bytes.fromhex(manifest.key_proof))
    except Undecryptable:
        return False
    return proof == keyring.digest(_PROOF, manifest.center).hex()


def _dump(center: str, admin_url: str, target: Path) -> tuple[int, dict[str, int]]:
    """Dump a schema; the server's version, and the rows per table as the dump saw them."""
    with psycopg.connect(admin_url) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = session.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        version = session.info.server_version // 10_000
        options = ["--format=custom", f"--schema={center}", f"--role={role_name(center, 'owner')}"]
        _run("pg_dump", version, admin_url, *options, f"--snapshot={snapshot}", "--file", target)
        return version, _rows(session, center)


def _run(program: str, server: int, admin_url: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs, of the server's version. The address goes over the environment: a password
    among the arguments would stand in the list of processes."""
    address = {_VARIABLES.get(part, f"PG{part.upper()}"): str(v) for part, v in conninfo_to_dict(admin_url).items()}
    executable = programs(16 if server <= 16 else 18) / program
    done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
        [executable, *arguments], env={**os.environ, **address}, capture_output=True, check=False, text=True
    )
    if done.returncode:
        reason = " ".join(done.stderr.split())
        raise UnusableBackup(f"{program}未完成：{reason} / {program} failed: {reason}")


_VARIABLES = {"dbname": "PGDATABASE"}


def _tables(session: psycopg.Connection[Any], center: str) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY relname"
    return [name for (name,) in session.execute(query, [center])]


def _rows(session: psycopg.Connection[Any], center: str) -> dict[str, int]:
    session.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role_name(center, "owner"))))
    rows = {}
    for table in _tables(session, center):
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(center, table))
        (rows[table],) = session.execute(count).fetchone() or (0,)
    return rows


def _copy_if_there(source: str, target: str) -> str:
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)
    return target


def _digests(folder: Path) -> dict[str, str]:
    """SM3 digests of the dump and of all attachments, by their path inside the backup."""
    paths = [folder / _DUMP, *sorted((folder / _ATTACHMENTS).rglob("*"))]
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths if path.is_file()}


def _digest(path: Path) -> str:
    digest = hashes.Hash(hashes.SM3())
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.finalize().hex()


def _changed(wanted: Mapping[str, object], found: Mapping[str, object]) -> str:
    """The first few names whose values differ, or ''."""
    names = [name for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)]
    return ", ".join(names[:5])
