"""A gateway that takes a message by an HTTP request, as the center's settings spell it.

Redirects are not followed and no proxy of the environment is used: a code goes where the settings say and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as own_hmac

from hpf.notices.gateways.failures import outcome_of
from hpf.notices.gateways.shapes import DeliveryReceipt, Outcome, Outgoing, Pending, Verdict
from hpf.notices.settings import HttpGateway, NoticesSettings, Signing

_LONGEST_ANSWER = 64 * 1024
_LATER = (429, 503)


def connect(gateway: HttpGateway, settings: NoticesSettings) -> GenericHttp:
    """The gateway of these settings. Each message gets a connection of its own."""
    return GenericHttp(gateway, settings.timeout_seconds)


class GenericHttp:
    """One request a message. See `HttpGateway` for how it is written."""

    def __init__(self, gateway: HttpGateway, timeout: int) -> None:
        self._gateway, self._timeout = gateway, timeout
        self._address = urlsplit(gateway.url)

    def send(self, message: Outgoing) -> Outcome:
        """Hand over one message. A connection that does not come about is ``UNAVAILABLE``, silence is ``UNCLEAR``."""
        own = {"mobile": message.address, "text": message.text, "id": str(message.id), "template": message.template}
        body, kind = _body(self._gateway, own)
        connection = self._connection()
        try:
            connection.connect()
        except OSError as error:
            return Outcome(Verdict.UNAVAILABLE, reason=type(error).__name__)
        try:
            connection.request(self._gateway.method, self._target(own), body, self._headers(body, kind))
            answer = connection.getresponse()
            return self._judged(answer, _read_within(answer, self._timeout))
        except (OSError, HTTPException) as error:
            return outcome_of(error)
        finally:
            connection.close()

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """None to fetch: such a gateway brings its receipts to the hall's own address (`pushed`)."""
        del pending
        return []

    def close(self) -> None:
        """Nothing is left open."""

    def _connection(self) -> HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._address.scheme == "https":
            return HTTPSConnection(host, port, timeout=self._timeout, context=ssl.create_default_context())
        return HTTPConnection(host, port, timeout=self._timeout)

    def _target(self, own: Mapping[str, str]) -> str:
        query = urlencode(_filled(self._gateway.query, own))
        parts = [part for part in (self._address.query, query) if part]
        return (self._address.path or "/") + ("?" + "&".join(parts) if parts else "")

    def _headers(self, body: bytes, kind: str) -> dict[str, str]:
        headers = {**self._gateway.headers, **({"Content-Type": kind} if kind else {})}
        if self._gateway.signing:
            moment = str(int(time.time()))
            headers[self._gateway.signing.time_header] = moment
            headers[self._gateway.signing.header] = signature(self._gateway.signing, moment, body)
        return headers

    def _judged(self, answer: HTTPResponse, content: bytes) -> Outcome:
        reason = f"HTTP {answer.status}"
        if answer.status in _LATER:
            return Outcome(Verdict.UNAVAILABLE, reason=reason)
        if answer.status >= 500:
            return Outcome(Verdict.UNCLEAR, reason=reason)
        if not 200 <= answer.status < 300:
            return Outcome(Verdict.REJECTED, reason=reason)
        tree = _tree(content)
        if self._gateway.accepted:
            path, value = self._gateway.accepted
            if (found := _text_at(tree, path)) != value:
                return Outcome(Verdict.REJECTED, reason=f"{path}={found[:60]}")
        return Outcome(Verdict.SENT, _text_at(tree, self._gateway.id_path) if self._gateway.id_path else "")


def signature(signing: Signing, moment: str, body: bytes) -> str:
    """HMAC over ``time``, a line end and the body, in hex: SHA-256, or SM3 where the center wants it so."""
    content = moment.encode() + b"\n" + body
    if signing.algorithm == "sm3":
        mac = own_hmac.HMAC(signing.secret.encode(), hashes.SM3())
        mac.update(content)
        return mac.finalize().hex()
    return hmac.new(signing.secret.encode(), content, hashlib.sha256).hexdigest()


def _body(gateway: HttpGateway, own: Mapping[str, str]) -> tuple[bytes, str]:
    if gateway.json:
        return json.dumps(_filled(gateway.json, own), ensure_ascii=False).encode(), "application/json; charset=utf-8"
    if gateway.form:
        return urlencode(_filled(gateway.form, own)).encode(), "application/x-www-form-urlencoded"
    return b"", ""


def _filled(tree: Any, own: Mapping[str, str]) -> Any:
    """A tree with a message's own in all its texts. What is filled in is never read again."""
    if isinstance(tree, Mapping):
        return {key: _filled(value, own) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, own) for value in tree]
    if not isinstance(tree, str):
        return tree
    pieces = tree.split("{")
    return pieces[0] + "".join(_piece(piece, own) for piece in pieces[1:])


def _piece(piece: str, own: Mapping[str, str]) -> str:
    name, closed, rest = piece.partition("}")
    return own[name] + rest if closed and name in own else "{" + piece


def _read_within(answer: HTTPResponse, seconds: int) -> bytes:
    """The answer, as far as it matters. Raises ``TimeoutError`` for one that drips."""
    end, content = time.monotonic() + seconds, b""
    while len(content) < _LONGEST_ANSWER and (some := answer.read1(8192)):
        content += some
        if time.monotonic() > end:
            raise TimeoutError
    return content


def _tree(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return {}


def at(tree: Any, path: str) -> Any:
    """What stands at ``data.list.0.id`` in a tree, ``None`` if nothing does."""
    for step in path.split("."):
        if isinstance(tree, list) and step.isdecimal() and int(step) < len(tree):
            tree = tree[int(step)]
        elif isinstance(tree, dict):
            tree = tree.get(step)
        else:
            return None
    return tree


def _text_at(tree: Any, path: str) -> str:
    found = at(tree, path)
    return "" if found is None else str(found)
