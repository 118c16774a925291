"""The supervisor outlives what it looks after, and those who look at it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hpf.faces.cli.supervisor import Program, _Watch, say
from hpf.storage.embedded import Unstartable


def _no_room() -> subprocess.Popen[bytes]:
    raise OSError(28, "No space left on device")


def test_what_cannot_be_started_now_is_tried_later_and_later(capsys: pytest.CaptureFixture[str]) -> None:
    watch = _Watch(Program("worker", _no_room), started=0.0)
    watch.look(1.0)
    pauses = []
    for _ in range(6):
        assert watch.due is not None
        watch.look(watch.due)
        pauses.append(watch.pause)
    assert pauses == [2, 4, 8, 8, 8, 8]
    said = capsys.readouterr().out
    assert "后台任务未能启动（[Errno 28] No space left on device） / the worker did not start" in said
    assert "后台任务没有启动，8秒后再试 / the worker did not start; it is tried again in 8 s" in said


def test_it_is_looked_after_again_once_it_could_be_started() -> None:
    attempts = iter([_no_room, _sleeper, _sleeper])
    program = Program("worker", lambda: next(attempts)(), patience_seconds=5)
    watch = _Watch(program, started=0.0)
    watch.look(1.0)
    watch.look(10.0)
    watch.look(20.0)
    assert (watch.due, program.pid is not None) == (None, True)
    program.ask_to_end()
    program.end()
    watch.look(100.0)
    assert watch.due == 100.5


def test_a_program_that_cannot_be_started_is_one_line() -> None:
    with pytest.raises(Unstartable, match=r"\A网页服务未能启动.* / the web did not start .*\Z"):
        Program("web", _no_room).start()


def test_a_terminal_that_is_gone_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        say("网页服务已重新启动 / the web is started again")
        say("后台任务已重新启动 / the worker is started again")


def _sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
