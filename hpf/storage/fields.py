"""Model fields that carry the kernel's values into the database and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from hpf.kernel import Fen, Month, Rate
from hpf.storage.crypto import keyring

_Set = TypeVar("_Set")
_Get = TypeVar("_Get")

# The stubs' fields are generic, Django's are not: below, ours are both. ``_pyi_…`` say what a field takes and gives.
if TYPE_CHECKING:
    from django.db.models import BigIntegerField, DateField, Field, IntegerField
else:

    def _generic(field: type) -> type:
        return type(field.__name__, (field,), {"__class_getitem__": classmethod(lambda cls, _: cls)})

    BigIntegerField, DateField = _generic(models.BigIntegerField), _generic(models.DateField)
    Field, IntegerField = _generic(models.Field), _generic(models.IntegerField)


class FenField(BigIntegerField[_Set, _Get]):
    """Whole fen as ``bigint``; ``Fen`` in Python."""

    _pyi_private_set_type: Fen | int
    _pyi_private_get_type: Fen
    _pyi_lookup_exact_type: Fen | int

    def from_db_value(self, value: int | None, *_: Any) -> Fen | None:
        return None if value is None else Fen(value)


class RateField(IntegerField[_Set, _Get]):
    """A rate as hundredths of a percent; ``Rate`` in Python."""

    _pyi_private_set_type: Rate  # type: ignore[assignment]
    _pyi_private_get_type: Rate  # type: ignore[assignment]
    _pyi_lookup_exact_type: Rate  # type: ignore[assignment]

    def from_db_value(self, value: int | None, *_: Any) -> Rate | None:
        return None if value is None else Rate(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.bp if isinstance(value, Rate) else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Rate) else super().to_python(value)


class MonthField(DateField[_Set, _Get]):
    """A month as the date of its first day; ``Month`` in Python."""

    _pyi_private_set_type: Month  # type: ignore[assignment]
    _pyi_private_get_type: Month  # type: ignore[assignment]
    _pyi_lookup_exact_type: Month  # type: ignore[assignment]

    def from_db_value(self, value: date | None, *_: Any) -> Month | None:
        return None if value is None else Month.of(value)

    def get_prep_value(self, value: Any) -> Any:
        return value.first_day if isinstance(value, Month) else super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Month) else super().to_python(value)


class EncryptedField(Field[_Set, _Get]):
    """A text kept as SM4-GCM ciphertext; plain ``str`` in Python. ``purpose`` is bound into the ciphertext."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str
    _pyi_lookup_exact_type: str

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
