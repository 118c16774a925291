"""Findings are kept, shown and sent in clear: whatever number identifies a person is masked in them."""

from __future__ import annotations

import re
from typing import Any

from hpf.kernel import Refusal, Severity
from hpf.kernel.identity import mask_identity, mask_mobile

_NUMBER = re.compile(r"[A-Za-z]{1,3}\d{6,}[\dA-Za-z]*|\d(?:[\s\-—‐－]?\d){8,}[\s\-—‐－]?[\dXxＸｘ]?")
"""Nine digits, separated or not, or six behind letters: no amount, no date, no row's number looks like that."""


def masked(text: str) -> str:
    """A text as it may be kept: long numbers masked, and nothing in it that a page or a column cannot hold.

    Users type identity numbers into every column there is; findings quote what they typed.

    >>> masked("证件类型“511102199003071235”不能识别")
    '证件类型“511102********1235”不能识别'
    """
    shown = _NUMBER.sub(_mask, text)
    return shown if shown.isprintable() else "".join(map(_printable, shown))


def to_json(refusal: Refusal) -> dict[str, Any]:
    """A finding as it is kept: what is empty left out, whatever may quote a cell masked."""
    quoting = {key: getattr(refusal, key) for key in ("what", "why", "remedy", "proposal")}
    kept: dict[str, Any] = {key: masked(text) for key, text in quoting.items() if text}
    kept |= {key: text for key in ("where", "basis") if (text := getattr(refusal, key))}
    kept |= {"code": refusal.code, "severity": refusal.severity.value}
    if refusal.case_no is not None:
        kept["case_no"] = refusal.case_no
    return kept


def from_json(kept: dict[str, Any]) -> Refusal:
    """A finding as it was kept."""
    return Refusal(**{**kept, "severity": Severity(kept["severity"])})


def _printable(char: str) -> str:
    return char if char.isprintable() else " " if char.isspace() else "\ufffd"


def _mask(found: re.Match[str]) -> str:
    number = found[0]
    if len(number) == 11:
        return mask_mobile(number)
    return mask_identity(number) if len(number) > 11 else number[:2] + "*" * (len(number) - 4) + number[-2:]
