"""What a center says about its gateways: one TOML file, named by HPF_NOTICES, read once and typed.

Pure: nothing here knows Django or opens a connection. `NoticesSettings.read` raises `UnreadableSettings` with every
line that needs mending.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

DEFAULT_SIGNATURE = "住房公积金"
LONGEST_TIMEOUT = 30
DAILY_ALARM = 5_000
_SHORTEST_SECRET = 16


class GatewayKind(StrEnum):
    """The way out of text messages. ``NONE`` keeps them in the outbox, as the demonstration does."""

    NONE = "none"
    HTTP = "http"
    ALIYUN = "aliyun"
    TENCENT = "tencent"
    SMPP = "smpp"


class UnreadableSettings(ValueError):
    """The file of gateways cannot be taken as it stands. ``lines``: one a fault, Chinese / English."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Signing:
    """How a generic HTTP gateway knows that a request is ours: an HMAC over time and body, in headers of its choice."""

    secret: str
    header: str = "X-Signature"
    time_header: str = "X-Timestamp"
    algorithm: str = "sha256"


@dataclass(frozen=True, slots=True)
class PushedReceipts:
    """How the gateway pushes delivery receipts to the hall: signed as ``signing`` says, by paths as in `HttpGateway`.

    ``list_path`` leads to a list of receipts, ``""`` where one comes alone. ``delivered`` is the state that means
    delivered; any other means that it failed.
    """

    signing: Signing
    id_path: str
    state_path: str
    delivered: str
    list_path: str = ""
    reason_path: str = ""


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """A gateway that takes one message by one request.

    ``{mobile}``, ``{text}``, ``{id}`` and ``{template}`` stand for a message's own in every value of ``query``,
    ``json`` and ``form``. ``accepted`` is (path, value) of the answer that means yes; without it every 2xx does.
    ``id_path`` is where the answer names the message.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    accepted: tuple[str, str] | None = None
    id_path: str = ""
    signing: Signing | None = None
    receipts: PushedReceipts | None = None


@dataclass(frozen=True, slots=True)
class CloudGateway:
    """Aliyun or Tencent. ``templates`` maps our templates to those registered there.

    ``app_id`` is Tencent's SDK App ID. ``endpoint`` and ``scheme`` stay empty but for a private access point.
    """

    key_id: str
    key_secret: str
    templates: Mapping[str, str]
    app_id: str = ""
    region: str = ""
    endpoint: str = ""
    scheme: str = "https"


@dataclass(frozen=True, slots=True)
class SmppGateway:
    """A message center that speaks SMPP 3.4. ``receipts``: bind as transceiver and ask for delivery receipts."""

    host: str
    port: int
    system_id: str
    password: str
    source: str
    system_type: str = ""
    country_code: str = ""
    receipts: bool = True
    tls: bool = False


class Tls(StrEnum):
    """How the line to a mail server is made safe: from its first byte, after a greeting, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server that speaks SMTP. ``sender`` is the address that mails come from."""

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = ""
    tls: Tls = Tls.STARTTLS


AnyGateway = HttpGateway | CloudGateway | SmppGateway


@dataclass(frozen=True, slots=True)
class NoticesSettings:
    """All that a center says about sending. ``gateway`` is ``None`` exactly for ``GatewayKind.NONE``.

    ``daily_alarm``: so many texts are charged a day before the system's administrator is warned.
    """

    kind: GatewayKind = GatewayKind.NONE
    gateway: AnyGateway | None = None
    signature: str = DEFAULT_SIGNATURE
    timeout_seconds: int = 8
    daily_alarm: int = DAILY_ALARM
    mail: MailServer | None = None

    @classmethod
    def read(cls, text: str, *, production: bool) -> NoticesSettings:
        """The settings in a TOML text. In production every address must be https or TLS."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UnreadableSettings([f"不是TOML格式（{error}） / is not TOML ({error})"]) from error
        reader = _Reader("", document, [])
        settings = replace(_read(reader.table("sms"), production), mail=_mail(reader, production))
        reader.nothing_else()
        if reader.faults:
            raise UnreadableSettings(reader.faults)
        return settings


def _read(sms: _Reader, production: bool) -> NoticesSettings:
    kind = sms.choice("gateway", GatewayKind, GatewayKind.NONE)
    signature = sms.text("signature", DEFAULT_SIGNATURE)
    if set(signature) & set("【】[]\r\n"):
        sms.fault("signature", "不带括号和换行", "stands without brackets and line ends")
    timeout = sms.whole("timeout_seconds", 8, 1, LONGEST_TIMEOUT)
    daily_alarm = sms.whole("daily_alarm", DAILY_ALARM, 1, 10_000_000)
    gateway = _GATEWAYS[kind](sms, production) if kind in _GATEWAYS else None
    sms.nothing_else()
    return NoticesSettings(kind, gateway, signature, timeout, daily_alarm)


def _http(sms: _Reader, production: bool) -> HttpGateway:
    url = sms.text("url")
    scheme = urlsplit(url).scheme
    if url and scheme not in (("https",) if production else ("https", "http")):
        sms.fault("url", "应以https://开头", "must start with https://")
    accepted = sms.table("accepted") if "accepted" in sms.left else None
    signing = sms.table("signing") if "signing" in sms.left else None
    receipts = sms.table("receipts") if "receipts" in sms.left else None
    gateway = HttpGateway(
        url=url,
        method=sms.text("method", "POST").upper(),
        headers=sms.texts("headers"),
        query=sms.texts("query"),
        json=sms.tree("json"),
        form=sms.texts("form"),
        accepted=(accepted.text("path"), accepted.text("value")) if accepted else None,
        id_path=sms.text("id_path", ""),
        signing=_signing(signing) if signing else None,
        receipts=_receipts(receipts) if receipts else None,
    )
    for table in (accepted, signing, receipts):
        if table:
            table.nothing_else()
    if gateway.method not in ("GET", "POST") or (gateway.method == "GET" and (gateway.json or gateway.form)):
        sms.fault("method", "只能是POST，或不带json和form的GET", "must be POST, or GET without json and form")
    if gateway.receipts and not gateway.id_path:
        sms.fault("id_path", "须填写，回执凭它对应短信", "is required: receipts are matched by it")
    if gateway.json and gateway.form:
        sms.fault("form", "json和form只能有一个", "json and form exclude each other")
    return gateway


def _signing(table: _Reader) -> Signing:
    algorithm = table.text("algorithm", "sha256")
    if algorithm not in ("sha256", "sm3"):
        table.fault("algorithm", "只能是sha256或sm3", "must be sha256 or sm3")
    return Signing(
        table.text("secret"), table.text("header", "X-Signature"), table.text("time_header", "X-Timestamp"), algorithm
    )


def _receipts(table: _Reader) -> PushedReceipts:
    signing = _signing(table)
    if len(signing.secret) < _SHORTEST_SECRET:
        table.fault("secret", f"至少{_SHORTEST_SECRET}个字符", f"must have {_SHORTEST_SECRET} characters or more")
    return PushedReceipts(
        signing,
        table.text("id_path"),
        table.text("state_path"),
        table.text("delivered"),
        table.text("list_path", ""),
        table.text("reason_path", ""),
    )


def _cloud(sms: _Reader, production: bool) -> CloudGateway:
    scheme = sms.text("scheme", "https")
    if scheme != "https" and (production or scheme != "http"):
        sms.fault("scheme", "应为https", "must be https")
    templates = sms.texts("templates")
    if not templates:
        sms.fault("templates", "须列出在云平台报备的模板", "must list the templates registered with the cloud")
    return CloudGateway(
        key_id=sms.text("key_id"),
        key_secret=sms.text("key_secret"),
        templates=templates,
        app_id=sms.text("app_id", ""),
        region=sms.text("region", ""),
        endpoint=sms.text("endpoint", ""),
        scheme=scheme,
    )


def _tencent(sms: _Reader, production: bool) -> CloudGateway:
    gateway = _cloud(sms, production)
    if not gateway.app_id:
        sms.fault("app_id", "必须填写", "is required")
    return gateway


def _smpp(sms: _Reader, production: bool) -> SmppGateway:
    del production  # SMPP is spoken over a private line or a tunnel of the carrier; ``tls`` says if the line itself is
    return SmppGateway(
        host=sms.text("host"),
        port=sms.whole("port", 2775, 1, 65535),
        system_id=sms.text("system_id"),
        password=sms.text("password"),
        source=sms.text("source"),
        system_type=sms.text("system_type", ""),
        country_code=sms.text("country_code", ""),
        receipts=sms.truth("receipts", default=True),
        tls=sms.truth("tls", default=False),
    )


def _mail(document: _Reader, production: bool) -> MailServer | None:
    if "mail" not in document.left:
        return None
    mail = document.table("mail")
    tls = mail.choice("tls", Tls, Tls.STARTTLS)
    if tls is Tls.NONE and production:
        mail.fault("tls", "应为tls或starttls", "must be tls or starttls")
    server = MailServer(
        host=mail.text("host"),
        port=mail.whole("port", 465 if tls is Tls.TLS else 587, 1, 65535),
        sender=mail.text("sender"),
        sender_name=mail.text("sender_name", ""),
        user=mail.text("user", ""),
        password=mail.text("password", ""),
        tls=tls,
    )
    mail.nothing_else()
    return server


_GATEWAYS: Mapping[GatewayKind, Any] = {
    GatewayKind.HTTP: _http,
    GatewayKind.ALIYUN: _cloud,
    GatewayKind.TENCENT: _tencent,
    GatewayKind.SMPP: _smpp,
}


_Choice = TypeVar("_Choice", bound=StrEnum)


class _Reader:
    """Takes a table key by key and collects what is wrong, in it and in the tables below."""

    def __init__(self, name: str, table: dict[str, Any], faults: list[str]) -> None:
        self.name, self.left, self.faults = name, dict(table), faults

    def fault(self, key: str, chinese: str, english: str) -> None:
        where = f"{self.name}.{key}".lstrip(".")
        self.faults.append(f"{where} {chinese} / {where} {english}")

    def table(self, key: str) -> _Reader:
        value = self.left.pop(key, {})
        if not isinstance(value, dict):
            self.fault(key, "应为一组设置", "must be a table")
            value = {}
        return _Reader(f"{self.name}.{key}".lstrip("."), value, self.faults)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.left.pop(key, default)
        if value is None or (default is None and value == ""):
            self.fault(key, "必须填写", "is required")
        elif not isinstance(value, str):
            self.fault(key, "应为文字", "must be a text")
        else:
            return value
        return ""

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        value = self.left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(key, f"应为{least}至{most}的整数", f"must be a whole number from {least} to {most}")
            return default
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        value = self.left.pop(key, default)
        if not isinstance(value, bool):
            self.fault(key, "只能是true或false", "must be true or false")
            return default
        return value

    def choice(self, key: str, kind: type[_Choice], default: _Choice) -> _Choice:
        value = self.left.pop(key, default)
        if value not in list(kind):
            self.fault(key, f"只能是{'、'.join(kind)}", f"must be one of {', '.join(kind)}")
            return default
        return kind(value)

    def texts(self, key: str) -> dict[str, str]:
        values = self.table(key).left
        if not all(isinstance(value, str) for value in values.values()):
            self.fault(key, "各项应为文字", "must hold texts")
            return {}
        return values

    def tree(self, key: str) -> dict[str, Any]:
        return self.table(key).left

    def nothing_else(self) -> None:
        for key in self.left:
            self.fault(key, "没有这一项", "is unknown")
