"""Handlers (经办人) as the counter registers them, at the opening of an employer and at every change after it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hpf.kernel import Refusal, normalise_name
from hpf.kernel.identity import citizen_birthday, citizen_number_fault
from hpf.registry.models import Handler, UnitAccount
from hpf.storage import keyring, refusing

LABELS = {
    "handler_name": "经办人姓名",
    "handler_identity_number": "经办人身份证号码",
    "handler_mobile": "经办人手机号码",
}
"""What forms call the fields."""

HANDLER_EXISTS = Refusal(
    "REGISTER-HANDLER-EXISTS",
    "该单位已有在册经办人",
    "一个单位只有一名经办人",
    "请办理经办人变更",
    "《单位网上业务大厅服务协议》，经办人固定",
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LONGEST = 255
_NO_PASSWORD = "!"  # noqa: S105 - no password fits it


@dataclass(frozen=True, slots=True)
class HandlerApplication:
    """The handler as a form says: texts as they were typed."""

    handler_name: str = ""
    handler_identity_number: str = ""
    handler_mobile: str = ""


@dataclass(frozen=True, slots=True)
class HandlerDetails:
    """A handler whose details hold."""

    name: str
    identity_number: str
    mobile: str


def examine(application: HandlerApplication, today: date) -> tuple[HandlerDetails, list[Refusal]]:
    """A handler's details in the form in which the register keeps them, and everything that speaks against them."""
    name = normalise_name(application.handler_name)
    number = _compact(application.handler_identity_number)
    mobile, against_mobile = examine_mobile(application.handler_mobile)
    found = _against_name(name) + _against_number(number, today) + against_mobile
    return HandlerDetails(name, number, mobile), found


def examine_mobile(text: str) -> tuple[str, list[Refusal]]:
    """A mobile as the register keeps it, and what speaks against it."""
    mobile = _compact(text)
    if not mobile:
        return mobile, [_missing("handler_mobile")]
    if _MOBILE.fullmatch(mobile):
        return mobile, []
    what, remedy = f"{LABELS['handler_mobile']}格式不符", "手机号码为11位数字，以13至19开头"
    return mobile, [Refusal("REGISTER-MOBILE", what, remedy=remedy, where="handler_mobile")]


def create_handler(details: HandlerDetails, unit: UnitAccount, today: date) -> Handler:
    """Keep a handler, with the mobile bound. Nobody gets in until an initial password is handed out.

    The user name is the unit account's number and the handler's own, counted from 01: digits only. Raises ``Refused``
    (REGISTER-HANDLER-EXISTS) while another one is active.
    """
    keys, number = keyring(), Handler.objects.filter(employer_id=unit.employer_id).count() + 1
    with refusing({"registry_handler_one": HANDLER_EXISTS, "registry_handler_user_name_key": HANDLER_EXISTS}):
        return Handler.objects.create(
            employer_id=unit.employer_id,
            name=details.name,
            identity_number=details.identity_number,
            identity_digest=keys.digest("identity", details.identity_number),
            mobile=details.mobile,
            mobile_digest=keys.digest("mobile", details.mobile),
            user_name=f"{unit.number}{number:02d}",
            password_hash=_NO_PASSWORD,
            registered_on=today,
        )


def _against_name(name: str) -> list[Refusal]:
    label, found = LABELS["handler_name"], []
    if not name:
        found.append(_missing("handler_name"))
    if len(name) > _LONGEST:
        found.append(Refusal("REGISTER-TOO-LONG", f"{label}超过{_LONGEST}个字", where="handler_name"))
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        what = f"{label}含有无法识别的字符"
        found.append(Refusal("REGISTER-CHARACTER", what, remedy="请删除后重新输入", where="handler_name"))
    return found


def _against_number(number: str, today: date) -> list[Refusal]:
    if not number:
        return [_missing("handler_identity_number")]
    fault = citizen_number_fault(number)
    if not fault and (citizen_birthday(number) or today) >= today:
        fault = "身份证号码中的出生日期尚未到来"
    if not fault:
        return []
    return [Refusal("REGISTER-IDENTITY", fault, remedy="请对照身份证原件核对", where="handler_identity_number")]


def _missing(where: str) -> Refusal:
    return Refusal("REGISTER-REQUIRED", f"未填写{LABELS[where]}", remedy="请按申请表填写", where=where)


def _compact(text: str) -> str:
    """A number as people type it: without blanks and hyphens, half-width, upper case."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()
