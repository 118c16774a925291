"""The calling side: starts the child, hands on what it says, and outlives whatever becomes of it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

import hpf
from hpf.kernel import Refusal, Refused, Severity
from hpf.papers.reading.limits import Limits
from hpf.papers.reading.refusals import unreadable
from hpf.papers.reading.sheet import Formula

_log = logging.getLogger(__name__)
_ROOT = Path(hpf.__file__).parent.parent
_OUT_OF_TIME = {-signal.SIGALRM, -signal.SIGXCPU}
_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV}


@contextmanager
def reader(
    kind: str, path: Path, limits: Limits, prefer: str = "", aside: str = ""
) -> Iterator[Iterator[dict[str, Any]]]:
    """What a child says of a file of unknown origin, message by message; it ends with the block, however that ends.

    Raises ``Refused`` with one of ``FILE_CODES``, on entry or while the messages are read.
    """
    _must_open(path)
    with tempfile.TemporaryFile() as errors:
        child = _start(kind, path, limits, (prefer, aside), errors)
        try:
            yield _messages(child, errors)
        finally:
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def _must_open(path: Path) -> None:
    """Raises ``Refused`` for a path where no file can be opened."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise unreadable("FILE-UNREADABLE", f"{path}（{error.strerror}）") from error


def _start(
    kind: str, path: Path, limits: Limits, sheets: tuple[str, str], errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the child with an environment that holds none of our secrets."""
    command = [
        sys.executable,
        "-m",
        "hpf.papers.reading.child",
        kind,
        str(path.absolute()),
        json.dumps(asdict(limits)),
        *sheets,
    ]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module; the path is an argument, never a shell's
        command, cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
    )


def _messages(child: subprocess.Popen[bytes], errors: IO[bytes]) -> Iterator[dict[str, Any]]:
    """What the child says after it is ready, to its end. Raises ``Refused`` for a refusal and for its death."""
    assert child.stdout is not None  # noqa: S101 - for the type checker: stdout is a pipe
    ready = False
    for line in child.stdout:
        message = json.loads(line, object_hook=_value)
        if "refused" in message:
            raise Refused(_refusal(fields) for fields in message["refused"])
        if "end" in message:
            return
        if ready:
            yield message
        ready = True
    raise _death(child.wait(), ready, errors)


def _death(code: int, ready: bool, errors: IO[bytes]) -> Exception:
    """What to raise when the child died: the file's fault if a limit ended it, else ours."""
    errors.seek(0)
    last_words = errors.read()[-2_000:].decode(errors="replace")
    if ready and code in _OUT_OF_TIME:
        refused = unreadable("FILE-TOO-SLOW")
    elif ready and code in _OUT_OF_MEMORY:
        refused = unreadable("FILE-TOO-HEAVY")
    else:
        return RuntimeError(f"the reader of files ended with {code}: {last_words}")
    _log.warning("a file ended its reader with %s: %s", code, last_words)
    return refused


def _value(fields: dict[str, Any]) -> Any:
    """JSON objects back into days and formulas; any other object stays what it is."""
    if "d" in fields:
        return date.fromisoformat(fields["d"])
    return Formula(fields["f"]) if "f" in fields else fields


def _refusal(fields: dict[str, Any]) -> Refusal:
    return Refusal(**{**fields, "severity": Severity(fields["severity"])})
