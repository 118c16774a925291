"""One process that starts the others, brings back what dies, and ends all of them in order."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType
from typing import Protocol

import structlog

from hpf.storage.children import end_group
from hpf.storage.embedded import EmbeddedServer, Unstartable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0
_STEADY_AFTER = 60.0
_NAMES = {"database": "数据库", "web": "网页服务", "worker": "后台任务"}
_log = structlog.get_logger(__name__)


def say(text: str) -> None:
    """Lines for whoever looks at the terminal. Once nobody can (it was closed, a pipe's reader has gone, its file is on
    a full disk), the hall works on in silence: the whole story stands in the log."""
    try:
        print(text, flush=True)
    except OSError as error:
        _log.warning("nobody reads what the hall says", reason=str(error))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # takes what was not written too, or Python complains when it ends
        os.close(nowhere)


class Child(Protocol):
    """Something that is to run as long as the hall runs."""

    name: str

    @property
    def pid(self) -> int | None: ...

    def start(self) -> None:
        """Start it, or start it again. Raises ``Unstartable``, and nothing else, where that fails."""

    def ask_to_end(self) -> None: ...

    def end(self) -> None: ...


class Database:
    """The embedded server as a child."""

    name = "database"

    def __init__(self, server: EmbeddedServer) -> None:
        self.server = server

    @property
    def pid(self) -> int | None:
        return self.server.pid

    def start(self) -> None:
        self.server.stop()  # lets go of the folder that a dead server held
        self.server.start()

    def ask_to_end(self) -> None:
        """Nothing yet: the others must have ended before their database goes."""

    def end(self) -> None:
        self.server.stop()


class Program:
    """A program with processes of its own; when it dies, what it leaves behind dies with it."""

    def __init__(self, name: str, start: Callable[[], subprocess.Popen[bytes]], patience_seconds: float = 30) -> None:
        self.name = name
        self.patience_seconds = patience_seconds
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        self._clear()
        try:
            self._process = self._start()
        except OSError as error:
            raise Unstartable(
                f"{_NAMES.get(self.name, self.name)}未能启动（{error}） / the {self.name} did not start ({error})"
            ) from error

    def ask_to_end(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(self.patience_seconds)
        except subprocess.TimeoutExpired:
            _log.warning("killed: it would not end", child=self.name)
        self._clear()

    def _clear(self) -> None:
        if self._process is not None:
            end_group(self._process.pid)
            self._process.wait()
            self._process = None


@dataclass
class _Watch:
    child: Child
    started: float = field(default_factory=monotonic)
    pause: float = _FIRST_PAUSE
    due: float | None = None

    def look(self, now: float) -> None:
        """Notice a death, and start again what is due. What cannot be started is due again later."""
        if self.due is None and self.child.pid is None:
            pause = self._put_off(now)
            _log.error("died", child=self.child.name, again_in_seconds=pause)
            self._say(f"意外结束，{pause:g}秒后重新启动", f"died; it is started again in {pause:g} s")
        if self.due is not None and self.due <= now:
            try:
                self.child.start()
            except Unstartable as line:
                pause = self._put_off(now)
                _log.error("not started", child=self.child.name, reason=str(line), again_in_seconds=pause)
                say(str(line))
                self._say(f"没有启动，{pause:g}秒后再试", f"did not start; it is tried again in {pause:g} s")
            else:
                self.due, self.started = None, now
                _log.info("started again", child=self.child.name)
                self._say("已重新启动", "is started again")

    def _put_off(self, now: float) -> float:
        """Let it be due after a pause, twice as long as the last unless it has run well meanwhile; the pause."""
        steady = self.due is None and now - self.started > _STEADY_AFTER
        self.pause = _FIRST_PAUSE if steady else min(self.pause * 2, _LONGEST_PAUSE)
        self.due = now + self.pause
        return self.pause

    def _say(self, chinese: str, english: str) -> None:
        name = self.child.name
        say(f"{_NAMES.get(name, name)}{chinese} / the {name} {english}")


class Supervisor:
    """Runs children, given in the order in which they need each other, until SIGINT, SIGTERM or SIGHUP.

    Used as a context: however its block ends, the children are ended in order. A wish to end that arrives before
    ``watch`` breaks off whatever is being prepared, as Ctrl-C does; it is no error.
    """

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._bell, self._button = socket.socketpair()
        self._watching = self._asked_to_end = False

    def __enter__(self) -> Supervisor:
        for end in (self._bell, self._button):
            end.setblocking(False)
        signal.set_wakeup_fd(self._button.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, self._end_wished)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Ask all to end, then wait for each, those that need others first."""
        self._watching = True  # a second wish changes nothing
        for child in reversed(self.children):
            child.ask_to_end()
        for child in reversed(self.children):
            child.end()
        signal.set_wakeup_fd(-1)
        return kind is KeyboardInterrupt

    def watch(self) -> None:
        """Bring back what dies, with growing pauses of up to 8 s. Returns when it is wished that all end."""
        self._watching = True
        watches = [_Watch(child) for child in self.children]
        while not self._asked_to_end:
            now = monotonic()
            for watch in watches:
                watch.look(now)
            self._sleep(min((watch.due - now for watch in watches if watch.due is not None), default=60.0))

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Ask again and again until ``ready`` says yes; False when time is up or a child died."""
        end = monotonic() + seconds
        while all(child.pid for child in self.children) and monotonic() < end:
            if ready():
                return True
            self._sleep(0.1)
        return False

    def _end_wished(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked_to_end = True
        if not self._watching:
            raise KeyboardInterrupt

    def _sleep(self, seconds: float) -> None:
        """Until a signal arrives, a child's death among them, or time is up."""
        if select.select([self._bell], [], [], max(seconds, 0))[0]:
            self._bell.recv(4096)
