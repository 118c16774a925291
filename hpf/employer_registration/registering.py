"""What a registration makes: employer, and unit account with its rates from the first month on."""

from __future__ import annotations

from datetime import date

from hpf import ledger
from hpf.employer_registration.models import Application
from hpf.employer_registration.queries import CODE_TAKEN, NAME_TAKEN
from hpf.employer_registration.rules import Registration
from hpf.registry.codes import TimelineKind
from hpf.registry.models import Center, Employer, TimelineEvent, UnitAccount
from hpf.storage import Statements, keyring, refusing

statements = Statements(__package__)


def new_employer(application: Application, registration: Registration, today: date) -> Employer:
    """The employer of an approved application. Raises ``Refused`` if name or code came into the register meanwhile."""
    codes = ("registry_employer_credit_code", "registry_employer_organisation")
    taken = {"registry_employer_name": NAME_TAKEN, **dict.fromkeys(codes, CODE_TAKEN)}
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
