"""Encrypted columns: SM4-GCM with the key's id in front, and a keyed SM3 digest for exact search.

A stored value is ``algorithm (1 byte) · key id (1) · nonce (12) · ciphertext · tag (16)``, so that a value says how to
read it and keys and algorithms can change while old values stay readable (GB/T 39786). The purpose of the column is
authenticated with the value: an identity number pasted into the mobile column does not decrypt.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_SM4_GCM = 1


class Undecryptable(Exception):
    """A stored value cannot be read: its key is not in the keyring, or it was tampered with."""


@dataclass(frozen=True)
class Keyring:
    """The data keys of a center, oldest first. The newest encrypts; the oldest makes the search digests."""

    keys: tuple[tuple[int, bytes], ...]

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read ``1:base64,2:base64``; each key has 32 bytes. Raises ``ValueError``."""
        keys = []
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            number, _, encoded = part.partition(":")
            key = base64.b64decode(encoded, validate=True)
            if not number.isdigit() or not 0 < int(number) < 256 or len(key) != 32:
                raise ValueError("a data key is written id:base64, with an id of 1–255 and 32 bytes")
            keys.append((int(number), key))
        if not keys or len({number for number, _ in keys}) != len(keys):
            raise ValueError("at least one data key is needed, each with an id of its own")
        return cls(tuple(keys))

    @property
    def written(self) -> str:
        """The keys as `parse` reads them. A secret."""
        return ",".join(f"{number}:{base64.b64encode(key).decode()}" for number, key in self.keys)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(number for number, _ in self.keys)

    def encrypt(self, purpose: str, text: str) -> bytes:
        """Encrypt a text under the newest key."""
        number, _ = self.keys[-1]
        nonce = os.urandom(12)
        encryptor = Cipher(self._ciphers[number], GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(purpose.encode())
        sealed = encryptor.update(text.encode()) + encryptor.finalize()
        return bytes((_SM4_GCM, number)) + nonce + sealed + encryptor.tag

    def decrypt(self, purpose: str, stored: bytes) -> str:
        """The text of a stored value. Raises ``Undecryptable``."""
        algorithm, number, nonce, tag = stored[0], stored[1], stored[2:14], stored[-16:]
        if algorithm != _SM4_GCM or number not in self._ciphers:
            raise Undecryptable(f"no key {number} for algorithm {algorithm} in the keyring")
        decryptor = Cipher(self._ciphers[number], GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(purpose.encode())
        try:
            return (decryptor.update(stored[14:-16]) + decryptor.finalize()).decode()
        except InvalidTag as error:
            raise Undecryptable("the stored value does not carry its own seal") from error

    def file_key(self, number: int, purpose: str, salt: bytes) -> bytes:
        """The SM4 key of one sealed file. Raises ``Undecryptable`` if the keyring has no data key ``number``."""
        for known, key in self.keys:
            if known == number:
                return _derive(key, b"file:" + purpose.encode(), 16, salt)
        raise Undecryptable(f"no key {number} in the keyring")

    def digest(self, purpose: str, text: str) -> bytes:
        """A keyed SM3 digest (32 bytes) of a text, for exact search and uniqueness."""
        mac = self._mac.copy()
        mac.update(purpose.encode() + b"\0" + text.encode())
        return mac.finalize()

    @cached_property
    def _ciphers(self) -> dict[int, SM4]:
        return {number: SM4(_derive(key, b"encrypt", 16)) for number, key in self.keys}

    @cached_property
    def _mac(self) -> hmac.HMAC:
        return hmac.HMAC(_derive(self.keys[0][1], b"digest", 32), hashes.SM3())


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The keyring of the center that this process serves."""
    return Keyring.parse(settings.DATA_KEYS)


def sm3(content: bytes) -> bytes:
    """The plain SM3 digest (GB/T 32905) of a content."""
    sha = hashes.Hash(hashes.SM3())
    sha.update(content)
    return sha.finalize()


def _derive(key: bytes, info: bytes, length: int, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=length, salt=salt, info=info).derive(key)
