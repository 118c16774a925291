"""Which address of the counter belongs to which function (业务): what is closed, and has hours, by itself there.

A second person's decision on what was handed in belongs to none: what has begun goes on to its end. Nor does what only
takes access away, a grant's or the whole service's: whoever is let go is out at any hour.
"""

from __future__ import annotations

from hpf.registry.codes import HallFunction

_REGISTRATION = (
    "register",
    "correct-application",
    "submit-application",
    "attach-scans",
    "take-scan-off",
)
_ACCESS = ("hand-over", "handler", "mobile", "grant-new", "grant-hand-over")
_MONEY = ("statements", "claim", "line-correct", "line-take-back")
_INQUIRIES = ("inquiry-answer", "inquiry-forward")

FUNCTIONS: dict[str, HallFunction] = {
    **dict.fromkeys(_REGISTRATION, HallFunction.REGISTRATION),
    **dict.fromkeys(_ACCESS, HallFunction.ACCESS),
    **dict.fromkeys(_MONEY, HallFunction.MONEY),
    **dict.fromkeys(_INQUIRIES, HallFunction.INQUIRIES),
}
"""Name in ``permissions.WHO``: its function. The others are closed with the whole counter alone."""
