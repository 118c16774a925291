"""What a registration makes: employer, unit account with its rates from the first month on, handler."""

from __future__ import annotations

from datetime import date

from hpf import ledger
from hpf.employer_registration.models import Application
from hpf.employer_registration.queries import CODE_TAKEN, NAME_TAKEN
from hpf.employer_registration.rules import HandlerDetails, Registration
from hpf.kernel import Refusal
from hpf.registry.codes import TimelineKind
from hpf.registry.initial_passwords import InitialPassword
from hpf.registry.models import Center, Employer, Handler, TimelineEvent, UnitAccount
from hpf.storage import Statements, keyring, refusing

statements = Statements(__package__)

HANDLER_EXISTS = Refusal(
    "REGISTER-HANDLER-EXISTS",
    "该单位已有在册经办人",
    "一个单位只有一名经办人",
    "请办理经办人变更",
    "《单位网上业务大厅服务协议》，经办人固定",
)
_NO_PASSWORD = "!"  # noqa: S105 - no password fits it


def new_employer(application: Application, registration: Registration, today: date) -> Employer:
    """The employer of an approved application. Raises ``Refused`` if name or code came into the register meanwhile."""
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
            industry=registration.industry or "",
            declared_member_count=registration.declared_member_count,
            founded_on=registration.founded_on,
            registered_on=today,
            application_id=application.pk,
            branch=application.branch,
        )


def new_unit_account(registration: Registration, employer: Employer, today: date) -> UnitAccount:
    """The employer's unit account, its unallocated money, and its rates on the timeline."""
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


def new_handler(
    details: HandlerDetails, unit: UnitAccount, today: date, password: InitialPassword | None = None
) -> Handler:
    """A handler with his user name: the unit account's number and his own, counted from 01, digits only.

    Without a password nobody gets in until one is handed out. Raises ``Refused`` (REGISTER-HANDLER-EXISTS).
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
            password_hash=password.hash if password else _NO_PASSWORD,
            initial_password_expires_at=password.expires_at if password else None,
            registered_on=today,
        )
