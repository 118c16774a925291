"""The numbers of a roster encrypted by a second process while the first one still reads and judges.

``python -m hpf.account_opening.encrypting`` is told the keyring as it is written in the settings, then any number of
``[(number, mobile, bank card), …]``; it answers each of these with ``[(…), …]``, what `EncryptedNumbers` holds. The
keys come by the pipe alone; the end of the pipe ends it too. What is said is written as the interpreter keeps it
(`marshal`), with its length before it: both sides are the same program, and JSON would hold no bytes.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple

import hpf
from hpf.account_opening.shapes import RosterRow
from hpf.storage.crypto import Keyring

PATIENCE_SECONDS = 120
"""How long the process may be silent: a handful of people takes it a second."""
_ROOT = Path(hpf.__file__).parent.parent
_LENGTH_BYTES = 8


class EncryptedNumbers(NamedTuple):
    """What is kept of a person's numbers: encrypted, with a digest where it is searched by."""

    identity: bytes | None
    identity_digest: bytes | None
    mobile: bytes | None
    mobile_digest: bytes | None
    bank_card: bytes | None


def encrypt_numbers(ring: Keyring, number: str, mobile: str, bank_card: str) -> EncryptedNumbers:
    """Encrypt one person's numbers; what is empty is nothing."""
    return EncryptedNumbers(
        ring.encrypt("identity", number) if number else None,
        ring.digest("identity", number) if number else None,
        ring.encrypt("mobile", mobile) if mobile else None,
        ring.digest("mobile", mobile) if mobile else None,
        ring.encrypt("bank_account", bank_card) if bank_card else None,
    )


class Encrypter:
    """Takes rows in handfuls and has them encrypted; the process starts with the first handful."""

    def __init__(self, ring: Keyring, patience_seconds: float) -> None:
        self._ring, self._patience_seconds = ring, patience_seconds
        self._errand = ThreadPoolExecutor(max_workers=1)
        self._taken: list[tuple[Sequence[RosterRow], Future[list[EncryptedNumbers]]]] = []

    @cached_property
    def child(self) -> subprocess.Popen[bytes]:
        """The process that encrypts, started when it is first asked for."""
        return _start(self._ring)

    def take(self, rows: Sequence[RosterRow]) -> None:
        """Have these rows encrypted; returns at once."""
        self._taken.append((rows, self._errand.submit(_exchange, self.child, rows)))

    @property
    def people(self) -> int:
        """How many have been taken."""
        return sum(len(rows) for rows, _ in self._taken)

    def encrypted(self) -> dict[int, EncryptedNumbers]:
        """Everything taken so far, by the number of the row.

        Waits for it. Raises ``RuntimeError`` or ``OSError`` if the process died, ``TimeoutError`` if it is silent.
        """
        done: dict[int, EncryptedNumbers] = {}
        for rows, answer in self._taken:
            encrypted = answer.result(self._patience_seconds)
            done.update(zip((row.number for row in rows), encrypted, strict=True))
        return done

    def end(self) -> None:
        """End the process, whatever it is at."""
        if self._taken:
            self.child.kill()
            self._errand.shutdown(cancel_futures=True)
            self.child.communicate()


@contextmanager
def encrypting(ring: Keyring, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[Encrypter]:
    """An encrypter whose process ends with the block, however that ends."""
    encrypter = Encrypter(ring, patience_seconds)
    try:
        yield encrypter
    finally:
        encrypter.end()


def _start(ring: Keyring) -> subprocess.Popen[bytes]:
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "hpf.account_opening.encrypting"],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None  # noqa: S101 - for the type checker: stdin is a pipe
    _say(child.stdin, ring.written)
    return child


def _exchange(child: subprocess.Popen[bytes], rows: Sequence[RosterRow]) -> list[EncryptedNumbers]:
    assert child.stdin is not None  # noqa: S101 - for the type checker: both are pipes
    assert child.stdout is not None  # noqa: S101
    _say(child.stdin, [(row.document_number, row.mobile, row.bank_card) for row in rows])
    try:
        answer = _heard(child.stdout)
    except EOFError as error:
        raise RuntimeError(f"the process that encrypts ended with {child.wait()}") from error
    return [EncryptedNumbers(*values) for values in answer]


def _say(pipe: IO[bytes], message: Any) -> None:
    content = marshal.dumps(message)
    pipe.write(len(content).to_bytes(_LENGTH_BYTES, "big") + content)
    pipe.flush()


def _heard(pipe: IO[bytes]) -> Any:
    """The next message. Raises ``EOFError`` at the end of the pipe."""
    length = int.from_bytes(pipe.read(_LENGTH_BYTES), "big")
    content = pipe.read(length)
    if not content or len(content) < length:
        raise EOFError
    return marshal.loads(content)  # noqa: S302 - said by our own process, which holds our keys


def main() -> None:
    """The process's part."""
    ring = Keyring.parse(_heard(sys.stdin.buffer))
    with suppress(EOFError):
        while True:
            rows = _heard(sys.stdin.buffer)
            _say(sys.stdout.buffer, [tuple(encrypt_numbers(ring, *numbers)) for numbers in rows])


if __name__ == "__main__":
    main()
