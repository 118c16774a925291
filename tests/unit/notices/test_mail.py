"""Mail through a server that really speaks SMTP."""

from __future__ import annotations

import email
import email.policy
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from hpf.notices.gateways import Gateway, Outgoing, Verdict, open_gateway
from hpf.notices.settings import MailServer, NoticesSettings, Tls
from hpf.notices.templates import Way
from tests.unit.notices.servers import closed_port

MAIL = Outgoing(
    7, "wang@example.com", "贵单位2026年8月汇缴已入账。\n\n回单可以下载。", "booking-arrived", {}, "2026年8月汇缴已入账"
)


class Postman:
    """Takes mails and answers as told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.to_recipient = self.to_data = "250 OK"

    async def handle_RCPT(  # noqa: N802 — the name by which the library calls
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.to_data.startswith("250"):
            self.taken.append(envelope)
        return self.to_data

    def only(self) -> Any:
        (envelope,) = self.taken
        return email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[arg-type]


@contextmanager
def post_office(**more: Any) -> Iterator[tuple[Postman, MailServer]]:
    postman = Postman()
    controller = Controller(postman, hostname="127.0.0.1", port=closed_port(), **more)
    controller.start()
    try:
        yield postman, MailServer("127.0.0.1", controller.port, "hall@fund.example", "住房公积金网厅", tls=Tls.NONE)
    finally:
        controller.stop()


def opened(server: MailServer) -> Gateway:
    gateway = open_gateway(NoticesSettings(mail=server, timeout_seconds=2), Way.MAIL)
    assert gateway is not None
    return gateway


def test_a_mail_arrives_as_it_was_written() -> None:
    with post_office() as (postman, server):
        outcome = opened(server).send(MAIL)
    assert outcome.verdict is Verdict.SENT
    mail = postman.only()
    assert mail["Subject"] == MAIL.subject
    assert (mail["To"], mail["From"]) == ("wang@example.com", "住房公积金网厅 <hall@fund.example>")
    assert mail.get_content().splitlines() == MAIL.text.splitlines()
    assert mail.get_content_type() == "text/plain"
    assert mail["Message-ID"] == outcome.gateway_id


def test_many_mails_go_in_one_session() -> None:
    with post_office() as (postman, server):
        gateway = opened(server)
        for number in range(3):
            assert gateway.send(replace(MAIL, id=number)).verdict is Verdict.SENT
        gateway.close()
    assert len(postman.taken) == 3
    assert len({id(envelope) for envelope in postman.taken}) == 3


@pytest.mark.parametrize(
    ("place", "answer", "verdict"),
    [
        ("to_recipient", "550 no", Verdict.REJECTED),
        ("to_recipient", "450 this one later", Verdict.LATER),
        ("to_recipient", "421 goodbye", Verdict.UNAVAILABLE),
        ("to_data", "550 no", Verdict.REJECTED),
        ("to_data", "451 later", Verdict.UNAVAILABLE),
    ],
)
def test_a_server_says_no_or_later(place: str, answer: str, verdict: Verdict) -> None:
    with post_office() as (postman, server):
        setattr(postman, place, answer)
        gateway = opened(server)
        outcome = gateway.send(MAIL)
        assert (outcome.verdict, outcome.reason) == (verdict, f"SMTP {answer[:3]}")
        setattr(postman, place, "250 OK")
        assert gateway.send(MAIL).verdict is Verdict.SENT


def test_a_server_that_is_not_there_was_given_nothing() -> None:
    gateway = opened(MailServer("127.0.0.1", closed_port(), "hall@fund.example", tls=Tls.NONE))
    assert gateway.send(MAIL).verdict is Verdict.UNAVAILABLE


@pytest.mark.parametrize(
    "wrong", [{"subject": "甲\r\nBcc: thief@example.com"}, {"address": "a..b@example.com"}, {"address": "a.@qq.com"}]
)
def test_what_makes_no_header_is_refused_and_keeps_no_other_mail_waiting(wrong: dict[str, str]) -> None:
    with post_office() as (postman, server):
        gateway = opened(server)
        assert gateway.send(replace(MAIL, **wrong)).verdict is Verdict.REJECTED
        assert gateway.send(MAIL).verdict is Verdict.SENT
    assert len(postman.taken) == 1


def certificate(folder: Path) -> Path:
    """A certificate for this machine and its key, in one file."""
    file = folder / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file), "-out", str(folder / "ca.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text(file.read_text() + (folder / "ca.pem").read_text())
    return file


def test_a_password_goes_over_a_line_that_is_safe_and_to_a_server_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given == LoginPassword(b"hall", b"secret")
        return AuthResult(success=right)

    with post_office(tls_context=context, authenticator=known, auth_required=True) as (postman, server):
        secured = replace(server, tls=Tls.STARTTLS, user="hall", password="secret")
        assert opened(secured).send(MAIL).verdict is Verdict.UNAVAILABLE  # nobody vouches for this certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert opened(secured).send(MAIL).verdict is Verdict.SENT
        assert opened(replace(secured, password="wrong")).send(MAIL).verdict is Verdict.UNAVAILABLE
    assert len(postman.taken) == 1
