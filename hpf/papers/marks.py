"""Numbers and moments as papers show them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from io import BytesIO

import segno

BEIJING = timezone(timedelta(hours=8), "Beijing")


def in_beijing(moment: datetime) -> datetime:
    """A moment by the clock on the center's wall. Raises ``ValueError`` if it does not say its time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a paper's moment needs its time zone: {moment}")
    return moment.astimezone(BEIJING)


def grouped(number: str) -> str:
    """A number in groups of four, so that it can be typed without losing one's place.

    >>> grouped("5111000002147")
    '5111 0000 0214 7'
    """
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def qr_code(text: str) -> str:
    """A QR code (GB/T 18284, error correction M) as an SVG text."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()
