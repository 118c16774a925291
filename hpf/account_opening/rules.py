"""Who may get an account, from which month, on which base (领域 2.4 e.01 e.02, 3.3, 3.4, 1.3). Pure.

Every function answers with all that is wrong. REFUSED keeps a person out; MEND has a right value to be accepted; CHECK
is a hint. What only the register can know comes as a `Standing`. Identity and mobile numbers stand masked in the texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache

from hpf.account_opening.shapes import (
    BASE_COLUMN,
    TITLES,
    DocumentType,
    OpeningContext,
    OpeningLaw,
    RosterRow,
    Standing,
    Terms,
)
from hpf.kernel import Fen, Month, Refusal, Refused, Severity
from hpf.kernel.chinese import is_han_name
from hpf.kernel.identity import (
    citizen_birthday,
    citizen_number_fault,
    citizen_sex,
    has_citizen_shape,
    is_former_citizen_number,
    mask_identity,
    mask_mobile,
)
from hpf.policy.citations import regulation

OLDEST_AGE = 100
"""Nobody employed is older: what is, is a typing error (a birth in 1880 passes the check digit)."""
RETIREMENT_HINT_AGE = 65

_OPENING_STATES = frozenset({"01", "02", "03"})
_MOBILE = re.compile(r"^1[3-9]\d{9}$", re.ASCII)
_LATIN_NAME = re.compile(r"^[^\W\d_]+(?:[ '’.,·-]{1,2}[^\W\d_]+)*\.?$")
_NAME_BYTES = 120
"""JGJ/T 320-2014, XingMing: 60 Han characters or 120 Latin letters. What is not longer than a quarter always fits."""
_PASSPORT = re.compile(r"^[A-Z0-9]{5,18}$")
_OFFICER = re.compile(r"^[A-Z0-9\u3400-\u9fff\U00020000-\U000323af（）()-]{4,18}$")
_BETWEEN = re.compile(r"[（）()-]")
_FORMS = {
    DocumentType.PASSPORT: "护照号码为5至18位数字、大写英文字母",
    DocumentType.PERMANENT_RESIDENT: "外国人永久居留身份证号码为18位，或3个英文字母加12位数字",
}
_OTHER_FORM = "号码为4至18位数字、大写英文字母、汉字，可以有括号和短横；其他文字中形似英文的字母不能登记"
_PERMANENT_RESIDENT_15 = re.compile(r"^[A-Z]{3}\d{12}$", re.ASCII)
_CITIZEN_STANDARD = "《公民身份号码》（GB 11643-1999）"
_SHOWN_ROWS, _SHOWN_CHARS = 5, 40

Laws = Callable[[Month], OpeningLaw]
"""The law of a first month. May raise ``Refused`` for a month without law."""


def context_findings(context: OpeningContext) -> list[Refusal]:
    """What keeps the whole unit account from opening anybody."""
    if context.unit_state in _OPENING_STATES:
        return []
    return [
        Refusal(
            code="OPEN-UNIT-STATE",
            what="本单位暂不能办理个人账户设立",
            why="单位账户已封存或已销户",
            remedy="请先到网点柜台办理单位启封；已销户的请联系住房公积金管理中心",
        )
    ]


def row_findings(row: RosterRow, law: OpeningLaw | None, context: OpeningContext) -> list[Refusal]:
    """All that one person's data say against opening, without the register.

    The law is that of the first month (`laws_once`); without one, what depends on it is left out.
    """
    number = row.document_number
    of_citizen = has_citizen_form(row.document_type, number)
    fault = citizen_number_fault(number) if of_citizen else None
    citizen = number if of_citizen and fault is None else ""
    return [
        *_name_findings(row),
        *_number_findings(row, fault),
        *_person_findings(row, citizen),
        *(_age_findings(row, citizen, law, context) if law else ()),
        *_mobile_findings(row),
        *_wage_findings(row, law, context),
        *_month_findings(row, context),
    ]


def roster_findings(rows: Sequence[RosterRow], laws: Laws, context: OpeningContext) -> dict[int, list[Refusal]]:
    """The findings of every row by row number, those between rows included; rows without any are left out.

    ``laws`` is asked once for each month; a month without law is a finding of its rows. Takes the same time per row
    for a thousand as for a hundred thousand.
    """
    law_of = laws_once(laws, context)
    found: dict[int, list[Refusal]] = defaultdict(list)
    for row in rows:
        law = law_of(row.first_month)
        if isinstance(law, Refused):
            findings = [replace(refusal, where=row.where("first_month")) for refusal in law.refusals]
            findings += row_findings(row, None, context)
        else:
            findings = row_findings(row, law, context)
        if findings:
            found[row.number] = findings
    for number, finding in (*_doubled_numbers(rows, context), *_doubled_mobiles(rows)):
        found[number].append(finding)
    return dict(found)


def missing_mobiles(rows: Iterable[RosterRow]) -> Iterator[Refusal]:
    """One remark for the whole roster about all who gave no mobile number: it is optional, and no row's fault."""
    if without := sum(row.lacks("mobile") for row in rows):
        yield Refusal(
            code="OPEN-MOBILE-MISSING",
            what=f"有{without}人未填手机号码",
            remedy="没有手机号码，职工收不到账户变动短信；可以以后补登",
            severity=Severity.CHECK,
        )


def laws_once(laws: Laws, context: OpeningContext) -> Callable[[Month | None], OpeningLaw | Refused]:
    """The law that a first month is measured by, asked once for each; a refusal is an answer too.

    It is the law of that month (B-04), or of the current one where no account can begin in that month.
    """

    @cache
    def law_of(first_month: Month | None) -> OpeningLaw | Refused:
        possible = first_month is not None and _is_possible(first_month, context)
        try:
            return laws(first_month if first_month and possible else context.current_month)
        except Refused as refused:
            return refused

    return law_of


def ground(months: Iterable[Month], laws: Laws, context: OpeningContext) -> str:
    """What the verdicts on people with these first months stand on, as text: the unit's state, the months, their law.

    A check still holds while this reads the same. Who has an account is not part of it: that is asked again anyway.
    """
    law_of = laws_once(laws, context)
    parts = [repr(context_findings(context))]
    for month in sorted(set(months)):
        law = law_of(month)
        answer = law.codes if isinstance(law, Refused) else law
        parts.append(f"{month} {_month_finding(month, context)} {answer}")
    return "\n".join(parts)


def effective_base(wage: Fen, law: OpeningLaw) -> Fen:
    """The base of a wage: the wage itself inside the limits, else the nearer limit (B-03)."""
    return Fen(min(max(wage, law.base_floor), law.base_cap))


def terms(row: RosterRow, law: OpeningLaw) -> Terms | None:
    """What the account of this row will say; ``None`` without a positive wage or base.

    Each side is rounded by itself (B-07); 条例 §16.
    """
    declared = row.declared
    if declared is None or declared <= 0:
        return None
    base = effective_base(declared, law)
    unit = law.unit_rate.of(base, law.rounding)
    personal = unit if law.personal_rate == law.unit_rate else law.personal_rate.of(base, law.rounding)
    return Terms(declared, base, unit, personal)


def has_citizen_form(document_type: DocumentType | None, number: str) -> bool:
    """Whether a document's number is built like a citizen number, with birthday, sex and check digit (GB 11643-1999).

    So are those of identity cards, of residence permits for Hong Kong, Macao and Taiwan (81, 82, 83) and of the
    18-digit cards of foreign permanent residents (9).
    """
    if document_type is DocumentType.PERMANENT_RESIDENT:
        return len(number) == 18
    residence_permit = len(number) == 18 and number[:2] in {"81", "82", "83"}
    return document_type is DocumentType.CITIZEN or (document_type is DocumentType.OTHER and residence_permit)


def _name_findings(row: RosterRow) -> Iterator[Refusal]:
    name = row.name
    if row.lacks("name"):
        yield _missing(row, "name", "OPEN-NAME-MISSING")
    elif name and (_is_too_long(name) or not is_name(name)):
        own = any(unicodedata.category(char) == "Co" for char in name)
        yield Refusal(
            code="OPEN-NAME-FORM",
            what=f"姓名“{shown(name)}”不能登记",
            why=_name_fault(name, own),
            remedy="请按身份证件上的姓名填写" + ("，生僻字请用国家标准字库中的字" if own else ""),
            where=row.where("name"),
        )
    elif len(name) == 1:
        yield Refusal(
            code="OPEN-NAME-SHORT",
            what=f"姓名“{name}”只有一个字",
            remedy="请核对是否漏字；确实如此的不必更改",
            where=row.where("name"),
            severity=Severity.CHECK,
        )


def _name_fault(name: str, own_characters: bool) -> str:
    if own_characters:
        return "含有自造字，其他电脑不能显示"
    if is_name(name):
        return f"姓名最长{_NAME_BYTES // 2}个汉字，或{_NAME_BYTES}个英文字母，现为{len(name)}个字"
    return "只能是汉字（间隔点用“·”）或拉丁字母，不能有数字和其他符号"


def _is_too_long(name: str) -> bool:
    return len(name) > _NAME_BYTES // 4 and len(name.encode("gb18030", "replace")) > _NAME_BYTES


def is_name(name: str) -> bool:
    """Whether a name is written throughout in Han characters, or throughout in Latin letters."""
    if is_han_name(name):
        return name[0] != "·" and name[-1] != "·" and "··" not in name
    return bool(_LATIN_NAME.match(name)) and all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in name)


def _number_findings(row: RosterRow, fault: str | None) -> Iterator[Refusal]:
    kind, number = row.document_type, row.document_number
    if row.lacks("document_type"):
        yield _missing(row, "document_type", "OPEN-DOCUMENT-TYPE", "请从列表中选择：身份证、军官证、护照等")
    if row.lacks("document_number"):
        yield _missing(row, "document_number", "OPEN-NUMBER-MISSING")
    elif kind is None or not number:
        return
    elif _is_former(kind, number):
        remedy = "请填写职工现行居民身份证上的18位号码" + (
            "" if kind is DocumentType.CITIZEN else "，证件类型选“身份证”"
        )
        yield _number_refusal(row, "OPEN-NUMBER-15", "15位的身份证号码已停止使用", remedy)
    elif has_citizen_form(kind, number):
        yield from _citizen_findings(row, fault)
    elif not _form_of(kind).match(number):
        why = f"格式与证件类型不符，{_FORMS.get(kind, _OTHER_FORM)}"
        yield _number_refusal(row, "OPEN-NUMBER-FORM", why, "请核对证件类型，按证件原样填写号码")
    elif has_citizen_shape(number):
        yield _like_citizen(row)


def _is_former(kind: DocumentType, number: str) -> bool:
    """A citizen number of 15 digits, under whatever type: it would make a second account for its owner."""
    if kind is DocumentType.CITIZEN:
        return len(number) == 15 and number.isdigit()
    return is_former_citizen_number(_BETWEEN.sub("", number))


def _like_citizen(row: RosterRow) -> Refusal:
    return Refusal(
        code="OPEN-NUMBER-LIKE-CITIZEN",
        what=f"证件号码{mask_identity(row.document_number)}像是居民身份证号码",
        why="位数和出生日期都像，只有校验位不符",
        remedy="请核对证件：是居民身份证的，证件类型选“身份证”，并更正号码；确实不是的不必更改",
        where=row.where("document_number"),
        severity=Severity.CHECK,
    )


def _form_of(kind: DocumentType) -> re.Pattern[str]:
    """What a number must look like that carries no check digit of its own."""
    if kind is DocumentType.PERMANENT_RESIDENT:
        return _PERMANENT_RESIDENT_15
    return _PASSPORT if kind is DocumentType.PASSPORT else _OFFICER


def _citizen_findings(row: RosterRow, fault: str | None) -> Iterator[Refusal]:
    number = row.document_number
    if fault and len(number) == 18 and number.endswith("000"):
        yield lost_digits(row.where("document_number"))
    elif fault:
        yield _number_refusal(row, "OPEN-NUMBER-CITIZEN", fault, "请按身份证件原件核对后更正", _CITIZEN_STANDARD)
    elif row.document_type is DocumentType.PERMANENT_RESIDENT and number[0] != "9":
        yield _number_refusal(
            row,
            "OPEN-NUMBER-FORM",
            "18位的外国人永久居留身份证号码以9开头",
            "请核对证件类型；持居民身份证的请改选“身份证”",
        )


def lost_digits(where: str) -> Refusal:
    """The finding about an identity number that a spreadsheet kept as a number: 15 digits are left of 18."""
    return Refusal(
        code="OPEN-NUMBER-LOST-DIGITS",
        what="证件号码不完整",
        why="号码曾被表格软件存成数字，第15位以后已丢失，不能推算",
        remedy="请先把该列设为“文本”格式，再按证件原件重新录入完整号码；补0不能恢复原号码",
        where=where,
    )


def _number_refusal(row: RosterRow, code: str, why: str, remedy: str, basis: str = "") -> Refusal:
    what = f"证件号码{mask_identity(row.document_number)}不能登记"
    return Refusal(code=code, what=what, why=why, remedy=remedy, basis=basis, where=row.where("document_number"))


def _person_findings(row: RosterRow, citizen: str) -> Iterator[Refusal]:
    """Sex and birthday: they follow from a sound citizen number, and must be given with a number of another form."""
    if citizen:
        birthday, sex = citizen_birthday(citizen), citizen_sex(citizen)
        if row.birthday and birthday and row.birthday != birthday:
            yield _contradiction(row, "birthday", row.birthday.isoformat(), birthday.isoformat())
        if row.sex and row.sex != sex:
            yield _contradiction(row, "sex", _sex_word(row.sex), _sex_word(sex))
    elif row.document_type and row.document_number and not has_citizen_form(row.document_type, row.document_number):
        remedy = "证件类型不是身份证的，须按证件原件填写"
        if row.lacks("birthday"):
            yield _missing(row, "birthday", "OPEN-BIRTHDAY-MISSING", remedy)
        if row.lacks("sex"):
            yield _missing(row, "sex", "OPEN-SEX-MISSING", remedy)


def _sex_word(code: str) -> str:
    return "男" if code == "1" else "女"


def _contradiction(row: RosterRow, key: str, typed: str, proposal: str) -> Refusal:
    return Refusal(
        code=f"OPEN-{key.upper()}-CONTRADICTS",
        what=f"{TITLES[key]}填为{typed}，身份证号码中为{proposal}",
        why="两者应当一致",
        remedy="请先核对证件号码是否为职工本人的；号码无误的，按号码更正",
        basis=_CITIZEN_STANDARD,
        where=row.where(key),
        severity=Severity.MEND,
        proposal=proposal,
    )


def _age_findings(row: RosterRow, citizen: str, law: OpeningLaw, context: OpeningContext) -> Iterator[Refusal]:
    """Age in full years on the day of opening: the work began before, so this is the lenient side."""
    born = citizen_birthday(citizen) if citizen else row.birthday
    if born is None:
        return
    age = _age(born, context.today)
    key = "document_number" if citizen else "birthday"
    if born > context.today:
        yield Refusal(
            code="OPEN-BIRTHDAY-FUTURE",
            what=f"出生日期{born.isoformat()}还没有到",
            why="出生日期不能晚于今天，多为录入错误",
            remedy="请按身份证件原件核对后更正",
            where=row.where(key),
        )
    elif age < law.minimum_age:
        yield Refusal(
            code="OPEN-AGE-YOUNG",
            what=f"出生日期{born.isoformat()}，未满{law.minimum_age}周岁",
            why=f"职工开户须年满{law.minimum_age}周岁",
            remedy="请核对证件号码和出生日期",
            where=row.where(key),
        )
    elif age > OLDEST_AGE:
        yield Refusal(
            code="OPEN-AGE-IMPLAUSIBLE",
            what=f"出生日期{born.isoformat()}，已超过{OLDEST_AGE}周岁",
            why="在职职工不会有此年龄，多为录入错误",
            remedy="请按身份证件原件核对后更正",
            where=row.where(key),
        )
    elif age >= RETIREMENT_HINT_AGE:
        yield Refusal(
            code="OPEN-AGE-RETIRED",
            what=f"职工已满{age}周岁",
            remedy="请核对是否仍为在职职工；已离退休的不再缴存",
            where=row.where(key),
            severity=Severity.CHECK,
        )


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _mobile_findings(row: RosterRow) -> Iterator[Refusal]:
    if row.mobile and not _MOBILE.match(row.mobile):
        yield Refusal(
            code="OPEN-MOBILE-FORM",
            what=f"手机号码{mask_mobile(row.mobile)}不能登记",
            why=f"应为以13至19开头的11位数字，现为{len(row.mobile)}位",
            remedy="请更正；暂时没有号码的可以留空",
            where=row.where("mobile"),
        )


def _wage_findings(row: RosterRow, law: OpeningLaw | None, context: OpeningContext) -> Iterator[Refusal]:
    key, declared = row.pay_key, row.declared
    if row.lacks(key):
        yield _missing(row, key, "OPEN-WAGE-MISSING")
    elif declared is not None and declared <= 0:
        yield Refusal(
            code="OPEN-WAGE-NOT-POSITIVE",
            what=f"{TITLES[key]}为{declared.yuan}元",
            why="应当大于零",
            remedy="请填写职工上一年度月平均工资；新参加工作、新调入的填写当月工资",
            where=row.where(key),
        )
    elif declared is not None and law is not None and not law.base_floor <= declared <= law.base_cap:
        yield _base_limits(row, law) if key == BASE_COLUMN else _base_clipped(row, declared, law, context)


def _base_clipped(row: RosterRow, wage: Fen, law: OpeningLaw, context: OpeningContext) -> Refusal:
    if wage > law.base_cap:
        code, side, slip = "OPEN-BASE-CAPPED", f"高于上限，缴存基数降为上限{law.base_cap.yuan}元", "如填成了年工资"
    else:
        code, side, slip = "OPEN-BASE-RAISED", f"低于下限，缴存基数提高到下限{law.base_floor.yuan}元", "如未按整月计算"
    return Refusal(
        code=code,
        what=f"月平均工资{wage.yuan}元{side}",
        remedy=f"请核对工资是否填写有误（{slip}）；无误的不必更改，工资和基数都会保留",
        basis=f"{law.basis}；{regulation(context.today, '第十六条')}",
        where=row.where("monthly_wage"),
        severity=Severity.CHECK,
    )


def _base_limits(row: RosterRow, law: OpeningLaw) -> Refusal:
    return Refusal(
        code="OPEN-BASE-LIMITS",
        what=f"缴存基数{row.base}元超出上下限",
        why=f"缴存基数应在{law.base_floor.yuan}元至{law.base_cap.yuan}元之间",
        remedy="请更正缴存基数；也可以改填“月平均工资”一列，由系统按上下限确定基数",
        basis=law.basis,
        where=row.where(BASE_COLUMN),
    )


def _month_findings(row: RosterRow, context: OpeningContext) -> Iterator[Refusal]:
    if row.lacks("first_month"):
        yield _missing(row, "first_month", "OPEN-MONTH-MISSING", "请填六位数字，如202608")
    elif row.first_month is not None and (finding := _month_finding(row.first_month, context)):
        yield replace(finding, where=row.where("first_month"))


@lru_cache(maxsize=256)
def _month_finding(month: Month, context: OpeningContext) -> Refusal | None:
    """Why no account can begin in a month now, ``None`` if one can."""
    if month < context.unit_first_month:
        return _month_refusal(
            month,
            "OPEN-MONTH-BEFORE-UNIT",
            f"单位自{context.unit_first_month.chinese}起汇缴",
            f"请填{context.unit_first_month.chinese}或以后的年月",
        )
    if month > context.current_month.next:
        return _month_refusal(
            month,
            "OPEN-MONTH-FUTURE",
            f"最晚可填下月，即{context.current_month.next.chinese}",
            "请更正年月，或到时再办理",
        )
    if context.paid_through is not None and month <= context.paid_through:
        return _month_refusal(
            month,
            "OPEN-MONTH-PAID",
            f"单位已汇缴至{context.paid_through.chinese}，已汇缴的月份不能再增加职工",
            f"请填{context.paid_through.next.chinese}；以前月份应缴未缴的，开户后请到网点柜台办理补缴",
        )
    return _declared_month(month, context)


def _declared_month(month: Month, context: OpeningContext) -> Refusal | None:
    """A declared month has its people already: its sum and its notice are out (在途互斥)."""
    declared = context.declared_month
    if declared is None or month > declared:
        return None
    refusal = _month_refusal(
        month,
        "OPEN-MONTH-DECLARED",
        f"{declared.chinese}已核定、尚未入账，该月名单和金额已经确定",
        f"请先撤回该月核定，或将首次缴存年月填为{declared.next.chinese}",
        "中心业务规则，在途互斥",
    )
    return replace(refusal, case_no=context.declared_case)


def _is_possible(month: Month, context: OpeningContext) -> bool:
    """Whether an account may begin in a month: not before the unit, not in what is paid, not after next month.

    Next month is possible because who starts work now contributes from the second month on (条例 §17) and is
    registered before that.
    """
    paid = context.paid_through is not None and month <= context.paid_through
    return context.unit_first_month <= month <= context.current_month.next and not paid


def _month_refusal(month: Month, code: str, why: str, remedy: str, basis: str = "") -> Refusal:
    return Refusal(code=code, what=f"首次缴存年月{month.chinese}不能办理", why=why, remedy=remedy, basis=basis)


def _doubled_numbers(rows: Sequence[RosterRow], context: OpeningContext) -> Iterator[tuple[int, Refusal]]:
    for row, others in _sharing(rows, "document_number"):
        yield (
            row.number,
            Refusal(
                code="OPEN-TWICE-IN-FILE",
                what=f"证件号码{mask_identity(row.document_number)}在名册中出现多次：{_row_numbers(row, others)}",
                why="每个职工只能有一个住房公积金账户",
                remedy="请只保留一行；是不同职工的，请核对证件号码",
                basis=regulation(context.today, "第十三条"),
                where=row.where("document_number"),
            ),
        )


def _doubled_mobiles(rows: Sequence[RosterRow]) -> Iterator[tuple[int, Refusal]]:
    for row, others in _sharing(rows, "mobile"):
        yield (
            row.number,
            Refusal(
                code="OPEN-MOBILE-TWICE",
                what=f"手机号码{mask_mobile(row.mobile)}在名册中出现多次：{_row_numbers(row, others)}",
                remedy="请核对是否为职工本人的号码",
                where=row.where("mobile"),
                severity=Severity.CHECK,
            ),
        )


def _sharing(rows: Sequence[RosterRow], key: str) -> Iterator[tuple[RosterRow, Sequence[int]]]:
    """Every row whose value of a field stands in other rows too, with the numbers of all of them."""
    groups: dict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        if value := getattr(row, key):
            groups[value].append(row)
    for group in groups.values():
        if len(group) > 1:
            numbers = [row.number for row in group]
            for row in group:
                yield row, numbers


def _row_numbers(row: RosterRow, numbers: Sequence[int]) -> str:
    """This row and the first few others: a value that fills a column does not make a text of a million rows."""
    first = [number for number in numbers[: _SHOWN_ROWS + 1] if number != row.number][:_SHOWN_ROWS]
    listed = "、".join(f"第{number}行" for number in sorted([row.number, *first]))
    return listed + (f"等{len(numbers)}行" if len(numbers) > len(first) + 1 else "")


def _missing(row: RosterRow, key: str, code: str, remedy: str = "") -> Refusal:
    return Refusal(code=code, what=f"未填{TITLES[key]}", remedy=remedy or f"请补填{TITLES[key]}", where=row.where(key))


def shown(text: str) -> str:
    """A typed text as a finding quotes it: short, in quotation marks nobody needs to count."""
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"


_STANDINGS: dict[Standing, tuple[str, str, str]] = {
    Standing.OPEN_HERE: ("职工在本单位已有正常缴存的账户", "", "不必重复开户；不是这名职工的，请核对证件号码"),
    Standing.SEALED_HERE: ("职工在本单位有已封存的账户", "", "不另开户，请到网点柜台办理启封"),
    Standing.OPEN_ELSEWHERE: ("职工在其他单位有正常缴存的账户", "", "请职工联系原单位先办理封存，再到网点柜台办理转移"),
    Standing.SEALED_ELSEWHERE: ("职工在其他单位有已封存的账户", "", "请到网点柜台办理个人账户转移，将原账户转入本单位"),
    Standing.CLOSED: ("职工原有的账户已销户", "重新开户须由中心核对原账户", "请持职工身份证件到住房公积金管理中心办理"),
    Standing.NAME_DIFFERS: (
        "姓名与该证件号码已登记的姓名不一致",
        "同一证件号码只能登记一个姓名",
        "请核对姓名和证件号码；职工已更名的，请先到网点柜台办理个人信息变更",
    ),
}


def standing_finding(
    standing: Standing, today: date, where: Callable[[str], str] = TITLES.__getitem__
) -> Refusal | None:
    """What the register's verdict means for opening an account; ``None`` for a person without one.

    ``where`` gives the place of a field by its key: `RosterRow.where`, or on a form the field's title.
    """
    if standing is Standing.FREE:
        return None
    what, why, remedy = _STANDINGS[standing]
    return Refusal(
        code=f"OPEN-{standing.name.replace('_', '-')}",
        what=what,
        why=why or "每个职工只能有一个住房公积金账户",
        remedy=remedy,
        basis="" if why else regulation(today, "第十三条"),
        where=where("name" if standing is Standing.NAME_DIFFERS else "document_number"),
    )
