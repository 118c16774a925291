"""``hpf run``: the whole hall under one process."""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

from django.conf import settings

from hpf.casework.attachments import clear_drafts
from hpf.faces.cli import demonstration, typed
from hpf.faces.cli.database import embedded_server, ready_center
from hpf.faces.cli.demo.days import doubt_about
from hpf.faces.cli.log_files import log_file
from hpf.faces.cli.supervisor import Child, Database, Program, Supervisor, say
from hpf.kernel import Actor
from hpf.policy import choose_business_day
from hpf.storage import antivirus, durable
from hpf.storage.children import spawn
from hpf.storage.embedded import Unstartable

READY_SECONDS = 60
_JOB_STATEMENT_SECONDS = "600"
_NOBODY = (
    "这里还没有中心，没有用户可以登录（HPF_DEMONSTRATION_DATA=none）。要演示数据，请去掉这项设置后重新启动；"
    "要建立正式中心，请设HPF_MODE=production，再运行hpf center found 文件 / there is no center yet, nobody can log in: "
    "start without that setting for the demonstration, or found a real one with HPF_MODE=production and "
    "hpf center found FILE"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--today",
        type=typed.day,
        metavar="YYYY-MM-DD",
        help="演示环境的业务日期 / business day, in demonstration only",
    )
    parser.add_argument(
        "--port", type=typed.port, default=settings.HALL.port, help="端口，缺省为HPF_PORT / port to listen on"
    )


def run(options: argparse.Namespace) -> int:
    """Start everything, say where it is, and stay until asked to end. Raises ``Unstartable``."""
    _check_port(settings.HALL.host, options.port)
    server = embedded_server()
    programs: list[Child] = [
        Program("web", lambda: _web(options.port)),
        Program("worker", lambda: _worker(options.port)),
    ]
    base: list[Child] = [Database(server)] if server else []
    with Supervisor([*base, *programs]) as supervisor:
        for child in base:
            child.start()
        _prepare(options.today)
        for child in programs:
            child.start()
        if not supervisor.wait_until(lambda: _answers(options.port), READY_SECONDS):
            logs = settings.HALL.data / "logs"
            raise Unstartable(f"网厅未能启动，原因见{logs} / the hall did not start; the logs in {logs} say why")
        say("\n".join(greeting(options.port)))
        supervisor.watch()
    say("已停止 / stopped")
    return 0


def _prepare(today: date | None) -> None:
    """The center as this version wants it, and a tidy data folder."""
    hall = settings.HALL
    ready_center()
    if hall.is_demonstration and hall.demonstration_data and demonstration.is_new():
        whole = demonstration.planned(today)
        say("正在建立演示中心，约需半分钟 / building the demonstration, about half a minute")
        demonstration.build(whole)
    clear_drafts()
    if today is not None:
        with durable(Actor.SYSTEM):
            choose_business_day(today)
            doubt = doubt_about(today)
        if doubt:
            say(f"{doubt.chinese} / {doubt.english}")


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unstartable(
                f"端口{port}不能使用（{error.strerror}） / port {port} cannot be used ({error.strerror})"
            ) from error


def _web(port: int) -> subprocess.Popen[bytes]:
    hall = settings.HALL
    server = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", hall.host, "--port", str(port)]
    processes = ["--workers", str(hall.web_workers), "--blocking-threads", "4", "--backpressure", "64"]
    repair = ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "20"]
    command = [sys.executable, "-m", "granian", *server, *processes, *repair, "config.wsgi:application"]
    return spawn(command, log=log_file("web"), environ=_environ(port))


def _worker(port: int) -> subprocess.Popen[bytes]:
    environ = {**_environ(port), "HPF_STATEMENT_SECONDS": _JOB_STATEMENT_SECONDS}
    command = [sys.executable, "-m", "hpf.faces.batch"]
    # without the hall there is no database to say goodbye to: the job that runs is tried again next time
    return spawn(command, log=log_file("worker"), farewell=signal.SIGKILL, environ=environ)


def _environ(port: int) -> dict[str, str]:
    """Our own environment. The port that was asked for stands in it: papers and messages print the hall's address."""
    return {**os.environ, "HPF_PORT": str(port)}


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(_nearby(settings.HALL.host), port, timeout=5)
    try:
        connection.request("HEAD", "/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _nearby(host: str) -> str:
    """The address under which this machine reaches what listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _virus_line() -> str:
    """Whether uploads pass a virus scanner, and whether it answers."""
    scanner = settings.HALL.antivirus
    if scanner is None:
        found = antivirus.scanner_found()
        hint = f"，本机有clamd，可设HPF_ANTIVIRUS=clamd:{found}" if found else "（HPF_ANTIVIRUS）"
        return f"病毒检查未启用{hint} / uploads pass no virus scanner"
    if scanner.answers():
        return f"病毒检查已启用：{scanner.place} / uploads pass ClamAV"
    return f"病毒检查没有应答，上传一律拒绝：{scanner.place} / ClamAV does not answer: uploads are refused"


def greeting(port: int) -> Iterator[str]:
    """Where the hall is, who can log in, and how to end it, line by line."""
    hall = settings.HALL
    yield f"网厅已启动 / the hall is open: http://{_nearby(hall.host)}:{port}/"
    if hall.is_demonstration:
        yield from (_NOBODY,) if demonstration.is_new() else demonstration.announcement()
    yield _virus_line()
    yield f"数据目录 / data folder: {hall.data}    停止 / stop: Ctrl-C"
