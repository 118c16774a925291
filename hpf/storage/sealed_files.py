"""Files at rest: SM4-GCM in chunks, so that a file of any size needs the memory of a few chunks.

A sealed file is ``algorithm (1 byte) · key id (1) · salt (16)`` and then its chunks, each ``ciphertext · tag (16)``:
full ones of 64 KiB and a last one that may be shorter. Each file has a key of its own, derived from the data key, the
purpose and the salt, so that a chunk's number can be its nonce; the last chunk's nonce says that it is the last. What
was cut off, lengthened, put into another order or taken over from another file does not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from hpf.storage.crypto import Keyring, Undecryptable

_SM4_GCM_CHUNKS = 2
_SALT_BYTES, _TAG_BYTES = 16, 16
_HEAD_BYTES = 2 + _SALT_BYTES
CHUNK_BYTES = 64 * 1024


def seal(keyring: Keyring, purpose: str, content: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed form of a content, piece by piece, under the newest key."""
    number, salt = keyring.ids[-1], os.urandom(_SALT_BYTES)
    key = keyring.file_key(number, purpose, salt)
    yield bytes((_SM4_GCM_CHUNKS, number)) + salt
    for index, (chunk, is_last) in enumerate(_chunks(content)):
        encryptor = Cipher(SM4(key), GCM(_nonce(index, is_last))).encryptor()
        yield encryptor.update(chunk) + encryptor.finalize() + encryptor.tag


def unseal(keyring: Keyring, purpose: str, file: BinaryIO) -> Iterator[bytes]:
    """The content of a sealed file, chunk by chunk. Raises ``Undecryptable``.

    No chunk is handed out before its own tag is proved; that nothing is missing is proved at the end of the iteration.
    """
    head = file.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or head[0] != _SM4_GCM_CHUNKS:
        raise Undecryptable("this is no sealed file")
    key = keyring.file_key(head[1], purpose, head[2:])
    index, sealed = 0, file.read(CHUNK_BYTES + _TAG_BYTES)
    while sealed:
        following = file.read(CHUNK_BYTES + _TAG_BYTES)
        yield _open(key, _nonce(index, is_last=not following), sealed)
        index, sealed = index + 1, following
    if not index:
        raise Undecryptable("the sealed file was cut off")


def _open(key: bytes, nonce: bytes, sealed: bytes) -> bytes:
    if len(sealed) < _TAG_BYTES:
        raise Undecryptable("the sealed file was cut off")
    decryptor = Cipher(SM4(key), GCM(nonce, sealed[-_TAG_BYTES:])).decryptor()
    try:
        return decryptor.update(sealed[:-_TAG_BYTES]) + decryptor.finalize()
    except InvalidTag as error:
        raise Undecryptable("the sealed file does not carry its own seal") from error


def _nonce(index: int, is_last: bool) -> bytes:
    return (index << 8 | is_last).to_bytes(12, "big")


def _chunks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Full chunks, and a last one with what remains: an empty content is one empty chunk."""
    rest = bytearray()
    for piece in content:
        for start in range(0, len(piece), CHUNK_BYTES):
            rest += piece[start : start + CHUNK_BYTES]
            if len(rest) > CHUNK_BYTES:
                yield bytes(rest[:CHUNK_BYTES]), False
                del rest[:CHUNK_BYTES]
    yield bytes(rest), True
