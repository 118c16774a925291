"""Gateways over HTTP: what they are asked, and what their answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import quote

import pytest

from hpf.notices.gateways import Gateway, Pending, Verdict, open_gateway
from hpf.notices.gateways.generic_http import signature
from hpf.notices.settings import CloudGateway, GatewayKind, HttpGateway, NoticesSettings, Signing
from tests.unit.notices.servers import MESSAGE, Asked, answering, closed_port

CLOUD = CloudGateway("AKID", "SECRET", {"login-code": "SMS_15305"}, app_id="1400006666", scheme="http")
PENDING = [Pending("900^0", "13800138000", datetime(2026, 8, 10, 17, 0, tzinfo=UTC))]


def opened(kind: GatewayKind, port: int, **http: object) -> Gateway:
    """A gateway of a kind that is reached on a port of this machine."""
    own = (
        HttpGateway(url=f"http://127.0.0.1:{port}/send", **{"json": {"to": "{mobile}", "text": "{text}"}, **http})  # type: ignore[arg-type]
        if kind is GatewayKind.HTTP
        else replace(CLOUD, endpoint=f"127.0.0.1:{port}")
    )
    gateway = open_gateway(NoticesSettings(kind, own, signature="乐山公积金", timeout_seconds=1))
    assert gateway is not None
    return gateway


OVER_HTTP = [GatewayKind.HTTP, GatewayKind.ALIYUN, GatewayKind.TENCENT]


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_where_nobody_listens_nothing_was_sent(kind: GatewayKind) -> None:
    assert opened(kind, closed_port()).send(MESSAGE).verdict is Verdict.UNAVAILABLE


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_silence_after_the_request_is_unclear_and_ends_in_time(kind: GatewayKind) -> None:
    with answering(silent=True) as server:
        began = monotonic()
        assert opened(kind, server.port).send(MESSAGE).verdict is Verdict.UNCLEAR
        assert monotonic() - began < 4
        assert len(server.asked) == 1  # no library of them tries again by itself


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_an_error_of_the_server_is_unclear(kind: GatewayKind) -> None:
    with answering(status=500) as server:
        assert opened(kind, server.port).send(MESSAGE).verdict is Verdict.UNCLEAR


# --- As the settings spell it ----------------------------------------------------------------------------------------


def test_a_message_fills_the_places_of_the_request_and_nothing_else() -> None:
    quoting = replace(MESSAGE, text='"}, "to": "13900000000{mobile}', values={})
    with answering({"code": "0", "data": [{"id": 31}]}) as server:
        gateway = opened(
            GatewayKind.HTTP,
            server.port,
            query={"ref": "{id}"},
            json={"to": ["{mobile}"], "text": "{text}", "odd": "{what}", "n": 1},
            headers={"Authorization": "Bearer x"},
            accepted=("code", "0"),
            id_path="data.0.id",
        )
        outcome = gateway.send(quoting)
    (asked,) = server.asked
    assert (outcome.verdict, outcome.gateway_id) == (Verdict.SENT, "31")
    assert asked.json == {"to": ["13800138000"], "text": quoting.text, "odd": "{what}", "n": 1}
    assert (asked.query, asked.path, asked.headers["Authorization"]) == ({"ref": "7"}, "/send", "Bearer x")


def test_a_form_and_a_query_are_encoded() -> None:
    with answering() as server:
        opened(GatewayKind.HTTP, server.port, json={}, form={"m": "{mobile}", "c": "{text}&x=1"}).send(MESSAGE)
        opened(GatewayKind.HTTP, server.port, json={}, method="GET", query={"c": "{text}"}).send(MESSAGE)
    form, query = server.asked
    assert form.form == {"m": MESSAGE.address, "c": MESSAGE.text + "&x=1"}
    assert (query.method, query.query) == ("GET", {"c": MESSAGE.text})


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_the_signature_covers_time_and_body(algorithm: str) -> None:
    signing = Signing("s3cret", algorithm=algorithm)
    with answering() as server:
        opened(GatewayKind.HTTP, server.port, signing=signing).send(MESSAGE)
    (asked,) = server.asked
    given, moment = asked.headers["X-Signature"], asked.headers["X-Timestamp"]
    assert given == signature(signing, moment, asked.body)
    assert given != signature(signing, moment, asked.body + b" ")
    assert given != signature(signing, str(int(moment) + 1), asked.body)
    if algorithm == "sha256":
        assert given == hmac.new(b"s3cret", moment.encode() + b"\n" + asked.body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "answer", "verdict"),
    [
        (200, {"code": "0"}, Verdict.SENT),
        (200, {"code": "17"}, Verdict.REJECTED),
        (200, {}, Verdict.REJECTED),
        (302, {"code": "0"}, Verdict.REJECTED),
        (403, {"code": "0"}, Verdict.REJECTED),
        (429, {}, Verdict.UNAVAILABLE),
        (503, {}, Verdict.UNAVAILABLE),
        (502, {}, Verdict.UNCLEAR),
    ],
)
def test_an_answer_means_what_the_settings_say(status: int, answer: dict[str, str], verdict: Verdict) -> None:
    with answering(answer, status) as server:
        assert opened(GatewayKind.HTTP, server.port, accepted=("code", "0")).send(MESSAGE).verdict is verdict


# --- Aliyun ----------------------------------------------------------------------------------------------------------


def test_aliyun_is_asked_in_its_own_words_and_the_request_is_signed() -> None:
    with answering({"Code": "OK", "Message": "OK", "BizId": "900^0", "RequestId": "R"}) as server:
        outcome = opened(GatewayKind.ALIYUN, server.port).send(MESSAGE)
    (asked,) = server.asked
    assert (outcome.verdict, outcome.gateway_id) == (Verdict.SENT, "900^0")
    assert asked.query["PhoneNumbers"] == "13800138000"
    assert (asked.query["SignName"], asked.query["TemplateCode"]) == ("乐山公积金", "SMS_15305")
    assert json.loads(asked.query["TemplateParam"]) == {"code": "123456", "minutes": "5"}
    assert asked.headers["x-acs-action"] == "SendSms"
    assert asked.headers["Authorization"] == aliyun_authorization(asked, "SECRET")


def aliyun_authorization(asked: Asked, secret: str) -> str:
    """ACS3-HMAC-SHA256, computed anew from what arrived, as the service does."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    signed = dict(part.split("=", 1) for part in headers["authorization"].split(" ", 1)[1].split(","))["SignedHeaders"]
    query = "&".join(f"{quote(name, safe='~')}={quote(asked.query[name], safe='~')}" for name in sorted(asked.query))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed.split(";"))
    content = hashlib.sha256(asked.body).hexdigest()
    canonical = "\n".join([asked.method, asked.path, query, lines, signed, content])
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    value = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential=AKID,SignedHeaders={signed},Signature={value}"


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (200, "isv.MOBILE_NUMBER_ILLEGAL", Verdict.REJECTED),
        (200, "isv.BUSINESS_LIMIT_CONTROL", Verdict.LATER),
        (400, "InvalidAccessKeyId.NotFound", Verdict.REJECTED),
        (400, "Throttling.User", Verdict.UNAVAILABLE),
    ],
)
def test_aliyun_says_no_by_a_code(status: int, code: str, verdict: Verdict) -> None:
    with answering({"Code": code, "Message": "no", "RequestId": "R"}, status) as server:
        outcome = opened(GatewayKind.ALIYUN, server.port).send(MESSAGE)
    assert outcome.verdict is verdict
    assert code in outcome.reason


@pytest.mark.parametrize("kind", [GatewayKind.ALIYUN, GatewayKind.TENCENT])
def test_a_message_without_a_registered_template_asks_nobody(kind: GatewayKind) -> None:
    with answering() as server:
        outcome = opened(kind, server.port).send(replace(MESSAGE, template="letter"))
    assert (outcome.verdict, server.asked) == (Verdict.REJECTED, [])


def test_aliyun_is_asked_what_became_of_a_message() -> None:
    details = {"SmsSendDetailDTO": [{"SendStatus": 3, "ErrCode": "DELIVERED", "PhoneNum": "13800138000"}]}
    with answering({"Code": "OK", "SmsSendDetailDTOs": details}) as server:
        (receipt,) = opened(GatewayKind.ALIYUN, server.port).receipts(PENDING)
        details["SmsSendDetailDTO"][0].update(SendStatus=1)
        assert opened(GatewayKind.ALIYUN, server.port).receipts(PENDING) == []
    assert (receipt.gateway_id, receipt.delivered) == ("900^0", True)
    assert server.asked[0].query["SendDate"] == "20260811"  # the day in China


# --- Tencent ---------------------------------------------------------------------------------------------------------


def test_tencent_is_asked_in_its_own_words_and_the_request_is_signed() -> None:
    status = {"SerialNo": "2026:1", "Code": "Ok", "Message": "send success", "PhoneNumber": "+8613800138000"}
    with answering({"Response": {"SendStatusSet": [status], "RequestId": "R"}}) as server:
        outcome = opened(GatewayKind.TENCENT, server.port).send(MESSAGE)
    (asked,) = server.asked
    assert (outcome.verdict, outcome.gateway_id) == (Verdict.SENT, "2026:1")
    assert asked.json == {
        "PhoneNumberSet": ["+8613800138000"],
        "SmsSdkAppId": "1400006666",
        "TemplateId": "SMS_15305",
        "SignName": "乐山公积金",
        "TemplateParamSet": ["123456", "5"],
        "SessionContext": "7",
    }
    assert asked.headers["X-TC-Action"] == "SendSms"
    assert asked.headers["Authorization"].endswith(tencent_signature(asked, "SECRET"))


def tencent_signature(asked: Asked, secret: str) -> str:
    """TC3-HMAC-SHA256, computed anew from what arrived, as the service does."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    moment = headers["x-tc-timestamp"]
    day = datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%d")
    signed = headers["authorization"].split("SignedHeaders=")[1].split(",")[0]
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed.split(";"))
    canonical = "\n".join([asked.method, "/", "", lines, signed, hashlib.sha256(asked.body).hexdigest()])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"TC3-HMAC-SHA256\n{moment}\n{day}/sms/tc3_request\n{digest}"
    key = ("TC3" + secret).encode()
    for part in (day, "sms", "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"SendStatusSet": [{"Code": "FailedOperation.TemplateIncorrectOrUnapproved"}]}, Verdict.REJECTED),
        ({"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]}, Verdict.LATER),
        ({"Error": {"Code": "AuthFailure.SecretIdNotFound", "Message": "no"}}, Verdict.REJECTED),
        ({"Error": {"Code": "RequestLimitExceeded", "Message": "later"}}, Verdict.UNAVAILABLE),
    ],
)
def test_tencent_says_no_by_a_code(answer: dict[str, object], verdict: Verdict) -> None:
    with answering({"Response": {**answer, "RequestId": "R"}}) as server:
        assert opened(GatewayKind.TENCENT, server.port).send(MESSAGE).verdict is verdict


def test_tencent_keeps_receipts_in_a_queue() -> None:
    found = [
        {"SerialNo": "2026:1", "ReportStatus": "SUCCESS", "Description": "DELIVRD"},
        {"SerialNo": "2026:2", "ReportStatus": "FAIL", "Description": "MK:0001"},
    ]
    with answering({"Response": {"PullSmsSendStatusSet": found, "RequestId": "R"}}) as server:
        receipts = opened(GatewayKind.TENCENT, server.port).receipts(PENDING)
    assert [(one.gateway_id, one.delivered, one.reason) for one in receipts] == [
        ("2026:1", True, "DELIVRD"),
        ("2026:2", False, "MK:0001"),
    ]


def test_nothing_of_a_secret_goes_to_the_gateway() -> None:
    with answering() as server:
        for kind in (GatewayKind.ALIYUN, GatewayKind.TENCENT):
            opened(kind, server.port).send(MESSAGE)
    for asked in server.asked:
        everything = asked.body + repr(asked.headers).encode() + repr(asked.query).encode()
        assert b"SECRET" not in everything
        assert base64.b64encode(b"SECRET") not in everything
