"""Gateways that answer as a test tells them to: small HTTP servers that keep what they were asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hpf.notices.gateways import Outgoing

MESSAGE = Outgoing(
    7, "13800138000", "【乐山公积金】验证码123456，5分钟内有效。", "login-code", {"code": "123456", "minutes": "5"}
)


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    raw_query: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Server:
    """A server on a port of its own. ``status`` and ``answer`` are what it says; ``silence`` makes it say nothing."""

    port: int
    status: int = 200
    answer: Any = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    silence: threading.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def answering(answer: Any = None, status: int = 200, *, silent: bool = False) -> Iterator[Server]:
    """A gateway's server; a silent one takes a request and answers when the test is over."""
    own: Server

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            own.asked.append(Asked(self.command, address.path, query, dict(self.headers.items()), body, address.query))
            if own.silence:
                own.silence.wait(60)
            content = json.dumps(own.answer).encode()
            self.send_response(own.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked may be gone by now
                self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 — the names by which the library calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own = Server(server.server_port, status, answer or {}, silence=threading.Event() if silent else None)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield own
    finally:
        if own.silence:
            own.silence.set()
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
