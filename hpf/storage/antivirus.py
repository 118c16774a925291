"""Uploads on their way past a virus scanner, where the center has one (agreement §3.2(9)).

ClamAV is asked either through its daemon, which holds the signatures in memory, or by starting ``clamscan`` for each
file. A scanner that is set and does not answer lets nothing pass: a file is refused, never waved through.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from django.conf import settings

from hpf.kernel import Refusal, Refused

_CONNECTING, _SCANNING = 5.0, 60.0
_PIECE = 1 << 18
_CLEAN = 0

_log = structlog.get_logger(__name__)

INFECTED = Refusal(
    "FILE-INFECTED",
    "文件含有病毒或木马，没有接收",
    "防病毒程序在文件内容中发现了恶意程序",
    "请用杀毒软件检查本机，清除后重新制作文件再上传",
    "服务协议关于不得上传含病毒文件的约定",
)
UNCHECKED = Refusal(
    "FILE-UNCHECKED",
    "暂时不能接收文件",
    "防病毒程序没有应答，文件未经检查不能接收",
    "请几分钟后再试；急用的，请到网点柜台办理",
)


@dataclass(frozen=True, slots=True)
class Scanner:
    """Where ClamAV is: its daemon's socket (``path``), its daemon elsewhere (``host``, ``port``), or ``program``."""

    path: str = ""
    host: str = ""
    port: int = 0
    program: str = ""

    @classmethod
    def parse(cls, text: str) -> Scanner | None:
        """Read the setting; ``None`` if it is empty. Raises ``ValueError``.

        >>> Scanner.parse("clamd:127.0.0.1:3310")
        Scanner(path='', host='127.0.0.1', port=3310, program='')
        """
        kind, _, place = text.partition(":")
        if not text:
            return None
        if kind == "clamscan" and place.startswith("/"):
            return cls(program=place)
        if kind == "clamd" and place.startswith("/"):
            return cls(path=place)
        host, _, port = place.rpartition(":")
        if kind == "clamd" and host and port.isdecimal():
            return cls(host=host, port=int(port))
        raise ValueError(f"no scanner: {text}")

    @property
    def place(self) -> str:
        """Where it is, in one word."""
        return self.path or self.program or f"{self.host}:{self.port}"

    def answers(self) -> bool:
        """Whether it is there now."""
        if self.program:
            return os.access(self.program, os.X_OK)
        try:
            with self.connected() as line:
                line.sendall(b"zPING\0")
                return _answer(line) == "PONG"
        except OSError:
            return False

    def connected(self) -> socket.socket:
        """A line to the daemon. Raises ``OSError``."""
        if self.host:
            line = socket.create_connection((self.host, self.port), _CONNECTING)
        else:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(_CONNECTING)
            line.connect(self.path)
        line.settimeout(_SCANNING)
        return line


def checked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same chunks; at their end, or before, ``Refused`` if the scanner finds something or does not answer.

    Whoever keeps a file keeps it only once it has been read to the end. Without a scanner everything passes.
    """
    scanner: Scanner | None = settings.HALL.antivirus
    if scanner is None:
        yield from chunks
    elif scanner.program:
        yield from _by_program(scanner.program, chunks)
    else:
        yield from _by_daemon(scanner, chunks)


def _by_daemon(scanner: Scanner, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """INSTREAM: pieces with their length before them, an empty one at the end, one line as the answer."""
    try:
        line = scanner.connected()
    except OSError as error:
        raise _unchecked(scanner.place, str(error)) from None
    with line:
        try:
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                for start in range(0, len(chunk), _PIECE):
                    piece = chunk[start : start + _PIECE]
                    line.sendall(len(piece).to_bytes(4) + piece)
                yield chunk
            line.sendall((0).to_bytes(4))
            verdict = _answer(line)
        except OSError as error:
            raise _unchecked(scanner.place, str(error)) from None
    _judge(scanner.place, verdict.endswith("FOUND"), verdict == "stream: OK", verdict)


def _by_program(program: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    command = [program, "--no-summary", "--stdout", "-"]
    try:
        child = subprocess.Popen(  # noqa: S603 - the program that the setting names; the file comes on standard input
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise _unchecked(program, str(error)) from None
    with child:
        try:
            assert child.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
            for chunk in chunks:
                child.stdin.write(chunk)
                yield chunk
            said, _ = child.communicate(timeout=_SCANNING)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _unchecked(program, str(error)) from None
        finally:
            if child.poll() is None:
                child.kill()
    verdict = said.decode(errors="replace").strip()
    _judge(program, verdict.endswith("FOUND"), child.returncode == _CLEAN, verdict)


def _judge(place: str, found: bool, clean: bool, said: str) -> None:
    if found:
        _log.warning("a file with a virus was refused", scanner=place, said=said[:200])
        raise Refused(replace(INFECTED, why=f"{INFECTED.why}：{_name_in(said)}"))
    if not clean:
        raise _unchecked(place, said)


def _name_in(said: str) -> str:
    """What the scanner calls it: ``stream: Eicar-Test-Signature FOUND``."""
    return said.rpartition(": ")[2].removesuffix("FOUND").strip()[:80]


def _unchecked(place: str, why: str) -> Refused:
    _log.error("the virus scanner does not answer: uploads are refused", scanner=place, why=why[:200])
    return Refused(UNCHECKED)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and (piece := line.recv(4_096)):
        said += piece
    return said.rstrip(b"\0").decode(errors="replace")


def scanner_found() -> Path | None:
    """A daemon's socket on this machine that no setting names: the hall says so when it starts."""
    usual = (Path("/run/clamav/clamd.ctl"), Path("/run/clamd.scan/clamd.sock"))
    return next((path for path in usual if path.exists()), None)
