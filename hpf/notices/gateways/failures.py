"""Of a call that failed: was the message certainly not handed over, or is it unclear?"""

from __future__ import annotations

import socket

from hpf.notices.gateways.shapes import Outcome, Verdict

_NOBODY_THERE = (ConnectionRefusedError, socket.gaierror)
# The names by which requests and urllib3 say that no connection came about. The libraries of the clouds wrap them.
_NOT_CONNECTED = {"ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError", "ProxyError"}


def outcome_of(error: BaseException) -> Outcome:
    """``UNAVAILABLE`` if no connection came about, otherwise ``UNCLEAR``: what was written may have been read."""
    chain = list(_chain(error))
    nobody = any(isinstance(one, _NOBODY_THERE) or type(one).__name__ in _NOT_CONNECTED for one in chain)
    return Outcome(Verdict.UNAVAILABLE if nobody else Verdict.UNCLEAR, reason=type(chain[-1]).__name__)


def _chain(error: BaseException) -> list[BaseException]:
    """An error and all that caused it, also those that libraries carry as arguments; each once."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop(0)
        if any(one is other for other in found):
            continue
        found.append(one)
        causes = (
            one.__cause__,
            one.__context__,
            getattr(one, "reason", None),
            getattr(one, "inner_exception", None),
            *one.args,
        )
        waiting += [cause for cause in causes if isinstance(cause, BaseException)]
    return found
