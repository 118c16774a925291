"""Delivery receipts that a generic HTTP gateway brings to the hall: signed, timed, and read as the settings spell.

Whoever sends one again changes nothing by it: a receipt moves a message once, and a message that goes out again has
another number.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from hpf.notices.gateways.generic_http import at, signature
from hpf.notices.gateways.shapes import DeliveryReceipt
from hpf.notices.settings import PushedReceipts

WITHIN = timedelta(minutes=5)
MOST = 500
LARGEST_BODY = 256 * 1024


class Untrusted(ValueError):
    """What came is not signed by the gateway, is too old, or cannot be read. The message says which, for the log."""


def receipts_in(
    settings: PushedReceipts, headers: Mapping[str, str], body: bytes, kind: str, now: datetime
) -> list[DeliveryReceipt]:
    """The receipts in what the gateway pushed; ``kind`` is its media type. Raises ``Untrusted``.

    Without number or state one is left out: gateways push replies of people by the same way.
    """
    _assert_signed(settings, headers, body, now)
    tree = _tree(body, kind)
    found = at(tree, settings.list_path) if settings.list_path else tree
    rows = found if isinstance(found, list) else [found]
    if len(rows) > MOST:
        raise Untrusted(f"more than {MOST} receipts at once")
    return [receipt for row in rows if (receipt := _receipt(settings, row))]


def _assert_signed(settings: PushedReceipts, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    signing = settings.signing
    moment = headers.get(signing.time_header, "")
    given = headers.get(signing.header, "").lower()
    if not hmac.compare_digest(given.encode(), signature(signing, moment, body).encode()):
        raise Untrusted("the signature does not fit")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        raise Untrusted("the time is not in seconds")
    if abs(now.timestamp() - int(moment)) > WITHIN.total_seconds():
        raise Untrusted("the time is not now")


def _tree(body: bytes, kind: str) -> Any:
    try:
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode(), strict_parsing=True))
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Untrusted("neither JSON nor a form") from error


def _receipt(settings: PushedReceipts, row: Any) -> DeliveryReceipt | None:
    number, state = _text(row, settings.id_path), _text(row, settings.state_path)
    if not number or not state:
        return None
    delivered = state == settings.delivered
    said = _text(row, settings.reason_path) if settings.reason_path else state
    return DeliveryReceipt(number, delivered, "" if delivered else (said or state))


def _text(row: Any, path: str) -> str:
    found = at(row, path)
    if found is None or isinstance(found, dict | list):
        return ""
    return str(found)[:120].replace("\0", "").encode(errors="replace").decode()
