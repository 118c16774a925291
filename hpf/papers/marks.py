"""Numbers as papers show them: in groups of four, and as a QR code."""

from __future__ import annotations

from io import BytesIO

import segno


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
