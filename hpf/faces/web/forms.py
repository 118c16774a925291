"""What a person typed becomes a frozen dataclass, or all that is wrong with it at once.

A form is a dataclass whose fields are asked for::

    @dataclass(frozen=True, slots=True)
    class SealPeople:
        reason: str = ask("封存原因", choice(REASONS))
        effective_month: Month = ask("生效年月", month(), hint="从这个月起不再汇缴")
        note: str | None = ask("备注", text(200), required=False)

    read(SealPeople, request.POST)      # a SealPeople, or Refused with one refusal per field, where = field name
    inputs(SealPeople, request.POST, refusals)      # the same form as the page shows it, errors beside the fields

Only the dataclass's own fields are looked at, so a field added to a request changes nothing. Readers know shapes (an
amount, a month, six digits); whether a value is allowed is for the rules.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from hpf.kernel import Fen, Key, Month, Rate, Refusal, Refused, Severity, TooLarge, normalise_name, typed_day
from hpf.kernel.month import TYPED_YEARS

T = TypeVar("T")
KEY_FIELD = "key"
_MOST_DIGITS = 19  # what a bigint holds
_FRESH_KEY = re.compile(r"^[A-Za-z0-9_-]{24}\Z")  # as Key.fresh() makes them: nobody takes the name of a job's key


class Unreadable(Exception):
    """A reader cannot make sense of a text. Carries the code, what is wrong and how to write it right."""

    def __init__(self, code: str, what: str, remedy: str = "") -> None:
        self.code, self.what, self.remedy = code, what, remedy
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Reader:
    """How one kind of field is read (``parse``, given a text without outer spaces) and shown (the rest, as in HTML)."""

    parse: Callable[[str], Any]
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    inputmode: str = ""
    max_length: int = 200
    style: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    label: str
    reader: Reader
    required: bool
    hint: str
    autocomplete: str
    many: bool
    when: str


@dataclass(frozen=True, slots=True)
class Input:
    """One field as a page shows it: see ``components/field.html``."""

    name: str
    label: str
    kind: str
    value: str = ""
    values: tuple[str, ...] = ()
    hint: str = ""
    error: str = ""
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    inputmode: str = ""
    autocomplete: str = "off"
    max_length: int = 200
    style: str = ""
    many: bool = False
    when: str = ""

    @property
    def id(self) -> str:
        """The id in the page; the error summary links to it."""
        return f"f-{self.name}"


def ask(
    label: str,
    reader: Reader,
    *,
    required: bool = True,
    hint: str = "",
    autocomplete: str = "off",
    many: bool = False,
    when: str = "",
) -> Any:
    """A form's field. Not required and left empty reads as ``None`` (as ``False`` for a tick, ``()`` for many).

    ``when`` says beside the label when the rules ask for it all the same, instead of （选填）.
    """
    return field(metadata={"question": Question(label, reader, required, hint, autocomplete, many, when)})


def questions(form: type) -> dict[str, Question]:
    """The fields of a form in their order."""
    return {one.name: one.metadata["question"] for one in dataclasses.fields(form)}


def read(form: type[T], data: QueryDict, files: Mapping[str, UploadedFile] | None = None) -> T:
    """Read a form. Raises ``Refused`` with every unreadable field; unknown fields are ignored."""
    values, refusals = sift(form, data, files)
    if refusals:
        raise Refused(refusals)
    return form(**values)


def sift(
    form: type, data: QueryDict, files: Mapping[str, UploadedFile] | None = None
) -> tuple[dict[str, Any], list[Refusal]]:
    """What can be read of a form, by field, and what speaks against the rest, where an operation says all at once."""
    values: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for name, question in questions(form).items():
        try:
            values[name] = _answer(name, question, data, files or {})
        except Unreadable as fault:
            refusals.append(Refusal(fault.code, fault.what, remedy=fault.remedy, where=name))
    return values, refusals


def too_long(form: type, data: QueryDict) -> list[Refusal]:
    """What speaks against texts that are longer than their fields, for a form whose texts the rules read themselves."""
    found = ((name, _too_long(question, data.get(name, "").strip())) for name, question in questions(form).items())
    return [Refusal(fault.code, fault.what, remedy=fault.remedy, where=name) for name, fault in found if fault]


def read_key(data: QueryDict) -> Key:
    """The idempotency key that the page put into the form. Raises ``Refused`` if it is gone or damaged."""
    given = data.get(KEY_FIELD, "")
    if not _FRESH_KEY.match(given):
        raise Refused(Refusal("FORM-KEY", "这个页面已经失效", remedy="请刷新页面后重新提交，已填内容请核对"))
    return Key(given)


def record_number(text: str) -> int | None:
    """The number of a record that an address or a form names beside its fields; ``None`` for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else None


def inputs(
    form: type,
    given: QueryDict | Mapping[str, object] | None = None,
    refusals: Iterable[Refusal] = (),
) -> dict[str, Input]:
    """The form's fields with what was typed (or proposed), and the refusals that name them.

    ``given`` is a request's data, or a mapping of values as the readers give them (``Fen``, ``Month``, ``date`` …).
    A password and a file are never shown again.
    """
    errors = _sentences(refusals)
    return {
        name: _shown(name, question, _given(given, name), errors.get(name, ""))
        for name, question in questions(form).items()
    }


def _answer(name: str, question: Question, data: QueryDict, files: Mapping[str, UploadedFile]) -> Any:
    reader = question.reader
    if reader.kind == "file" and question.many:
        return tuple(files.getlist(name)) if isinstance(files, MultiValueDict) else ()
    if reader.kind == "file":
        if name not in files and question.required:
            raise Unreadable("FORM-FILE", f"请选择{question.label.removeprefix('选择')}")
        return files.get(name)
    raws = [raw if reader.kind == "password" else raw.strip() for raw in data.getlist(name)]
    if question.many:
        found = tuple(_parsed(question, raw) for raw in raws if raw)
        if question.required and not found:
            raise Unreadable("FORM-REQUIRED", f"请选择{question.label}")
        return found
    raw = raws[-1] if raws else ""
    if raw:
        return _parsed(question, raw)
    if question.required:
        verb = "选择" if reader.kind in ("select", "radio") else "勾选" if reader.kind == "tick" else "填写"
        raise Unreadable("FORM-REQUIRED", f"请{verb}{question.label}")
    return False if reader.kind == "tick" else None


def _parsed(question: Question, raw: str) -> Any:
    if "\x00" in raw:
        raise Unreadable("FORM-TEXT", f"{question.label}含有不能识别的字符", "请重新输入")
    if fault := _too_long(question, raw):
        raise fault
    try:
        return question.reader.parse(raw)
    except Unreadable as fault:
        raise Unreadable(fault.code, f"{question.label}{fault.what}", fault.remedy) from None


def _too_long(question: Question, raw: str) -> Unreadable | None:
    most = question.reader.max_length
    what = f"{question.label}最多{most}个字，现为{len(raw)}个字"
    return Unreadable("FORM-LENGTH", what, "请缩短后再提交") if len(raw) > most else None


def _sentences(refusals: Iterable[Refusal]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for refusal in refusals:
        if refusal.where and refusal.severity is not Severity.CHECK:
            proposal = f"建议改为“{refusal.proposal}”。" if refusal.proposal is not None else ""
            found.setdefault(refusal.where, []).append(refusal.sentence + proposal)
    return {name: "".join(sentences) for name, sentences in found.items()}


def _given(given: QueryDict | Mapping[str, object] | None, name: str) -> list[str]:
    if given is None or name not in given:
        return []
    if isinstance(given, QueryDict):
        return [str(value) for value in given.getlist(name)]
    value = given[name]
    if value is None or value is False:
        return []
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [_written(one) for one in values]


def _written(value: object) -> str:
    if isinstance(value, Fen):
        return value.plain_yuan
    if isinstance(value, datetime):
        return f"{value.astimezone(_CHINA):%Y-%m-%dT%H:%M}"
    return value.percent.rstrip("%") if isinstance(value, Rate) else "1" if value is True else str(value)


def _shown(name: str, question: Question, given: list[str], error: str) -> Input:
    reader = question.reader
    secret = reader.kind in ("password", "file")
    # A browser drops what does not fit its month or date field; as text the person sees what was typed.
    kind = "text" if error and reader.kind in ("month", "date", "datetime-local") else reader.kind
    return Input(
        name=name,
        label=question.label,
        kind=kind,
        value="" if secret or not given else given[-1],
        values=() if secret else tuple(given),
        hint=question.hint,
        error=error,
        required=question.required,
        options=reader.options,
        inputmode=reader.inputmode,
        autocomplete=question.autocomplete,
        max_length=reader.max_length,
        style=reader.style,
        many=question.many,
        when=question.when,
    )


# --- Readers ---------------------------------------------------------------------------------------------------------


def text(max_length: int = 200, *, kind: str = "text", style: str = "") -> Reader:
    """Any text, outer spaces removed. ``kind="textarea"`` for several lines, ``style="long"`` for a whole page."""
    return Reader(str, kind=kind, max_length=max_length, style=style)


def name(max_length: int = 120) -> Reader:
    """A person's or an employer's name as the register keeps it."""
    return Reader(normalise_name, max_length=max_length)


def password() -> Reader:
    """A password, exactly as typed."""
    return Reader(str, kind="password", max_length=512)


def pattern(form: str, what: str, remedy: str = "", *, inputmode: str = "", max_length: int = 40) -> Reader:
    """A text of a fixed shape; spaces inside and lower case do not matter."""
    shape = re.compile(form)

    def parse(raw: str) -> str:
        value = re.sub(r"\s+", "", raw).upper()
        if not shape.fullmatch(value):
            raise Unreadable("FORM-SHAPE", what, remedy)
        return value

    return Reader(parse, inputmode=inputmode, max_length=max_length, style="short" if max_length <= 20 else "")


def mobile() -> Reader:
    return pattern(r"1[3-9]\d{9}", "不是有效的手机号码", "请填写11位手机号码", inputmode="tel", max_length=20)


def telephone() -> Reader:
    return pattern(
        r"(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?|1[3-9]\d{9}",
        "的格式不符",
        "请填写带区号的座机或手机号码",
        inputmode="tel",
    )


def digits(count: int) -> Reader:
    """Exactly so many digits: post codes, SMS codes."""
    return pattern(rf"\d{{{count}}}", f"应为{count}位数字", inputmode="numeric", max_length=20)


def amount() -> Reader:
    """An amount in yuan, read as ``Fen``."""
    return Reader(_amount, inputmode="decimal", max_length=24, style="figure")


def rate() -> Reader:
    """A rate in percent, read as ``Rate``."""
    return Reader(_rate, inputmode="decimal", max_length=8, style="figure")


def number() -> Reader:
    """A whole number from 0."""
    return Reader(_number, inputmode="numeric", max_length=9, style="figure")


def month() -> Reader:
    """A month: ``2026-08``, ``202608``, ``2026年8月``."""
    return Reader(_month, kind="month", max_length=12, style="short")


def day() -> Reader:
    """A day: ``2026-08-10``."""
    return Reader(_day, kind="date", max_length=10, style="short")


def moment() -> Reader:
    """A day and a time by China's clock, read as an aware ``datetime``: ``2026-08-10T09:00``."""
    return Reader(_moment, kind="datetime-local", max_length=22, style="short")


def choice(options: Iterable[tuple[str, str]], *, kind: str = "select") -> Reader:
    """One of ``(value, label)``. ``kind`` is ``select`` or ``radio``."""
    known = tuple(options)

    def parse(raw: str) -> str:
        if raw not in dict(known):
            raise Unreadable("FORM-CHOICE", "的选项不存在", "请从所列各项中选择")
        return raw

    return Reader(parse, kind=kind, options=known)


def tick() -> Reader:
    """A box to tick, read as ``True``."""
    return Reader(bool, kind="tick", max_length=8)


def file() -> Reader:
    """A file, read as Django's ``UploadedFile``; what is in it is for the workbook or statement reader."""
    return Reader(str, kind="file")


def _amount(raw: str) -> Fen:
    try:
        return Fen.from_yuan(raw.translate(_HALF_WIDTH).removesuffix("元"))
    except TooLarge:
        raise Unreadable("FORM-AMOUNT", "超出金额上限", "请核对小数点，金额应小于1万亿元") from None
    except ValueError:
        raise Unreadable("FORM-AMOUNT", "不是金额", "请填写以元为单位的金额，最多两位小数，如6000.00") from None


def _rate(raw: str) -> Rate:
    try:
        return Rate.from_percent(raw.translate(_HALF_WIDTH))
    except ValueError:
        raise Unreadable("FORM-RATE", "不是比例", "请填写百分数，最多两位小数，如8或8.5") from None


def _number(raw: str) -> int:
    plain = raw.translate(_HALF_WIDTH).replace(",", "")
    if not (plain.isascii() and plain.isdigit()):
        raise Unreadable("FORM-NUMBER", "不是整数", "请填写数字")
    return int(plain)


def _month(raw: str) -> Month:
    try:
        return Month.parse(raw.translate(_HALF_WIDTH))
    except ValueError:
        raise Unreadable("FORM-MONTH", "不是年月", "请按“2026-08”的样子填写") from None


def _day(raw: str) -> date:
    try:
        return typed_day(raw.translate(_HALF_WIDTH))
    except ValueError:
        raise Unreadable("FORM-DAY", "不是有效的日期", "请按“2026-08-10”的样子填写") from None


def _moment(raw: str) -> datetime:
    try:
        found = datetime.fromisoformat(raw.translate(_HALF_WIDTH).replace("：", ":"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or found.year not in TYPED_YEARS:
        raise Unreadable("FORM-MOMENT", "不是有效的日期和时间", "请按“2026-08-10 09:00”的样子填写")
    return found.replace(tzinfo=_CHINA)


_CHINA = ZoneInfo("Asia/Shanghai")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")
