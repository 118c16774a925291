"""The frozen shapes that the rules of opening see: a person, the law of a month, the unit account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from hpf.kernel import Fen, Month, Rate, Rounding
from hpf.papers.roster_columns import ROSTER_COLUMNS

BASE_COLUMN = "base"
TITLES: Mapping[str, str] = MappingProxyType(
    {column.key: column.title for column in ROSTER_COLUMNS} | {BASE_COLUMN: "缴存基数"}
)
"""What a field is called, by key; ``base`` is the column of employers who type the base itself."""


class DocumentType(StrEnum):
    """证件类型, JGJ/T 320-2014 A.1."""

    CITIZEN = "01"
    OFFICER = "02"
    PASSPORT = "03"
    PERMANENT_RESIDENT = "04"
    OTHER = "99"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the fields of a row stand: the letters of their columns by key, none on a form."""

    letters: Mapping[str, str] = field(default_factory=dict)

    def where(self, row: int, key: str) -> str:
        """``第12行 证件号码（D12）``, or ``证件号码`` on a form."""
        letters = self.letters.get(key)
        return f"第{row}行 {TITLES[key]}（{letters}{row}）" if letters else TITLES[key]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person to be opened, as typed and read; where a value was mended, the mended one.

    ``number`` is the row on the sheet. Of ``monthly_wage`` and ``base`` (缴存基数, typed instead) one is given.
    ``document_type`` is ``None`` and texts are empty where nothing is given; ``sex`` is ``1``, ``2`` or empty.
    ``unread`` are the keys of cells that hold something unreadable, which was said already.
    """

    number: int
    places: Places
    name: str = ""
    document_type: DocumentType | None = None
    document_number: str = ""
    mobile: str = ""
    monthly_wage: Fen | None = None
    base: Fen | None = None
    first_month: Month | None = None
    sex: str = ""
    birthday: date | None = None
    bank_card: str = ""
    unread: frozenset[str] = frozenset()

    def where(self, key: str) -> str:
        """The place of a field, for a refusal."""
        return self.places.where(self.number, key)

    @property
    def pay_key(self) -> str:
        """``base`` where the employer types the base itself, else ``monthly_wage``."""
        return BASE_COLUMN if self.base is not None or BASE_COLUMN in self.places.letters else "monthly_wage"

    @property
    def declared(self) -> Fen | None:
        """The wage or base as typed."""
        return self.base if self.pay_key == BASE_COLUMN else self.monthly_wage

    def lacks(self, key: str) -> bool:
        """Whether a field was left empty; ``False`` for a cell that was filled but could not be read."""
        value = getattr(self, key)
        return (value is None or value == "") and key not in self.unread


@dataclass(frozen=True, slots=True)
class OpeningLaw:
    """What the law says of accounts whose first month is this one. The limits are those of that month (B-04).

    ``basis`` is where the limits are written.
    """

    base_floor: Fen
    base_cap: Fen
    unit_rate: Rate
    personal_rate: Rate
    rounding: Rounding
    minimum_age: int
    basis: str


@dataclass(frozen=True, slots=True)
class OpeningContext:
    """The unit account and the day. ``unit_state`` is a code of JGJ/T 320-2014 A.4; ``paid_through`` is 缴至年月.

    ``declared_month`` is the one that is declared and not yet booked, by the case ``declared_case``. ``unit_number``
    is ``""`` where nobody said whose roster is checked.
    """

    unit_state: str
    unit_first_month: Month
    paid_through: Month | None
    today: date
    declared_month: Month | None = None
    declared_case: int | None = None
    unit_number: str = ""

    @property
    def current_month(self) -> Month:
        return Month.of(self.today)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the account will say: the wage or base as declared, the effective base, both sides' monthly amounts."""

    declared: Fen
    base: Fen
    unit_amount: Fen
    personal_amount: Fen

    @property
    def monthly(self) -> Fen:
        """Both sides together."""
        return self.unit_amount + self.personal_amount


class Standing(StrEnum):
    """What the register knows of an identity number when an account is asked for."""

    FREE = "free"
    OPEN_HERE = "open_here"
    SEALED_HERE = "sealed_here"
    OPEN_ELSEWHERE = "open_elsewhere"
    SEALED_ELSEWHERE = "sealed_elsewhere"
    CLOSED = "closed"
    NAME_DIFFERS = "name_differs"
