"""Sealed files: any size comes back, in little memory, and nothing that was changed does."""

from __future__ import annotations

import io
import itertools
import os
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpf.storage import Keyring
from hpf.storage.crypto import Undecryptable
from hpf.storage.sealed_files import CHUNK_BYTES, seal, unseal

OLD, NEW = (1, bytes(range(32))), (2, bytes(range(1, 33)))
KEYS = Keyring((OLD, NEW))
HEAD_BYTES, SEALED_BYTES = 18, CHUNK_BYTES + 16
TWO_AND_A_HALF = os.urandom(CHUNK_BYTES * 2 + 1000)


def sealed(content: bytes, keys: Keyring = KEYS) -> bytes:
    return b"".join(seal(keys, "attachment", [content]))


def opened(stored: bytes, keys: Keyring = KEYS, purpose: str = "attachment") -> bytes:
    return b"".join(unseal(keys, purpose, io.BytesIO(stored)))


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
)
def test_every_size_comes_back(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content


@given(st.lists(st.binary(max_size=70_000), max_size=4))
def test_it_does_not_matter_in_which_pieces_a_content_came(pieces: list[bytes]) -> None:
    assert opened(b"".join(seal(KEYS, "attachment", pieces))) == b"".join(pieces)


def test_the_newest_key_seals_and_every_key_opens() -> None:
    assert sealed(b"x")[1] == 2
    assert opened(sealed(b"x", Keyring((OLD,)))) == b"x"
    with pytest.raises(Undecryptable, match="no key 2"):
        opened(sealed(b"x"), Keyring((OLD,)))


def test_the_same_content_is_never_sealed_alike() -> None:
    assert sealed(TWO_AND_A_HALF)[HEAD_BYTES:] != sealed(TWO_AND_A_HALF)[HEAD_BYTES:]


@pytest.mark.parametrize("at", [0, 1, 2, 17, 18, HEAD_BYTES + SEALED_BYTES, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    stored = bytearray(sealed(TWO_AND_A_HALF))
    stored[at] ^= 1
    with pytest.raises(Undecryptable):
        opened(bytes(stored))


@pytest.mark.parametrize("length", [0, 10, HEAD_BYTES, HEAD_BYTES + 5, HEAD_BYTES + SEALED_BYTES, -1, -1016])
def test_what_was_cut_off_is_noticed(length: int) -> None:
    with pytest.raises(Undecryptable):
        opened(sealed(TWO_AND_A_HALF)[:length])


def test_chunks_in_another_order_twice_or_of_another_file_are_noticed() -> None:
    stored, other = sealed(TWO_AND_A_HALF), sealed(TWO_AND_A_HALF)
    head, first, second, last = (
        stored[:HEAD_BYTES],
        *(stored[HEAD_BYTES + n * SEALED_BYTES :][:SEALED_BYTES] for n in range(3)),
    )
    for parts in ([second, first, last], [first, first, second, last], [first, second, last, last], [first, last]):
        with pytest.raises(Undecryptable):
            opened(head + b"".join(parts))
    with pytest.raises(Undecryptable):
        opened(other[:HEAD_BYTES] + stored[HEAD_BYTES:])


def test_a_file_sealed_for_something_else_does_not_open() -> None:
    with pytest.raises(Undecryptable):
        opened(sealed(b"x"), purpose="backup")


def test_a_large_file_needs_the_memory_of_a_few_chunks() -> None:
    class Pipe(io.RawIOBase):
        """Reads what is sealed while it is being sealed."""

        def __init__(self, pieces: Iterator[bytes]) -> None:
            self.pieces, self.rest = pieces, b""

        def read(self, size: int = -1) -> bytes:
            while len(self.rest) < size and (piece := next(self.pieces, b"")):
                self.rest += piece
            self.rest, got = self.rest[size:], self.rest[:size]
            return got

    content = itertools.repeat(bytes(CHUNK_BYTES), 16 * 60)  # 60 MB
    tracemalloc.start()
    size = sum(map(len, unseal(KEYS, "attachment", Pipe(seal(KEYS, "attachment", content)))))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 60 * 1024 * 1024
    assert peak < 2 * 1024 * 1024
