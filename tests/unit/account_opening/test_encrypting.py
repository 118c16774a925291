"""The second process that encrypts what a roster brings."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from hpf.account_opening.encrypting import encrypting
from hpf.storage import Keyring
from tests.unit.account_opening.people import GOOD, citizen_number

RING = Keyring.parse("1:" + "A" * 43 + "=,2:" + "B" * 42 + "A=")
ROWS = [replace(GOOD, number=at, document_number=citizen_number(at), mobile=f"138{at:08d}") for at in range(1, 8)]


def test_every_number_comes_back_encrypted_under_the_newest_key_at_its_row() -> None:
    with encrypting(RING) as encrypter:
        encrypter.take(ROWS[:4])
        encrypter.take(ROWS[4:])
        encrypted = encrypter.encrypted()
    assert encrypter.people == 7
    for row in ROWS:
        found = encrypted.pop(row.number)
        assert found.identity is not None
        assert found.identity[1] == 2
        assert RING.decrypt("identity", found.identity) == row.document_number
        assert RING.decrypt("mobile", found.mobile or b"") == row.mobile
        assert found.identity_digest == RING.digest("identity", row.document_number)
        assert found.mobile_digest == RING.digest("mobile", row.mobile)
    assert encrypted == {}


def test_what_a_row_does_not_have_is_nothing() -> None:
    bare = replace(GOOD, document_number="", mobile="", bank_card="6222000000000000")
    with encrypting(RING) as encrypter:
        encrypter.take([bare])
        identity, identity_digest, mobile, mobile_digest, card = encrypter.encrypted()[bare.number]
    assert (identity, identity_digest, mobile, mobile_digest) == (None, None, None, None)
    assert RING.decrypt("bank_account", card or b"") == "6222000000000000"


def test_a_process_that_died_is_an_error_and_never_a_gap() -> None:
    with encrypting(RING) as encrypter:
        encrypter.take(ROWS[:1])
        encrypter.encrypted()
        encrypter.child.kill()
        encrypter.take(ROWS[1:])
        with pytest.raises((RuntimeError, OSError)):
            encrypter.encrypted()


def test_a_process_that_is_silent_is_an_error_too_and_ends_with_the_block() -> None:
    with encrypting(RING, patience_seconds=0.1) as encrypter:
        encrypter.child.send_signal(signal.SIGSTOP)
        encrypter.take(ROWS)
        with pytest.raises(TimeoutError):
            encrypter.encrypted()
    assert encrypter.child.returncode == -signal.SIGKILL


def test_the_process_ends_with_the_block_however_that_ends() -> None:
    with pytest.raises(ZeroDivisionError), encrypting(RING) as encrypter:  # noqa: PT012 - the block is what ends
        encrypter.take(ROWS)
        child = encrypter.child
        raise ZeroDivisionError
    assert child.returncode is not None
