"""The second process that encrypts what a roster brings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hpf.account_opening.sealing import sealing
from hpf.storage import Keyring
from tests.unit.account_opening.people import GOOD, citizen_number

RING = Keyring.parse("1:" + "A" * 43 + "=,2:" + "B" * 42 + "A=")
ROWS = [replace(GOOD, number=at, document_number=citizen_number(at), mobile=f"138{at:08d}") for at in range(1, 8)]


def test_every_number_comes_back_encrypted_under_the_newest_key_at_its_row() -> None:
    with sealing(RING) as sealer:
        sealer.take(ROWS[:4])
        sealer.take(ROWS[4:])
        sealed = sealer.sealed()
    assert sealer.people == 7
    for row in ROWS:
        found = sealed.pop(row.number)
        assert found.identity is not None
        assert found.identity[1] == 2
        assert RING.decrypt("identity", found.identity) == row.document_number
        assert RING.decrypt("mobile", found.mobile or b"") == row.mobile
        assert found.identity_digest == RING.digest("identity", row.document_number)
        assert found.mobile_digest == RING.digest("mobile", row.mobile)
    assert sealed == {}


def test_what_a_row_does_not_have_is_nothing() -> None:
    bare = replace(GOOD, document_number="", mobile="", bank_card="6222000000000000")
    with sealing(RING) as sealer:
        sealer.take([bare])
        identity, identity_digest, mobile, mobile_digest, card = sealer.sealed()[bare.number]
    assert (identity, identity_digest, mobile, mobile_digest) == (None, None, None, None)
    assert RING.decrypt("bank_account", card or b"") == "6222000000000000"


def test_a_process_that_died_is_an_error_and_never_a_gap() -> None:
    with sealing(RING) as sealer:
        sealer.take(ROWS[:1])
        sealer.sealed()
        sealer.child.kill()
        sealer.take(ROWS[1:])
        with pytest.raises((RuntimeError, OSError)):
            sealer.sealed()


def test_the_process_ends_with_the_block_however_that_ends() -> None:
    with pytest.raises(ZeroDivisionError), sealing(RING) as sealer:  # noqa: PT012 - the block is what ends
        sealer.take(ROWS)
        child = sealer.child
        raise ZeroDivisionError
    assert child.returncode is not None
