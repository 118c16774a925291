"""Programs that the hall starts and answers for: each in a session of its own, none outliving the hall."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    farewell: signal.Signals = signal.SIGTERM,
    account: pwd.struct_passwd | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program that writes both its outputs to the end of ``log``.

    It gets a session of its own, so that a Ctrl-C in the terminal reaches the hall alone, which then ends its children
    in order. If the hall dies without a word, Linux sends the child ``farewell``. ``account`` is the operating system's
    user to run as (the hall must be root), ``folder`` the working folder.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.touch(mode=0o600)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environ) if environ is not None else None,
            start_new_session=True,
            preexec_fn=_bound_to_parent(farewell),
            **as_account(account),
        )


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments of ``subprocess`` that run a program as a user of the operating system; none for ourselves."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}


def end_group(leader: int, farewell: signal.Signals = signal.SIGKILL) -> None:
    """Signal everything that a program started by ``spawn`` has left behind in its session's process group."""
    try:
        os.killpg(leader, farewell)
    except ProcessLookupError:
        return  # nothing was left


def _bound_to_parent(farewell: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None, use_errno=True).prctl, os.getpid()

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the line above
            os.kill(os.getpid(), farewell)

    return bind
