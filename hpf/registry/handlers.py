"""Handlers (经办人) as the counter registers them, at the opening of an employer and at every change after it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hpf.kernel import Actor, Refusal, Refused, compact, normalise_name
from hpf.kernel.identity import citizen_birthday, citizen_number_fault
from hpf.registry.codes import Duty
from hpf.registry.models import Handler, UnitAccount
from hpf.storage import keyring, refusing

_FIELDS = {"handler_name": "姓名", "handler_identity_number": "身份证号码", "handler_mobile": "手机号码"}
LABELS = {name: f"经办人{label}" for name, label in _FIELDS.items()}
"""What forms call the fields."""

HANDLER_EXISTS = Refusal(
    "REGISTER-HANDLER-EXISTS",
    "该单位已有在册经办人",
    "一个单位只有一名经办人",
    "请办理经办人变更",
    "《单位网上业务大厅服务协议》，经办人固定",
)
PERSON_TWICE = Refusal(
    "REGISTER-PERSON-TWICE",
    "该人已是本单位的网厅用户",
    "一人在一个单位只有一个用户，经办与复核须为两人",
    "请核对身份证号码，或先终止其现有的权限",
    where="handler_identity_number",
)
MOBILE_TWICE = Refusal(
    "REGISTER-MOBILE-TWICE",
    "该手机号码已由同一单位的另一名网厅用户使用",
    "登录验证码发到本人的手机，经办与复核须为两人",
    "请填写本人自己的手机号码",
    where="handler_mobile",
)
LOOKS_ONLY = Refusal(
    "ACCESS-LOOKS-ONLY",
    "这里只能查看",
    "代表单位确认、申诉和办理业务的，是经办人和代办人",
    "请由单位的经办人登录办理",
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


def examine(
    application: HandlerApplication, today: date, called: str = "经办人"
) -> tuple[HandlerDetails, list[Refusal]]:
    """A handler's details in the form in which the register keeps them, and everything that speaks against them.

    ``called`` is what the form calls the person, before the names of its fields.
    """
    name = normalise_name(application.handler_name)
    number = compact(application.handler_identity_number)
    mobile, against_mobile = examine_mobile(application.handler_mobile, called)
    found = _against_name(name, called) + _against_number(number, today, called) + against_mobile
    return HandlerDetails(name, number, mobile), found


def examine_mobile(text: str, called: str = "经办人") -> tuple[str, list[Refusal]]:
    """A mobile as the register keeps it, and what speaks against it."""
    mobile = compact(text)
    if not mobile:
        return mobile, [_missing("handler_mobile", called)]
    if _MOBILE.fullmatch(mobile):
        return mobile, []
    what, remedy = f"{called}{_FIELDS['handler_mobile']}格式不符", "手机号码为11位数字，以13至19开头"
    return mobile, [Refusal("REGISTER-MOBILE", what, remedy=remedy, where="handler_mobile")]


def mobile_taken(mobile: str, employer_id: int, besides: Handler | None = None) -> list[Refusal]:
    """What speaks against a mobile that somebody else of the employer's has: one telephone would be both persons."""
    digest = keyring().digest("mobile", mobile)
    owners = Handler.objects.filter(employer_id=employer_id, active=True, mobile_digest=digest)
    return [MOBILE_TWICE] if any(owner != besides for owner in owners) else []


def handler_of(employer_id: int) -> Handler | None:
    """The employer's one handler (经办人), whoever else may act for it. ``None`` where the hall is not open to it."""
    return Handler.objects.filter(employer_id=employer_id, active=True, duty=Duty.HANDLER).first()


def is_acting(by: Actor) -> bool:
    """Whether an employer's person acts for it, and does not look or approve alone."""
    return Handler.objects.filter(pk=by.id or 0, active=True, duty__in=(Duty.HANDLER, Duty.AGENT)).exists()


def require_acting(by: Actor) -> None:
    """Raises ``Refused`` (ACCESS-LOOKS-ONLY) for an employer's person who looks or approves and does not act for it."""
    if by.is_handler and not is_acting(by):
        raise Refused(LOOKS_ONLY)


def create_handler(
    details: HandlerDetails,
    unit: UnitAccount,
    today: date,
    *,
    duty: Duty = Duty.HANDLER,
    grant_id: int | None = None,
    login: Handler | None = None,
) -> Handler:
    """Keep a handler, with the mobile bound. Nobody gets in until an initial password is handed out.

    The user name is the unit account's number and the handler's own, counted from 01: digits only. Somebody beside the
    handler comes in by a grant; an agent through the ``login`` that he has. Raises ``Refused``: REGISTER-HANDLER-EXISTS
    while another one is active, REGISTER-PERSON-TWICE, REGISTER-MOBILE-TWICE.
    """
    keys, number = keyring(), Handler.objects.filter(employer_id=unit.employer_id).count() + 1
    taken = dict.fromkeys(("registry_handler_one", "registry_handler_user_name_key"), HANDLER_EXISTS)
    twice = {"registry_handler_person": PERSON_TWICE, "registry_handler_mobile": MOBILE_TWICE}
    with refusing({**taken, **twice}):
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
            duty=duty,
            grant_id=grant_id,
            login=login,
        )


def _against_name(name: str, called: str) -> list[Refusal]:
    label, found = f"{called}{_FIELDS['handler_name']}", []
    if not name:
        found.append(_missing("handler_name", called))
    if len(name) > _LONGEST:
        found.append(Refusal("REGISTER-TOO-LONG", f"{label}超过{_LONGEST}个字", where="handler_name"))
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in name):
        what = f"{label}含有无法识别的字符"
        found.append(Refusal("REGISTER-CHARACTER", what, remedy="请删除后重新输入", where="handler_name"))
    return found


def _against_number(number: str, today: date, called: str) -> list[Refusal]:
    if not number:
        return [_missing("handler_identity_number", called)]
    fault = citizen_number_fault(number)
    if not fault and (citizen_birthday(number) or today) >= today:
        fault = "身份证号码中的出生日期尚未到来"
    if not fault:
        return []
    return [Refusal("REGISTER-IDENTITY", fault, remedy="请对照身份证原件核对", where="handler_identity_number")]


def _missing(where: str, called: str) -> Refusal:
    return Refusal("REGISTER-REQUIRED", f"未填写{called}{_FIELDS[where]}", remedy="请按申请表填写", where=where)
