"""Our clients against gateways of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from hpf.notices.gateways import Gateway, Outcome, Outgoing, Pending, Verdict, open_gateway
from hpf.notices.rendering import segments
from hpf.notices.settings import GatewayKind, HttpGateway, NoticesSettings, SmppGateway
from tests.integration.notices.carriers import Log, kannel, kannel_smpp_server, message_center, until
from tests.unit.notices.servers import Server, answering, closed_port

LONG = "【乐山公积金】" + "您单位2026年8月汇缴4,523.68元已入账，缴至年月为2026年8月。" * 6
PENDING = [Pending("65", "13800138000", datetime(2026, 8, 10, tzinfo=UTC))]


def text_to(mobile: str, text: str = "【乐山公积金】验证码123456") -> Outgoing:
    return Outgoing(1, mobile, text, "login-code", {})


def over_smpp(port: int, **changes: object) -> Gateway:
    own = replace(SmppGateway("127.0.0.1", port, "hall", "secret", "12329", country_code="86"), **changes)  # type: ignore[arg-type]
    gateway = open_gateway(NoticesSettings(GatewayKind.SMPP, own, timeout_seconds=2))
    assert gateway is not None
    return gateway


@pytest.fixture
def center(tmp_path: Path) -> Iterator[tuple[int, Log]]:
    with message_center(tmp_path) as found:
        yield found


class TestAMessageCenter:
    def test_takes_chinese_as_ucs_2_and_gives_it_a_number(self, center: tuple[int, Log]) -> None:
        port, log = center
        outcome = over_smpp(port).send(text_to("13800138000"))
        assert outcome == Outcome(Verdict.SENT, "65")
        _, mobile, coding, _, content, _ = log.says("submit").splitlines()[-1].split(" ")
        assert (mobile, coding) == ("8613800138000", "8")
        assert bytes.fromhex(content).decode("utf-16-be") == "【乐山公积金】验证码123456"

    def test_takes_a_long_text_as_parts_that_belong_together(self, center: tuple[int, Log]) -> None:
        port, log = center
        assert over_smpp(port).send(text_to("13800138000", LONG)).verdict is Verdict.SENT
        parts = [bytes.fromhex(line.split(" ")[4]) for line in log.text.splitlines() if line.startswith("submit")]
        assert len(parts) == segments(LONG)
        heads = [part[:6] for part in parts]
        assert {head[:4] for head in heads} == {heads[0][:4]}
        assert [(head[4], head[5]) for head in heads] == [(len(parts), number + 1) for number in range(len(parts))]
        assert b"".join(part[6:] for part in parts).decode("utf-16-be") == LONG

    def test_brings_receipts_for_what_arrived_and_what_did_not(self, center: tuple[int, Log]) -> None:
        gateway = over_smpp(center[0])
        for mobile in ("13800138000", "13800138007"):
            gateway.send(text_to(mobile, LONG))
        last = segments(LONG) + 100
        receipts = {receipt.gateway_id: receipt for receipt in gateway.receipts(PENDING)}
        assert receipts[f"{last:x}"].delivered
        assert not receipts[f"{last + segments(LONG):x}"].delivered
        assert receipts[f"{last + segments(LONG):x}"].reason.startswith("UNDELIV")
        gateway.close()

    @pytest.mark.parametrize(("last", "verdict"), [("9", Verdict.UNAVAILABLE), ("8", Verdict.REJECTED)])
    def test_that_refuses_says_whether_later_helps(self, center: tuple[int, Log], last: str, verdict: Verdict) -> None:
        assert over_smpp(center[0]).send(text_to("1380013800" + last)).verdict is verdict

    def test_that_does_not_know_us_was_given_nothing(self, center: tuple[int, Log]) -> None:
        port, log = center
        assert over_smpp(port, password="wrong").send(text_to("13800138000")).verdict is Verdict.UNAVAILABLE
        assert "submit" not in log.says("bind hall 14")

    def test_that_is_not_there_was_given_nothing(self) -> None:
        assert over_smpp(closed_port()).send(text_to("13800138000")).verdict is Verdict.UNAVAILABLE

    def test_that_went_away_leaves_its_last_text_unclear(self, center: tuple[int, Log]) -> None:
        port, log = center
        gateway = over_smpp(port)
        assert gateway.send(text_to("13800138000")).verdict is Verdict.SENT
        log.process.kill()
        log.process.wait()
        assert gateway.send(text_to("13800138000")).verdict is Verdict.UNCLEAR
        assert gateway.send(text_to("13800138000")).verdict is Verdict.UNAVAILABLE


class TestKannel:
    def test_s_own_smpp_server_is_bound_and_given_a_text(self, tmp_path: Path) -> None:
        with kannel_smpp_server(tmp_path) as (port, log):
            gateway = over_smpp(port, receipts=False)
            assert gateway.send(text_to("13800138000")).verdict is Verdict.SENT
            gateway.close()
            said = log.says("Handling SMPP PDU of type unbind")
        assert "Handling SMPP PDU of type bind_transmitter" in said
        assert "ESME has submitted all messages to SMSC" in said

    def test_reads_what_our_client_wrote_and_joins_its_parts(self, tmp_path: Path, center: tuple[int, Log]) -> None:
        port, log = center
        with answering() as told, kannel(tmp_path, told.url, center=port):
            log.says("bind kannel 0")
            assert over_smpp(port).send(text_to("13800138000")).verdict is Verdict.SENT
            assert over_smpp(port).send(text_to("13800138000", LONG)).verdict is Verdict.SENT
            until(lambda: len(told.asked) == 2, 20, lambda: str(told.asked))
        assert [as_kannel_read_it(told, number) for number in range(2)] == ["【乐山公积金】验证码123456", LONG]

    def test_takes_texts_over_http_to_its_fake_center(self, tmp_path: Path) -> None:
        with answering() as told, kannel(tmp_path, told.url) as (address, got):
            query = {"username": "hall", "password": "secret", "to": "{mobile}", "text": "{text}"}
            own = HttpGateway(address, "GET", query={**query, "charset": "UTF-8", "coding": "2"})
            gateway = open_gateway(NoticesSettings(GatewayKind.HTTP, own, timeout_seconds=5))
            assert gateway is not None
            assert gateway.send(text_to("13800138000")).verdict is Verdict.SENT
            got.says("13800138000 ucs-2")
            wrong = open_gateway(
                NoticesSettings(GatewayKind.HTTP, replace(own, query={**own.query, "password": "wrong"}))
            )
            assert wrong is not None
            assert wrong.send(text_to("13800138000")).verdict is Verdict.REJECTED


def as_kannel_read_it(told: Server, number: int) -> str:
    """What Kannel says that it got: the content of the text in two bytes a character, percent-encoded."""
    return parse_qs(told.asked[number].raw_query, encoding="latin-1")["text"][0].encode("latin-1").decode("utf-16-be")
