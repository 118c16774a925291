"""What an application for registration must say. Pure: the forms' texts in, all faults or a typed registration out.

``where`` of a refusal is the field's name in `EmployerApplication`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Any

from hpf.kernel import (
    Month,
    Rate,
    Refusal,
    Refused,
    Severity,
    compact,
    deadline,
    normalise_line,
    normalise_name,
    typed_day,
)
from hpf.kernel.identity import (
    credit_code_fault,
    mask_identity,
    mask_mobile,
    organisation_check_digit,
)
from hpf.policy import Law
from hpf.registry import handlers
from hpf.registry.codes import Affiliation, EconomicType, FundDepartment, Industry, Nature
from hpf.registry.handlers import HandlerApplication, HandlerDetails

_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED_PHONE = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?")
_POSTCODE = re.compile(r"\d{6}")
_BANK_ACCOUNT = re.compile(r"\d{8,32}")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_LONGEST, _MOST_DIGITS = 255, 10


@dataclass(frozen=True, slots=True)
class EmployerApplication:
    """附件1《单位开户登记申请表》 and what opening needs beyond it (settled 27): texts as they were typed.

    Choices are given by their codes, the branch by its code, rates in percent, days as ``2026-07-01``, months in any
    form that `Month.parse` reads. The last three are the declarations: ``1`` if made.
    """

    name: str = ""
    credit_code: str = ""
    postcode: str = ""
    address: str = ""
    legal_representative: str = ""
    legal_representative_phone: str = ""
    economic_type: str = ""
    affiliation: str = ""
    supervising_department: str = ""
    nature: str = ""
    industry: str = ""
    declared_member_count: str = ""
    founded_on: str = ""
    branch: str = ""
    unit_rate: str = ""
    personal_rate: str = ""
    payday: str = ""
    first_month: str = ""
    fund_department: str = ""
    bank_name: str = ""
    bank_account: str = ""
    handler_name: str = ""
    handler_identity_number: str = ""
    handler_mobile: str = ""
    accepts_agreement: str = ""
    follows_rules: str = ""
    vouches_for_data: str = ""

    @property
    def handler(self) -> HandlerApplication:
        return HandlerApplication(self.handler_name, self.handler_identity_number, self.handler_mobile)


LABELS: Mapping[str, str] = {
    "name": "单位全称",
    "credit_code": "统一社会信用代码",
    "postcode": "邮编",
    "address": "地址",
    "legal_representative": "法定代表人姓名",
    "legal_representative_phone": "法定代表人电话",
    "economic_type": "单位经济类型",
    "affiliation": "隶属关系",
    "supervising_department": "主管部门",
    "nature": "单位性质",
    "industry": "所属行业",
    "declared_member_count": "缴存职工人数",
    "founded_on": "单位设立日期",
    "branch": "管理部",
    "unit_rate": "单位缴存比例",
    "personal_rate": "个人缴存比例",
    "payday": "发薪日",
    "first_month": "首次汇缴年月",
    "fund_department": "公积金经办部门",
    "bank_name": "开户银行",
    "bank_account": "开户银行账号",
    **handlers.LABELS,
    "accepts_agreement": "单位声明第一项",
    "follows_rules": "单位声明第二项",
    "vouches_for_data": "单位声明第三项",
}
"""What the form calls its fields."""

OPTIONAL = frozenset({"supervising_department", "industry"})
DECLARATIONS = ("accepts_agreement", "follows_rules", "vouches_for_data")


def declarations(center: str) -> dict[str, str]:
    """The three declarations of 附件1 in the center's name, by their fields."""
    hall = "单位公积金缴存网上业务大厅"
    agreement = f"《{center}{hall}服务协议》"
    texts = (
        f"本单位已认真阅读并理解{agreement}内容，并对风险及免责、法律责任的全部条款予以特别注意，同意{agreement}"
        "所有条款，自愿申请开通单位网上业务大厅。",
        "本单位承诺遵照《住房公积金管理条例》、本市住房公积金缴存管理办法、相关《公共服务事项（缴存）办事指南》等规定，"
        "及遵照中心网厅服务操作手册进行网厅业务操作，办理职工公积金缴存业务。",
        "本单位承诺办理网厅业务提供完整、真实、合法有效的信息资料和数据，并对自己注册帐号下的任何操作、任何业务办理的"
        "信息、数据、内容等行为引发的一切后果承担责任。",
    )
    return dict(zip(DECLARATIONS, texts, strict=True))


@dataclass(frozen=True, slots=True)
class Registration:
    """An application that was read: typed, normalised, and in itself without fault."""

    name: str
    credit_code: str
    postcode: str
    address: str
    legal_representative: str
    legal_representative_phone: str
    economic_type: EconomicType
    affiliation: Affiliation
    supervising_department: str
    nature: Nature
    industry: Industry | None
    declared_member_count: int
    founded_on: date
    branch: str
    unit_rate: Rate
    personal_rate: Rate
    payday: int
    first_month: Month
    fund_department: FundDepartment
    bank_name: str
    bank_account: str
    handler: HandlerDetails


class _Reader:
    """Reads field by field and collects what is wrong; a field that cannot be read gives ``None``."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.refusals: list[Refusal] = []

    def fault(self, code: str, where: str, what: str, remedy: str = "", *, hint: bool = False, basis: str = "") -> None:
        severity = Severity.CHECK if hint else Severity.REFUSED
        self.refusals.append(Refusal(code, what, remedy=remedy, where=where, severity=severity, basis=basis))

    def optional(self, where: str) -> str:
        text = normalise_line(self._texts[where]) if where == "address" else normalise_name(self._texts[where])
        if len(text) > _LONGEST:
            self.fault("REGISTER-TOO-LONG", where, f"{LABELS[where]}超过{_LONGEST}个字")
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
            self.fault("REGISTER-CHARACTER", where, f"{LABELS[where]}含有无法识别的字符", "请删除后重新输入")
            return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs"))
        return text

    def text(self, where: str) -> str:
        text = self.optional(where)
        if not text:
            self.fault("REGISTER-REQUIRED", where, f"未填写{LABELS[where]}", "请按申请表填写")
        return text

    def declared(self, where: str) -> None:
        if self._texts[where] != "1":
            self.fault("REGISTER-DECLARATION", where, f"{LABELS[where]}没有勾选", "单位作出全部三项声明后才能开通")

    def compact(self, where: str) -> str:
        return compact(self.text(where))

    def form(self, where: str, form: re.Pattern[str], code: str, expected: str) -> str:
        text = self.compact(where)
        if text and not form.fullmatch(text):
            self.fault(code, where, f"{LABELS[where]}格式不符", expected)
        return text

    def phone(self, where: str) -> str:
        text = unicodedata.normalize("NFKC", self.text(where)).replace(" ", "")
        if text and not (_MOBILE.fullmatch(text) or _FIXED_PHONE.fullmatch(text)):
            self.fault("REGISTER-PHONE", where, f"{LABELS[where]}格式不符", "请填写手机号码，或带区号的固定电话")
        return text

    def whole(self, where: str, least: int, most: int) -> int | None:
        text = self.compact(where)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS and least <= int(text) <= most):
            self.fault("REGISTER-NUMBER", where, f"{LABELS[where]}应为{least}至{most}的整数")
            return None
        return int(text)

    def day(self, where: str) -> date | None:
        text = self.text(where)
        try:
            return typed_day(text) if text else None
        except ValueError:
            self.fault("REGISTER-DATE", where, f"{LABELS[where]}不是有效日期", "请按“2026-07-01”的格式填写")
            return None

    def month(self, where: str) -> Month | None:
        text = self.text(where)
        try:
            return Month.parse(text) if text else None
        except ValueError:
            self.fault("REGISTER-MONTH", where, f"{LABELS[where]}不是有效年月", "请按“2026-07”的格式填写")
            return None

    def rate(self, where: str) -> Rate | None:
        text = self.text(where)
        try:
            return Rate.from_percent(text) if text else None
        except ValueError:
            self.fault(
                "REGISTER-RATE", where, f"{LABELS[where]}不是有效的百分比", "请填写百分数，最多两位小数，如8或8.5"
            )
            return None

    def choice(self, where: str, choices: Mapping[str, str], *, required: bool = True) -> str:
        text = self.text(where) if required else self.optional(where)
        if text and text not in choices:
            self.fault("REGISTER-CHOICE", where, f"{LABELS[where]}不在可选范围内", "请从列表中选择")
        return text


def differences(before: EmployerApplication, after: EmployerApplication) -> dict[str, list[str]]:
    """What a correction changes, field by field as ``[before, after]``, for the event log: numbers of people masked."""
    found = {}
    for name in (one.name for one in fields(EmployerApplication)):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found[name] = [masked(name, old), masked(name, new)]
    return found


def _mask_tail(number: str) -> str:
    return f"****{number[-4:]}"


_MASKS = {
    "legal_representative_phone": _mask_tail,
    "bank_account": _mask_tail,
    "handler_identity_number": mask_identity,
    "handler_mobile": mask_mobile,
}


def masked(name: str, text: str) -> str:
    """A field as pages and the event log show it: telephone, bank account, identity number and mobile with a mask."""
    return _MASKS.get(name, str)(text)


def examine(
    application: EmployerApplication, branches: Mapping[str, str], law: Law | None, law_today: Law
) -> tuple[Registration | None, list[Refusal]]:
    """Everything that speaks against an application, and what it says, typed, if nothing does.

    ``branches`` are the names of the center's branches by code; ``law`` that of the first month at the branch, ``None``
    where there is no telling because one of the two cannot be read; ``law_today`` that of the day of registration.
    Hints (`Severity.CHECK`) stand in the list too and refuse nothing.
    """
    reader = _Reader({name: getattr(application, name) for name in LABELS})
    values = _read(reader, branches)
    values["handler"], against = handlers.examine(application.handler, law_today.day)
    reader.refusals += against
    for where in DECLARATIONS:
        reader.declared(where)
    for rule in (partial(_against_the_calendar, values, law_today), partial(_against_the_rates, values, law)):
        try:
            reader.refusals += rule()
        except Refused as no_law:
            reader.refusals += no_law.refusals
    if refused(reader.refusals):
        return None, reader.refusals
    return Registration(**values), reader.refusals


def refused(refusals: list[Refusal]) -> bool:
    """Whether a list holds more than hints."""
    return any(refusal.severity is not Severity.CHECK for refusal in refusals)


def first_month(application: EmployerApplication) -> Month | None:
    """The first month of an application, ``None`` if it cannot be read: its law must be found before `examine`."""
    return _Reader({"first_month": application.first_month}).month("first_month")


def names(application: EmployerApplication) -> tuple[str, str]:
    """The employer's name and credit code in the form in which the register keeps them, however faulty."""
    reader = _Reader({"name": application.name, "credit_code": application.credit_code})
    return reader.text("name"), reader.compact("credit_code")


def _read(reader: _Reader, branches: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": reader.text("name"),
        "credit_code": _credit_code(reader),
        "postcode": reader.form("postcode", _POSTCODE, "REGISTER-POSTCODE", "邮编为6位数字"),
        "address": reader.text("address"),
        "legal_representative": reader.text("legal_representative"),
        "legal_representative_phone": reader.phone("legal_representative_phone"),
        "economic_type": reader.choice("economic_type", dict(EconomicType.choices)),
        "affiliation": reader.choice("affiliation", dict(Affiliation.choices)),
        "supervising_department": reader.optional("supervising_department"),
        "nature": reader.choice("nature", dict(Nature.choices)),
        "industry": reader.choice("industry", dict(Industry.choices), required=False) or None,
        "declared_member_count": reader.whole("declared_member_count", 1, 1_000_000),
        "founded_on": reader.day("founded_on"),
        "branch": reader.choice("branch", branches),
        "unit_rate": reader.rate("unit_rate"),
        "personal_rate": reader.rate("personal_rate"),
        "payday": reader.whole("payday", 1, 31),
        "first_month": reader.month("first_month"),
        "fund_department": reader.choice("fund_department", dict(FundDepartment.choices)),
        "bank_name": reader.text("bank_name"),
        "bank_account": reader.form("bank_account", _BANK_ACCOUNT, "REGISTER-BANK-ACCOUNT", "银行账号为8至32位数字"),
    }


def _credit_code(reader: _Reader) -> str:
    code = reader.compact("credit_code")
    if len(code) == 9 and _ORGANISATION_CODE.fullmatch(code):
        if organisation_check_digit(code[:8]) != code[8]:
            reader.fault(
                "REGISTER-CREDIT-CODE", "credit_code", "组织机构代码校验位不符，多为录入错误", "请对照证照核对"
            )
        else:
            what = "录入的是9位组织机构代码，不是18位统一社会信用代码"
            reader.fault("REGISTER-OLD-CODE", "credit_code", what, "单位已换发新证照的，请录入新代码", hint=True)
    elif code and (fault := credit_code_fault(code)):
        reader.fault("REGISTER-CREDIT-CODE", "credit_code", fault, "请对照证照核对")
    return code


def _against_the_calendar(values: Mapping[str, object], law_today: Law) -> list[Refusal]:
    founded, month, today = values["founded_on"], values["first_month"], law_today.day
    found: list[Refusal] = []
    if isinstance(founded, date):
        if founded > today:
            found.append(Refusal("REGISTER-FOUNDED-AHEAD", "单位设立日期尚未到来", where="founded_on"))
        last_day = deadline(founded, law_today.employer_registration_days)
        if last_day < today:
            found.append(_late(last_day, law_today))
    if isinstance(month, Month):
        if isinstance(founded, date) and month < Month.of(founded):
            why = f"单位于{Month.of(founded).chinese}设立"
            found.append(
                Refusal("REGISTER-MONTH-BEFORE-FOUNDING", "首次汇缴年月早于单位设立", why, where="first_month")
            )
        if month > Month.of(today):
            found += _ahead(month, law_today)
    return found


def _ahead(month: Month, law: Law) -> list[Refusal]:
    """A first month that has not come: who is new to work pays from the second month on, and the center may take months
    in advance; later begins nobody."""
    present = Month.of(law.day)
    in_advance = law.max_advance_months > law.first_month_after
    latest = present + max(law.first_month_after, law.max_advance_months)
    if month > latest:
        why = (
            f"最多可提前{law.max_advance_months}个月汇缴"
            if in_advance
            else "新参加工作的职工从参加工作的第二个月起缴存"
        )
        basis = law.basis("max_advance_months" if in_advance else "first_month_after")
        remedy = f"首次汇缴年月最晚为{latest.chinese}"
        return [Refusal("REGISTER-MONTH-AHEAD", "首次汇缴年月过晚", why, remedy, basis, where="first_month")]
    if month > present + law.first_month_after:
        why, basis = f"{month.chinese}以前没有应缴职工的，才从{month.chinese}起缴存", law.basis("max_advance_months")
    else:
        why, basis = "全部职工都是新参加工作的，才从第二个月起缴存", law.basis("first_month_after")
    return [
        Refusal(
            "REGISTER-MONTH-NEXT",
            f"首次汇缴年月{month.chinese}尚未到来",
            f"{why}；调入的职工从发放工资之日起缴存",
            f"请核对是否有职工应从{present.chinese}起缴存",
            basis,
            where="first_month",
            severity=Severity.CHECK,
        )
    ]


def _late(last_day: date, law: Law) -> Refusal:
    return Refusal(
        "REGISTER-LATE",
        f"缴存登记期限为{last_day.year}年{last_day.month}月{last_day.day}日，现已超过",
        f"单位应自设立之日起{law.employer_registration_days}日内办理缴存登记",
        "登记照常办理，请提醒单位一并补办此前月份的缴存",
        law.basis("employer_registration_days"),
        where="founded_on",
        severity=Severity.CHECK,
    )


def _against_the_rates(values: Mapping[str, object], law: Law | None) -> list[Refusal]:
    if law is None:
        return []
    rates = {name: rate for name in ("unit_rate", "personal_rate") if isinstance(rate := values[name], Rate)}
    found = [fault for name, rate in rates.items() for fault in _rate_faults(name, rate, law)]
    if len(rates) == 2 and law.rates_must_be_equal and rates["unit_rate"] != rates["personal_rate"]:
        basis = law.basis("rates_must_be_equal")
        found.append(Refusal("REGISTER-RATES-UNEQUAL", "单位与个人缴存比例须一致", basis=basis, where="personal_rate"))
    return found


def _rate_faults(name: str, rate: Rate, law: Law) -> list[Refusal]:
    found = []
    if not law.rate_min <= rate <= law.rate_max:
        why = f"缴存比例应在{law.rate_min}至{law.rate_max}之间"
        basis = law.basis("rate_max" if rate > law.rate_max else "rate_min")
        found.append(Refusal("REGISTER-RATE-RANGE", f"{LABELS[name]}{rate}超出范围", why, basis=basis, where=name))
    if rate.bp % law.rate_step.bp:
        why = f"缴存比例以{law.rate_step}为最小单位"
        basis = law.basis("rate_step")
        found.append(Refusal("REGISTER-RATE-STEP", f"{LABELS[name]}{rate}过细", why, basis=basis, where=name))
    return found
