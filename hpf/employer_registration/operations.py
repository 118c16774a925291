"""Registering employers and their handlers at the counter."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from hpf import evidence, ledger
from hpf.employer_registration import rules
from hpf.employer_registration.queries import CODE_TAKEN, NAME_TAKEN, examination
from hpf.employer_registration.rules import EmployerApplication, HandlerApplication, HandlerDetails, Registration
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.registry.codes import Role, TimelineKind
from hpf.registry.initial_passwords import InitialPassword, initial_password
from hpf.registry.models import Branch, Center, Employer, Handler, TimelineEvent, UnitAccount
from hpf.registry.roles import require
from hpf.storage import Statements, durable, keyring, refusing

statements = Statements(__package__)

HANDLER_EXISTS = Refusal(
    "REGISTER-HANDLER-EXISTS",
    "该单位已有在册经办人",
    "一个单位只有一名经办人",
    "请办理经办人变更",
    "《单位网上业务大厅服务协议》，经办人固定",
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of a registration.

    ``receipt.result`` names ``employer_id``, ``unit_account_id``, ``unit_account_number``, ``handler_id`` and
    ``user_name`` as far as the act made them. ``initial_password`` is here this once and nowhere else: only its hash
    is kept, and a repeated key gives ``None``. ``hints`` are findings that did not refuse.
    """

    receipt: Receipt
    initial_password: str | None
    hints: tuple[Refusal, ...] = ()


def register_employer(
    application: EmployerApplication, *, by: Actor, today: date, now: datetime, key: Key
) -> Registered:
    """Register an employer (单位登记) with its unit account, its rates from the first month on, and its handler.

    ``now`` is the real moment, from which the initial password's days count. Raises ``Refused`` with every reason at
    once. Basis: 《住房公积金管理条例》 §14.
    """
    require(by, Role.CLERK)
    content = asdict(application)
    with durable(by):
        if done := evidence.receipt(key, content):
            return Registered(done, None)
        registration, findings = examination(application, today)
        if registration is None:
            raise Refused(findings)
        password = initial_password(now)
        employer = _employer(registration, today)
        unit = _unit_account(registration, employer, today)
        handler = _handler(registration.handler, unit, password, today)
        receipt = evidence.record(
            "register_employer",
            by=by,
            today=today,
            subject=f"employer:{employer.pk}",
            key=key,
            content=content,
            employer_id=employer.pk,
            detail={
                "name": employer.name,
                "credit_code": employer.credit_code,
                "mobile": mask_mobile(handler.mobile),
                "hints": [hint.code for hint in findings],
            },
            result={
                "employer_id": employer.pk,
                "unit_account_id": unit.pk,
                "unit_account_number": unit.number,
                "handler_id": handler.pk,
                "user_name": handler.user_name,
            },
        )
    return Registered(receipt, password.text, tuple(findings))


def register_handler(
    employer_id: int, application: HandlerApplication, *, by: Actor, today: date, now: datetime, key: Key
) -> Registered:
    """Register a handler (经办人登记) for an employer that has none, and bind the mobile.

    Raises ``Refused`` with every reason at once; REGISTER-HANDLER-EXISTS while another one is active.
    """
    require(by, Role.CLERK)
    content = {"employer_id": employer_id, **asdict(application)}
    with durable(by):
        if done := evidence.receipt(key, content):
            return Registered(done, None)
        details, findings = rules.examine_handler(application, today)
        if Handler.objects.filter(employer_id=employer_id, active=True).exists():
            findings.append(HANDLER_EXISTS)
        if details is None or rules.refused(findings):
            raise Refused(findings)
        password = initial_password(now)
        unit = UnitAccount.objects.filter(employer_id=employer_id).earliest("id")
        handler = _handler(details, unit, password, today)
        receipt = _handler_event("register_handler", handler, by=by, today=today, key=key, content=content)
    return Registered(receipt, password.text)


def _employer(registration: Registration, today: date) -> Employer:
    taken = {"registry_employer_name": NAME_TAKEN, "registry_employer_credit_code": CODE_TAKEN}
    with refusing(taken):
        return Employer.objects.create(
            name=registration.name,
            credit_code=registration.credit_code,
            postcode=registration.postcode,
            address=registration.address,
            legal_representative=registration.legal_representative,
            legal_representative_phone=registration.legal_representative_phone,
            economic_type=registration.economic_type,
            affiliation=registration.affiliation,
            supervising_department=registration.supervising_department,
            nature=registration.nature,
            declared_member_count=registration.declared_member_count,
            founded_on=registration.founded_on,
            registered_on=today,
            branch=Branch.objects.get(code=registration.branch),
        )


def _unit_account(registration: Registration, employer: Employer, today: date) -> UnitAccount:
    (unit_id,) = statements("next_unit_account_id").row()
    unallocated = ledger.open_account(
        ledger.Kind.UNALLOCATED, on=today, employer_id=employer.pk, unit_account_id=unit_id, label=employer.name
    )
    unit = UnitAccount.objects.create(
        id=unit_id,
        number=f"{Center.objects.get().number_prefix}{unit_id:08d}",
        employer=employer,
        unit_rate=registration.unit_rate,
        personal_rate=registration.personal_rate,
        payday=registration.payday,
        first_month=registration.first_month,
        opened_on=today,
        fund_department=registration.fund_department,
        bank_name=registration.bank_name,
        bank_account=registration.bank_account,
        bank_account_digest=keyring().digest("bank_account", registration.bank_account),
        unallocated_account_id=unallocated,
    )
    TimelineEvent.objects.create(
        employer=employer,
        unit_account=unit,
        kind=TimelineKind.RATE,
        effective_month=registration.first_month,
        unit_rate=registration.unit_rate,
        personal_rate=registration.personal_rate,
        business_day=today,
    )
    return unit


def _handler(details: HandlerDetails, unit: UnitAccount, password: InitialPassword, today: date) -> Handler:
    """A handler's user name is the unit account's number and the handler's own, counted from 01: digits only."""
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
            password_hash=password.hash,
            initial_password_expires_at=password.expires_at,
            registered_on=today,
        )


def _handler_event(
    act: str, handler: Handler, *, by: Actor, today: date, key: Key, content: dict[str, object]
) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"handler:{handler.pk}",
        key=key,
        content=content,
        employer_id=handler.employer_id,
        detail={"name": handler.name, "mobile": mask_mobile(handler.mobile)},
        result={"handler_id": handler.pk, "user_name": handler.user_name},
    )
