"""The form that an employer fills in advance (预填), without login: nobody is known, one thing is proved, a mobile.

A code goes to the mobile that the form names; with it the form is kept. What was kept is read again by its number and
another code to that mobile, never by one of the two alone. A browser holds one secret for all of this; the tables are
closed to the public and reached through the functions of ``guards.sql``.

As at the door of the hall, a refused attempt leaves its trace: it is committed first and refused then.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf import evidence
from hpf.employer_registration.models import Application
from hpf.employer_registration.numbers import fresh_number, typed_number
from hpf.employer_registration.operations import columns_of
from hpf.employer_registration.queries import examined
from hpf.employer_registration.rules import EmployerApplication
from hpf.kernel import Actor, Channel, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.notices.sms import send_or_drop_sms
from hpf.storage import Statements, durable, keyring, reading
from hpf.storage.tokens import code_digest, fresh_code, fresh_token, token_digest, typed_code

statements = Statements(__package__)

CODE_FORM = Refusal("PREFILL-CODE-FORM", "验证码为6位数字", remedy="请按短信中的数字输入", where="code")
CODE_DEAD = Refusal("PREFILL-CODE-DEAD", "验证码已失效", "验证码过期或连续输错后作废", "请重新获取验证码")
NOT_ASKED = Refusal(
    "PREFILL-CODE-NONE", "还没有获取验证码", remedy="请先点“获取验证码”，再填写短信中的数字", where="code"
)
NUMBER_FORM = Refusal(
    "PREFILL-NUMBER", "申请编号不正确", "编号为12位数字，末两位是校验位", "请按申请表右上方的编号填写", where="number"
)
OVER = Refusal("PREFILL-OVER", "查看已超过时限", "验证后15分钟内可以查看和打印", "请重新输入申请编号")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at a browser before the door: where he comes from, the real moment, the business day."""

    address: str
    now: datetime
    today: date

    @property
    def actor(self) -> Actor:
        return Actor.ANONYMOUS.through(Channel.PUBLIC, self.address)


@dataclass(frozen=True, slots=True)
class Asked:
    """A code is on its way. ``token`` is the browser's secret."""

    token: str
    minutes: int
    valid_until: datetime
    mobile_masked: str = ""


def ask_to_prefill(form: EmployerApplication, caller: Caller) -> Asked:
    """Send a code to the mobile of a form that holds.

    Raises ``Refused`` with everything that is wrong with the form; PREFILL-WAIT after too many codes.
    """
    with durable(caller.actor):
        registration, findings = examined(form, caller.today)
        if registration is None:
            raise Refused(findings)
        mobile = registration.handler.mobile
        return _ask("", mobile, caller, "registration-code")


def prefill(form: EmployerApplication, token: str, code: str, caller: Caller) -> str:
    """Keep a form whose mobile is proved by its code; returns its number. The same browser keeps one form once.

    Raises ``Refused``: all that is wrong with the form, or with the code.
    """
    with reading(caller.actor):
        registration, findings = examined(form, caller.today)
    if registration is None:
        raise Refused(findings)
    refusal = _try(token, code, caller)
    if refusal is not None:
        raise Refused(refusal)
    with durable(caller.actor):
        row = _row(columns_of(registration))
        kept = statements("prefill", token=token_digest(token), row=json.dumps(row), now=caller.now).rows()
        if not kept:
            raise Refused(CODE_DEAD)
        number, application_id, is_new = kept[0]
        if is_new:
            evidence.record(
                "prefill_application",
                by=caller.actor,
                today=caller.today,
                subject=f"application:{application_id}",
                detail={"mobile": mask_mobile(registration.handler.mobile)},
                result={"number": number},
            )
    return str(number)


def ask_to_read(number: str, caller: Caller) -> Asked:
    """Send a code to the mobile of a kept form, if there is one of that number: nobody learns whether there is.

    A code for nobody is written down and queued like everybody's: the clock tells nothing.

    Raises ``Refused``: PREFILL-NUMBER if it can be no number, PREFILL-WAIT after too many codes.
    """
    typed = typed_number(number)
    if typed is None:
        raise Refused(NUMBER_FORM)
    with durable(caller.actor):
        return _ask(typed, "", caller, "registration-read-code")


def prove_reader(token: str, code: str, caller: Caller) -> None:
    """Try the code of a reader; if it is right, the form can be read for a while. Raises ``Refused``."""
    if refusal := _try(token, code, caller):
        raise Refused(refusal)


def read(token: str, caller: Caller) -> Application | None:
    """The form that this browser kept or proved to be its own, ``None`` if there is none (any more)."""
    found = Application.objects.raw(
        "SELECT * FROM employer_registration_read(%s, %s)", [token_digest(token), caller.now]
    )
    return next(iter(found), None)


def forget_prefilled(*, now: datetime, today: date) -> int:
    """Delete the forms that nobody brought to the counter in time, and spent codes. How many forms. Every night."""
    with durable(Actor.SYSTEM):
        (count,) = statements("forget", now=now).row()
        if count:
            evidence.record("forget_prefilled", by=Actor.SYSTEM, today=today, result={"count": count})
    return int(count)


def _ask(number: str, mobile: str, caller: Caller, template: str) -> Asked:
    keys, token, code = keyring(), fresh_token(), fresh_code()
    digest = keys.digest("mobile", mobile) if mobile else keys.digest("application_number", number)
    wait, until, sealed = statements(
        "ask",
        token=token_digest(token),
        number=number,
        mobile_digest=digest,
        address=keys.digest("login_address", caller.address),
        code=code_digest("registration_code", token, code),
        now=caller.now,
    ).row()
    if wait:
        raise Refused(_too_soon(wait))
    to = mobile or (keys.decrypt("mobile", bytes(sealed)) if sealed else None)
    minutes = round((until - caller.now).total_seconds() / 60)
    values = {"code": code, "minutes": minutes}
    send_or_drop_sms(to, template, values, today=caller.today, now=caller.now, valid_until=until)
    return Asked(token, minutes, until, mask_mobile(mobile))


def _try(token: str, code: str, caller: Caller) -> Refusal | None:
    """Count a try and compare; what speaks against the code, ``None`` if it is right."""
    typed = typed_code(code)
    if not token:
        return NOT_ASKED
    if typed is None:
        return CODE_FORM
    with durable(caller.actor):
        verdict, left = statements(
            "try_code", token=token_digest(token), code=code_digest("registration_code", token, typed), now=caller.now
        ).row()
        refusal = None if verdict == "right" else CODE_DEAD if verdict == "dead" or not left else _wrong(left)
        if refusal is not None:
            evidence.record("refuse_prefill_code", by=caller.actor, today=caller.today, detail={"code": refusal.code})
    return refusal


def _row(columns: dict[str, Any]) -> dict[str, Any]:
    """A form as the function takes it: every column as the database writes it, people's numbers encrypted."""
    row: dict[str, Any] = {"number": fresh_number(), "branch_id": columns["branch"].pk}
    fields = {field.name: field for field in Application._meta.concrete_fields}  # noqa: SLF001 - Django's way to them
    for name, value in columns.items():
        if name != "branch":
            written = fields[name].get_prep_value(value)
            row[name] = "\\x" + written.hex() if isinstance(written, bytes) else written
    return {name: value if isinstance(value, int) else str(value) for name, value in row.items()}


def _wrong(left: int) -> Refusal:
    return Refusal("PREFILL-CODE-WRONG", "验证码不正确", remedy=f"请核对后重新输入，还可以试{left}次", where="code")


def _too_soon(seconds: int) -> Refusal:
    time = f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分钟"
    why = "同一手机号码每分钟1条，每小时和每日也有上限；同一网络地址也有上限"
    return Refusal("PREFILL-WAIT", "验证码发送过于频繁", why, f"请在{time}后再获取")
