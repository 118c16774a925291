"""Message centers of others: Kannel with its fake center, Kannel's SMPP server, and Net::SMPP. All from Debian."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psutil

from tests.running import free_port

TOOLS = Path("/usr/lib/kannel/test")
CENTER = Path(__file__).with_name("center.pl")
PASSWORD = "secret"

KANNEL = """
group = core
admin-port = {admin}
smsbox-port = {smsbox}
admin-password = none
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
dlr-storage = internal
sms-combine-concatenated-mo = true
access-log = "{folder}/access.log"

group = smsc
smsc = fake
smsc-id = fake
port = {fake}
connect-allow-ip = 127.0.0.1
{more}
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
global-sender = 12329

group = sendsms-user
username = hall
password = secret
max-messages = 9
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{told}/?text=%b&to=%P"
"""
SMPP_CLIENT = """
group = smsc
smsc = smpp
smsc-id = center
host = 127.0.0.1
port = {center}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
address-range = ""
"""


class Log:
    """What a program has printed so far."""

    def __init__(self, path: Path, process: subprocess.Popen[bytes]) -> None:
        self.path, self.process = path, process

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8", errors="replace")

    def says(self, word: str, seconds: float = 20) -> str:
        """Wait for a word, and return everything up to now."""
        until(lambda: word in self.text, seconds, lambda: f"no {word!r} in {self.text[-2000:]}")
        return self.text


def until(truth: Callable[[], bool], seconds: float, complaint: Callable[[], str]) -> None:
    """Look again and again until something is so."""
    end = monotonic() + seconds
    myself = psutil.Process()
    while not truth():
        assert monotonic() < end, complaint()
        myself.cpu_percent(interval=0.05)


@contextmanager
def program(folder: Path, name: str, *command: str | Path) -> Iterator[Log]:
    """A program that runs for as long as the block does."""
    path = folder / f"{name}.log"
    with path.open("wb") as output:
        process = subprocess.Popen([*map(str, command)], stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        try:
            yield Log(path, process)
        finally:
            process.kill()
            process.wait()


@contextmanager
def message_center(folder: Path) -> Iterator[tuple[int, Log]]:
    """A message center on Net::SMPP; its port and what it says."""
    port = free_port()
    with program(folder, "center", "perl", CENTER, str(port)) as log:
        log.says("open")
        yield port, log


@contextmanager
def kannel(folder: Path, told: str, center: int = 0) -> Iterator[tuple[str, Log]]:
    """Kannel with its fake center; the address that takes texts over HTTP, and what the fake center got.

    With the port of a ``center`` Kannel is bound there too, and tells ``told`` each text that it got, as it reads it.
    """
    ports = {name: free_port() for name in ("admin", "smsbox", "fake", "sendsms")}
    more = SMPP_CLIENT.format(center=center) if center else ""
    file = folder / "kannel.conf"
    file.write_text(KANNEL.format(folder=folder, told=told, more=more, **ports), encoding="utf-8")
    with program(folder, "bearerbox", "bearerbox", "-v", "0", file) as bearer:
        bearer.says("MAIN: Start-up done")
        with program(folder, "smsbox", "smsbox", "-v", "0", file) as box:
            bearer.says("Client connected from <127.0.0.1>")
            box.says("Connected to bearerbox")
            fake = [TOOLS / "fakesmsc", "-H", "127.0.0.1", "-r", str(ports["fake"]), "-m", "0", "1 2 text x"]
            with program(folder, "fake", *fake) as got:
                bearer.says("Fakesmsc client connected")
                yield f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms", got


@contextmanager
def kannel_smpp_server(folder: Path) -> Iterator[tuple[int, Log]]:
    """The SMPP server with which Kannel tests itself; its port and what it says."""
    port = free_port()
    with program(folder, "drive", TOOLS / "drive_smpp", "-v", "0", "-p", str(port), "-m", "1") as log:
        log.says("accept_thread) maps to pid")
        yield port, log
