"""The columns of the roster template (批量开户花名册): one list for who prints the sheet and who reads it back.

A sheet is read by header name, never by position, so a title here is a promise: change one only together with
``ROSTER_VERSION``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ROSTER_VERSION = "KH-2026-1"
"""Printed into the workbook twice: the hidden sheet ``ROSTER_META_SHEET`` (A1 the word, B1 the version) and the custom
document property ``ROSTER_PROPERTY``. Below it, beside ``ROSTER_META_UNIT``, stands its unit account."""

ROSTER_SHEET = "花名册"
ROSTER_GUIDE_SHEET = "填写说明"
ROSTER_META_SHEET = "_template"
ROSTER_META_UNIT = "unit_account"
ROSTER_PROPERTY = "HallTemplate"

ROSTER_TITLE = "住房公积金个人账户设立花名册"
"""How the title row begins; behind it stand the unit's name and its account number, so that whoever looks at the sheet
sees whose it is, and any spreadsheet program keeps it."""

ROSTER_TITLE_ROW = 0
ROSTER_NOTE_ROW = 1
ROSTER_HEADER_ROW = 2
"""Zero-based. People start on the row after the header; a reader looks for the header by its names all the same."""

ROSTER_MAX_ROWS = 100_000

REQUIRED_MARK = "*"
"""A required column's header cell reads ``*姓名``; a reader strips the mark and surrounding spaces."""


FINDINGS_TITLE = "核对结果"
"""The last column of a roster that is given back: what is to be mended in the row. A reader passes over it."""


class CellKind(StrEnum):
    """How a column's cells are formatted: everything that is not money or a count is text."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template.

    ``key`` is the reader's field name, ``title`` the header without mark, ``note`` the line on 填写说明, ``example``
    a value as a clerk would type it.
    """

    key: str
    title: str
    required: bool
    note: str
    example: str
    kind: CellKind = CellKind.TEXT
    width: int = 14

    @property
    def header(self) -> str:
        """The text in the header cell."""
        return f"{REQUIRED_MARK}{self.title}" if self.required else self.title


DOCUMENT_TYPES: tuple[tuple[str, str], ...] = (
    ("01", "身份证"),
    ("02", "军官证"),
    ("03", "护照"),
    ("04", "外国人永久居留证"),
    ("99", "其他"),
)
"""Code and name of 证件类型, JGJ/T 320-2014 A.1; the sheet's drop-down offers the names."""

SEXES: tuple[tuple[str, str], ...] = (("1", "男"), ("2", "女"))
"""Code and name of 性别, GB/T 2261.1."""

ROSTER_COLUMNS: tuple[Column, ...] = (
    Column("serial", "序号", False, "从1开始顺次填写，便于核对；不填也可以。", "1", CellKind.COUNT, 7),
    Column("name", "姓名", True, "与身份证件上的姓名完全一致。少数民族姓名中的间隔点用“·”。", "张三", width=16),
    Column("document_type", "证件类型", True, "从下拉列表中选择。中国公民请选“身份证”。", "身份证", width=18),
    Column(
        "document_number", "证件号码", True, "身份证为18位，末位X请大写。本列已设为文本格式，请勿改动。",
        "990101199001010019", width=24,
    ),
    Column(
        "mobile", "手机号码", False, "职工本人的11位手机号码，用于接收账户变动短信；可以以后补登。",
        "13800000000", width=16,
    ),
    Column(
        "monthly_wage", "月平均工资", True,
        "职工上一年度月平均工资，单位为元，最多两位小数。新参加工作、新调入的职工填写当月工资。"
        "请填工资本身，缴存基数由系统按上下限确定。",
        "6000.00", CellKind.MONEY, 16,
    ),
    Column("first_month", "首次缴存年月", True, "六位数字：四位年加两位月。", "202608", width=16),
    Column("sex", "性别", False, "男或女。证件类型为身份证的可以不填。", "男", width=8),
    Column("birthday", "出生日期", False, "八位数字：年、月、日。证件类型为身份证的可以不填。", "19900101", width=14),
    Column("bank_card", "银行卡号", False, "职工本人的储蓄卡号，用于今后提取到账。", "6222000000000000000", width=26),
)  # fmt: skip
"""Left to right as printed. Optional columns may be missing from an uploaded sheet; required ones may not."""
