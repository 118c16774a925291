"""Uploads past ClamAV: a real daemon and the real program, with two signatures of our own and no network."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from hpf.account_opening.operations import upload_roster
from hpf.agreement.files import read_upload
from hpf.casework import attachments
from hpf.kernel import Key, Refused
from hpf.storage.antivirus import Scanner, checked
from tests.integration.hall import TODAY
from tests.office import open_center, open_unit
from tests.unit.account_opening.people import person, roster

HARMLESS = b"date,amount\n2026-08-10,100.00\n"


def standard_string() -> bytes:
    """The standard string that every scanner finds, put together here so that this file is not found itself."""
    return b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"


def inside(path: Path, content: bytes) -> Path:
    """A workbook with another content among its parts."""
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("docProps/note.txt", content)
    return path


@pytest.fixture(scope="module")
def signatures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signatures")
    folder.chmod(0o755)
    string = standard_string()
    (folder / "local.ndb").write_text(f"Local.Test.String:0:*:{string.hex()}\n")
    (folder / "local.hdb").write_text(f"{hashlib.md5(string).hexdigest()}:{len(string)}:Local.Test.File\n")  # noqa: S324
    return folder


@pytest.fixture(scope="module")
def daemon(signatures: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    folder = tmp_path_factory.mktemp("clamd")
    place = folder / "clamd.ctl"
    setting = folder / "clamd.conf"
    lines = [f"DatabaseDirectory {signatures}", f"LocalSocket {place}", "Foreground yes", "LogVerbose yes"]
    setting.write_text("\n".join(lines) + "\n")
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    with subprocess.Popen([program, "-c", str(setting)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("Listening daemon" in line for line in process.stdout), "clamd did not start"
        yield Scanner(path=str(place))
        process.terminate()


@pytest.fixture(scope="module")
def program(signatures: Path, tmp_path_factory: pytest.TempPathFactory) -> Scanner:
    """clamscan with our signatures, as a center names it: one program."""
    path = tmp_path_factory.mktemp("clamscan") / "clamscan"
    path.write_text(f'#!/bin/sh\nexec clamscan --database={signatures} "$@"\n')
    path.chmod(0o755)
    return Scanner(program=str(path))


@pytest.fixture(params=["daemon", "program"])
def scanner(request: pytest.FixtureRequest) -> Iterator[Scanner]:
    found: Scanner = request.getfixturevalue(request.param)
    with override_settings(HALL=replace(settings.HALL, antivirus=found)):
        yield found


def codes(chunks: list[bytes]) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        list(checked(chunks))
    return refused.value.codes


def test_what_is_harmless_passes_unchanged(scanner: Scanner, tmp_path: Path) -> None:
    workbook = roster(tmp_path / "花名册.xlsx", person(1)).read_bytes()
    for chunks in ([HARMLESS], [], [workbook[:100], workbook[100:]], [b"a" * 3_000_000]):
        assert list(checked(chunks)) == chunks
    assert scanner.answers()


def test_the_test_string_is_found_alone_in_pieces_and_inside_a_workbook(scanner: Scanner, tmp_path: Path) -> None:
    string = standard_string()
    workbook = inside(roster(tmp_path / "花名册.xlsx", person(1)), string)
    for chunks in ([string], [string[:20], string[20:]], [HARMLESS + string], [workbook.read_bytes()]):
        assert codes(chunks) == ("FILE-INFECTED",)


def test_a_roster_with_a_virus_is_not_kept(center: Any, daemon: Scanner, tmp_path: Path) -> None:
    open_center()
    unit = open_unit()
    workbook = inside(roster(tmp_path / "花名册.xlsx", person(1)), standard_string()).read_bytes()
    before = set(settings.HALL.attachments.rglob("*"))
    with override_settings(HALL=replace(settings.HALL, antivirus=daemon)):
        with pytest.raises(Refused, match="FILE-INFECTED"):
            upload_roster(
                unit_account_id=unit.unit_account_id,
                chunks=[workbook],
                name="花名册.xlsx",
                by=unit.handler,
                today=TODAY,
                key=Key.fresh(),
            )
        with pytest.raises(Refused, match="FILE-INFECTED"):
            read_upload([standard_string()])
    assert set(settings.HALL.attachments.rglob("*")) == before
    assert not list((settings.HALL.data / "uploads").glob("attachment-*"))


DOWN = (
    Scanner(path="/nonexistent/clamd.ctl"),
    Scanner(host="127.0.0.1", port=1),
    Scanner(program="/nonexistent/clamscan"),
    Scanner(program="/bin/false"),
)


@pytest.mark.parametrize("down", DOWN, ids=[down.place for down in DOWN])
def test_while_the_scanner_is_down_nothing_is_waved_through(down: Scanner) -> None:
    with override_settings(HALL=replace(settings.HALL, antivirus=down)):
        assert codes([HARMLESS] * 3) == ("FILE-UNCHECKED",)
        with pytest.raises(Refused):
            attachments.write([HARMLESS])


def test_a_daemon_that_hangs_up_or_talks_nonsense_refuses_too(tmp_path: Path) -> None:
    for said in (b"", b"stream: what?\0", b"INSTREAM size limit exceeded. ERROR\0"):
        place = tmp_path / f"{len(said)}.ctl"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(place))
            listening.listen()
            with override_settings(HALL=replace(settings.HALL, antivirus=Scanner(path=str(place)))):
                passing = checked([HARMLESS])
                assert next(passing) == HARMLESS
                line, _ = listening.accept()
                line.sendall(said)
                line.close()
                with pytest.raises(Refused, match="FILE-UNCHECKED"):
                    list(passing)


def test_without_a_scanner_everything_passes() -> None:
    assert settings.HALL.antivirus is None
    assert list(checked([standard_string()])) == [standard_string()]
