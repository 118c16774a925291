"""Model fields that carry the kernel's values into the database and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

from hpf.kernel import Fen, Month, Rate
from hpf.storage.crypto import keyring

if TYPE_CHECKING:
    _BigInteger = models.BigIntegerField[Fen | int, Fen]
    _Integer = models.IntegerField[Rate, Rate]
    _Date = models.DateField[Month, Month]
    _Binary = models.Field[str, str]
else:
    _BigInteger, _Integer, _Date, _Binary = (
        models.BigIntegerField,
        models.IntegerField,
        models.DateField,
        models.Field,
    )


class FenField(_BigInteger):
    """Whole fen as ``bigint``; ``Fen`` in Python."""

    def from_db_value(self, value: int | None, *_: Any) -> Fen | None:
        return None if value is None else Fen(value)


class RateField(_Integer):
    """A rate as hundredths of a percent; ``Rate`` in Python."""

    def from_db_value(self, value: int | None, *_: Any) -> Rate | None:
        return None if value is None else Rate(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.bp if isinstance(value, Rate) else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Rate) else super().to_python(value)


class MonthField(_Date):
    """A month as the date of its first day; ``Month`` in Python."""

    def from_db_value(self, value: date | None, *_: Any) -> Month | None:
        return None if value is None else Month.of(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.first_day if isinstance(value, Month) else super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Month) else super().to_python(value)


class EncryptedField(_Binary):
    """A text kept as SM4-GCM ciphertext; plain ``str`` in Python. ``purpose`` is bound into the ciphertext."""

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 — the same on every PostgreSQL
        return "bytea"

    def from_db_value(self, value: bytes | None, *_: Any) -> str | None:
        return None if value is None else keyring().decrypt(self.purpose, bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else keyring().encrypt(self.purpose, value)
