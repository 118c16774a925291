"""The workbook doctor: from what stands in a cell to what it means, never silently.

Each reader takes a cell and answers ``(value, finding)``. A value that had to be changed comes with a MEND finding that
proposes it; a cell that cannot be read comes with a REFUSED one and no value. Readers are not given empty cells. The
findings carry no place yet: `read_row` knows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from hpf.account_opening.rules import has_citizen_form, is_name, lost_digits, shown
from hpf.account_opening.shapes import BASE_COLUMN, TITLES, DocumentType, Places, RosterRow
from hpf.kernel import Fen, Month, Refusal, Severity, TooLarge, normalise_name
from hpf.kernel.identity import citizen_number_fault
from hpf.papers.reading import Cell, Formula
from hpf.papers.roster_columns import DOCUMENT_TYPES, SEXES

Reader = Callable[[Any, Mapping[str, Any]], tuple[Any, Refusal | None]]

_EXACT_DIGITS = 10**15
"""A spreadsheet keeps 15 digits of a number; what is longer was changed when it was typed."""
_EXACT_YUAN = 10.0**12
"""JGJ/T 320-2014 money: decimal(18, 2)."""
_FINE_AMOUNT = re.compile(r"^(?:\d{1,16}|\d{1,3}(?:,\d{3}){1,4})\.\d{3,}$")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?1[4-9]$")
_INVISIBLE = r"\s\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_SPACES = re.compile(f"[{_INVISIBLE}]+")
_BETWEEN_DIGITS = re.compile(f"[{_INVISIBLE}'‘’`\"“”_-]+")
_LOOKS_LIKE_X = str.maketrans("Х×✕*", "XXXX")
_LOOKS_LIKE_DIGIT = str.maketrans("OIL", "011")
_MOBILE_PREFIX = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_MOBILE_BETWEEN = re.compile(f"[{_INVISIBLE}()'‘’`-]+")
_DAY = re.compile(r"^(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)(?:0?0:00(?::00)?)?$")
_FIRST_SERIAL, _LAST_SERIAL = 3_654, 73_050
"""Day numbers of a spreadsheet from 1910 to 2099."""
_SERIAL_ZERO = date(1899, 12, 30)
_CARD = re.compile(r"^\d{8,30}$")

_TYPE_NAMES: dict[str, DocumentType] = {
    **{name: DocumentType(code) for code, name in DOCUMENT_TYPES},
    **{code: DocumentType(code) for code, _ in DOCUMENT_TYPES},
    **{str(int(code)): DocumentType(code) for code, _ in DOCUMENT_TYPES},
    "居民身份证": DocumentType.CITIZEN,
    "中国居民身份证": DocumentType.CITIZEN,
    "二代身份证": DocumentType.CITIZEN,
    "外国护照": DocumentType.PASSPORT,
    "中国护照": DocumentType.PASSPORT,
    "外国人永久居留身份证": DocumentType.PERMANENT_RESIDENT,
    "港澳台居民居住证": DocumentType.OTHER,
    "港澳居民居住证": DocumentType.OTHER,
    "台湾居民居住证": DocumentType.OTHER,
    "其他证件": DocumentType.OTHER,
    "其它": DocumentType.OTHER,
}
_SEX_NAMES: dict[str, str] = {
    **{name: code for code, name in SEXES},
    **{code: code for code, _ in SEXES},
    "男性": "1",
    "女性": "2",
}


def read_row(number: int, cells: Mapping[str, Cell], places: Places) -> tuple[RosterRow, list[Refusal]]:
    """One person from the cells of a row by column key, with everything that reading found.

    A form's fields are read the same way, as texts with empty ``Places``.
    """
    findings: list[Refusal] = []
    unread: set[str] = set()
    values: dict[str, Any] = {}
    for key, reader in _READERS.items():
        cell = cells.get(key)
        if cell is None or cell == "":
            continue
        value, finding = (None, formula()) if isinstance(cell, Formula) else reader(cell, values)
        if finding is not None:
            findings.append(replace(finding, where=finding.where or places.where(number, key)))
            if finding.severity is Severity.REFUSED:
                unread.add(key)
        if value is not None:
            values[key] = value
    row = RosterRow(number, places, **values, unread=frozenset(unread))
    return _with_fitting_type(row, findings)


def _with_fitting_type(row: RosterRow, findings: list[Refusal]) -> tuple[RosterRow, list[Refusal]]:
    """A sound citizen number under another type would get round the rule of one account for each person."""
    other = row.document_type not in {None, DocumentType.CITIZEN, DocumentType.PERMANENT_RESIDENT}
    if not other or has_citizen_form(row.document_type, row.document_number):
        return row, findings
    if citizen_number_fault(row.document_number):
        return row, findings
    finding = Refusal(
        code="OPEN-DOCUMENT-TYPE-MENDED",
        what="所填号码是公民身份号码，证件类型应为身份证",
        remedy="请核对后改为“身份证”",
        where=row.where("document_type"),
        severity=Severity.MEND,
        proposal="身份证",
    )
    return replace(row, document_type=DocumentType.CITIZEN), [*findings, finding]


def as_text(cell: Cell) -> str:
    """A cell as the screen shows it: a whole number without a point, a day as 2026-08-01."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else ""


def keeps_its_digits(cell: Cell) -> bool:
    """Whether a cell still holds what was typed: of a long number a spreadsheet keeps the first 15 digits alone."""
    return not isinstance(cell, float) or abs(cell) < _EXACT_DIGITS


def formula() -> Refusal:
    """The finding about a formula cell (领域 3.6)."""
    return Refusal(
        code="ROSTER-FORMULA",
        what="单元格是公式",
        why="公式的结果会随打开的电脑变化，名册中不能使用公式",
        remedy="请复制该列，用“选择性粘贴—数值”粘贴回原处，保存后重新上传",
    )


def read_name(cell: Cell) -> tuple[str, Refusal | None]:
    """A name as the register keeps it."""
    typed = as_text(cell)
    name = normalise_name(typed)
    if name == typed or (name and not is_name(name)):
        return typed, None  # where the name is wrong the rule says so, without a proposal beside it
    return name, _mended(
        "OPEN-NAME-MENDED", f"姓名“{shown(typed)}”须规范", "有多余的空格、全角字母或不规范的间隔点", name
    )


@lru_cache(maxsize=256)  # few different values fill these columns
def read_document_type(cell: Cell) -> tuple[DocumentType | None, Refusal | None]:
    """证件类型 by name or code."""
    typed = _plain(cell)
    kind = _TYPE_NAMES.get(typed)
    if kind is not None:
        return kind, None
    names = "、".join(name for _, name in DOCUMENT_TYPES)
    return None, _unreadable("OPEN-DOCUMENT-TYPE", "证件类型", typed, f"应为{names}之一", "请从列表中选择")


def read_document_number(cell: Cell, kind: DocumentType | None) -> tuple[str | None, Refusal | None]:
    """An identity number; what cannot be told any more is not guessed.

    A citizen number is proposed without spaces, hyphens and quotes, with a proper X, and with digits for letters that
    look like them, but only where its check digit then holds.
    """
    if kind is DocumentType.CITIZEN and isinstance(cell, str) and citizen_number_fault(cell) is None:
        return cell, None  # the ordinary number: nothing in it wants mending
    if isinstance(cell, float) and not (keeps_its_digits(cell) and cell.is_integer()):
        return None, lost_digits("")
    typed = as_text(cell)
    if _SCIENTIFIC.match(typed.strip()):
        return None, lost_digits("")
    number = _SPACES.sub("", _half_width(typed)).upper()
    if kind in {None, DocumentType.CITIZEN} or has_citizen_form(kind, number):
        number = _likely_citizen_number(number)
    if number == typed or (kind is DocumentType.CITIZEN and citizen_number_fault(number)):
        return number, None  # where the number is wrong the rule says so, without a proposal beside it
    return number, _mended("OPEN-NUMBER-MENDED", "证件号码须规范", "有空格、横线、全角字符，或末位X不规范", number)


def _likely_citizen_number(number: str) -> str:
    digits = _BETWEEN_DIGITS.sub("", number)
    candidate = digits[:-1].translate(_LOOKS_LIKE_DIGIT) + digits[-1:].translate(_LOOKS_LIKE_X)
    return number if citizen_number_fault(candidate) else candidate


def read_mobile(cell: Cell) -> tuple[str, Refusal | None]:
    """A mobile number without country code and separators."""
    typed = as_text(cell)
    if len(typed) == 11 and typed.isascii() and typed.isdigit():
        return typed, None  # the ordinary number: nothing in it wants mending
    number = _MOBILE_PREFIX.sub("", _MOBILE_BETWEEN.sub("", _half_width(typed)))
    if number == typed:
        return number, None
    return number, _mended("OPEN-MOBILE-MENDED", "手机号码须规范", "有空格、横线、国家区号或全角数字", number)


def read_money(cell: Cell, title: str) -> tuple[Fen | None, Refusal | None]:
    """An amount in yuan. More than two places are rounded half up, as a proposal."""
    if isinstance(cell, float) and 0 < cell < _EXACT_YUAN and cell == (fen := round(cell * 100)) / 100:
        return Fen(fen), None  # the ordinary number: it is the very float that stands for whole fen
    typed = as_text(cell)
    text = _half_width(typed).strip().removeprefix("¥").removesuffix("元").replace(" ", "")
    try:
        return Fen.from_yuan(text), None
    except TooLarge:
        return None, _no_money(typed, title)
    except ValueError:
        return _rounded_money(text, typed, title)


def _rounded_money(text: str, typed: str, title: str) -> tuple[Fen | None, Refusal | None]:
    if not _FINE_AMOUNT.match(text):
        return None, _no_money(typed, title)
    try:
        amount = Fen.from_yuan(Decimal(text.replace(",", "")).quantize(Decimal("0.01"), ROUND_HALF_UP))
    except TooLarge:
        return None, _no_money(typed, title)
    finding = _mended("OPEN-WAGE-FINER", f"{title}{shown(typed)}多于两位小数", "金额最小到分", amount.plain_yuan)
    return amount, finding


def _no_money(typed: str, title: str) -> Refusal:
    return _unreadable("OPEN-WAGE-FORM", title, typed, "应为以元为单位的金额", "请只填数字，如6000.00")


@lru_cache(maxsize=256)
def read_month(cell: Cell) -> tuple[Month | None, Refusal | None]:
    """A month from text, a number like 202608, or a day in it. 2026.1 as a number may be October: it is refused."""
    if isinstance(cell, float) and _is_serial(cell):
        month = Month.of(_SERIAL_ZERO + timedelta(days=int(cell)))
        return month, _serial("首次缴存年月", cell, month.compact)
    typed = _plain(cell)
    month_typed = None if isinstance(cell, float) and not cell.is_integer() else _month_of(typed)
    if month_typed is not None:
        return month_typed, None
    return None, _unreadable("OPEN-MONTH-FORM", "首次缴存年月", typed, "不是年月", "请填六位数字，如202608")


def read_birthday(cell: Cell) -> tuple[date | None, Refusal | None]:
    """A day from text, a number like 19900101, or a day."""
    if isinstance(cell, float) and _is_serial(cell):
        day = _SERIAL_ZERO + timedelta(days=int(cell))
        return day, _serial("出生日期", cell, day.isoformat())
    typed = _plain(cell)
    day_typed = _day_of(typed)
    if day_typed is not None:
        return day_typed, None
    return None, _unreadable("OPEN-BIRTHDAY-FORM", "出生日期", typed, "不是日期", "请填八位数字，如19900101")


def read_sex(cell: Cell) -> tuple[str | None, Refusal | None]:
    """``1`` or ``2`` of GB/T 2261.1 from 男 or 女 or the code."""
    typed = _plain(cell)
    sex = _SEX_NAMES.get(typed)
    if sex is not None:
        return sex, None
    return None, _unreadable("OPEN-SEX-MISSING", "性别", typed, "应为男或女", "请填男或女；证件类型为身份证的可以不填")


def read_bank_card(cell: Cell) -> tuple[str | None, Refusal | None]:
    """An account number of 8 to 30 digits; one that cannot be read is left out, which keeps nobody from opening."""
    digits = _BETWEEN_DIGITS.sub("", _half_width(as_text(cell)))
    if _CARD.match(digits) and keeps_its_digits(cell):
        return digits, None
    finding = Refusal(
        code="OPEN-CARD-UNUSED",
        what="银行卡号不能识别，开户时不登记",
        why="应为8至30位数字；被存成数字的长卡号，后几位已丢失",
        remedy="可以不更正，以后再补登；要现在登记的，请先把该列设为“文本”格式再录入",
        severity=Severity.CHECK,
    )
    return None, finding


def _plain(cell: Cell) -> str:
    """A cell's text with half-width characters and without any space."""
    return "".join(_half_width(as_text(cell)).split())


def _half_width(text: str) -> str:
    """Compatible characters as plain ones, and the digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFKC", text))


def _month_of(text: str) -> Month | None:
    if day := _day_of(text):
        return Month.of(day)
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _day_of(text: str) -> date | None:
    found = _DAY.match(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        return None


def _is_serial(cell: float) -> bool:
    return cell.is_integer() and _FIRST_SERIAL <= cell <= _LAST_SERIAL


def _serial(title: str, cell: float, proposal: str) -> Refusal:
    what = f"{title}为{int(cell)}，是日期的序号，即{proposal}"
    return _mended("OPEN-DATE-SERIAL", what, "单元格中的日期被显示成了数字", proposal)


def _mended(code: str, what: str, why: str, proposal: str) -> Refusal:
    remedy = "请核对后按建议的值更正，或填写正确的值"
    return Refusal(code=code, what=what, why=why, remedy=remedy, severity=Severity.MEND, proposal=proposal)


def _unreadable(code: str, title: str, typed: str, why: str, remedy: str) -> Refusal:
    return Refusal(code=code, what=f"{title}“{shown(typed)}”不能识别", why=why, remedy=remedy)


_READERS: Mapping[str, Reader] = {
    "name": lambda cell, _: read_name(cell),
    "document_type": lambda cell, _: read_document_type(cell),
    "document_number": lambda cell, values: read_document_number(cell, values.get("document_type")),
    "mobile": lambda cell, _: read_mobile(cell),
    "monthly_wage": lambda cell, _: read_money(cell, TITLES["monthly_wage"]),
    BASE_COLUMN: lambda cell, _: read_money(cell, TITLES[BASE_COLUMN]),
    "first_month": lambda cell, _: read_month(cell),
    "sex": lambda cell, _: read_sex(cell),
    "birthday": lambda cell, _: read_birthday(cell),
    "bank_card": lambda cell, _: read_bank_card(cell),
}
"""How each column is read, by key, in the light of what was read before it: an identity number in that of its type."""
