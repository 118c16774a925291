"""A center at work, for tests that need employers and members but are not about how they came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from hpf import ledger, policy
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.employer_registration.models import Application, ApplicationState
from hpf.employer_registration.numbers import fresh_number
from hpf.hall_access.attempts import statements
from hpf.hall_access.models import StaffProposal
from hpf.hall_access.staff import REVIEW
from hpf.kernel import Actor, ActorKind, Channel, Fen, Month, Rate
from hpf.ledger import Kind
from hpf.registry.codes import IdentityType, Nature, Role, TimelineKind
from hpf.registry.models import (
    Account,
    BankAccount,
    Branch,
    Center,
    Employer,
    Handler,
    Member,
    Staff,
    TimelineEvent,
    UnitAccount,
)
from hpf.storage import durable, keyring

PLACE = "511100"
OPENING_DAY = date(2026, 7, 1)
FIRST_MONTH = Month(2026, 7)
SYSTEM = Actor.SYSTEM
TREASURER = Actor(ActorKind.STAFF, 2, "钱进", Channel.COUNTER, roles=frozenset({"treasurer"}))
ACCOUNTANT = Actor(ActorKind.STAFF, 3, "何静", Channel.COUNTER, roles=frozenset({"accountant"}))
CLERK = Actor(ActorKind.STAFF, 1, "孙桂", Channel.COUNTER, roles=frozenset({"clerk"}))


@dataclass(frozen=True)
class Unit:
    """An employer's unit account and the handler who works for it."""

    employer_id: int
    unit_account_id: int
    unallocated_account_id: int
    handler: Actor

    @property
    def row(self) -> UnitAccount:
        return UnitAccount.objects.select_related("employer").get(pk=self.unit_account_id)


def open_center() -> Center:
    """The demonstration center with one branch, its bank account and the shipped law."""
    with durable(SYSTEM):
        policy.load_shipped(PLACE)
        center = Center.objects.create(
            name="示范市住房公积金管理中心",
            place=PLACE,
            number_prefix="5111",
            hotline="12329",
            unidentified_account_id=ledger.open_account(Kind.UNIDENTIFIED, on=OPENING_DAY, label="未识别款"),
        )
        Branch.objects.create(code="01", name="市中区管理部", place=PLACE)
        BankAccount.objects.create(
            number="5100100000000001",
            name="示范市住房公积金管理中心",
            bank="示范银行营业部",
            ledger_account_id=ledger.open_account(Kind.BANK, on=OPENING_DAY, label="示范银行营业部"),
        )
        _person("孙桂", Role.CLERK)
        _person("钱进", Role.TREASURER, Role.REVIEWER)
        _person("何静", Role.ACCOUNTANT)
        return center


def employ(name: str, *roles: Role) -> Actor:
    """A member of the staff of the one branch, with these roles; nobody knows a password."""
    with durable(SYSTEM):
        person = _person(name)
        grant(person, roles)
    return Actor(ActorKind.STAFF, person.pk, name, Channel.COUNTER, roles=frozenset(roles))


@contextmanager
def acting(person: Actor) -> Iterator[None]:
    """Some lines of the system's transaction in the name of a member of the staff."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hpf.staff', %s, true)", [str(person.id)])
        yield
        cursor.execute("SELECT set_config('hpf.staff', '', true)")


def grant(person: Staff, roles: Sequence[str]) -> None:
    """Roles by a proposal that two others agreed to: there is no other way for who comes later."""
    own = {"staff_id": person.pk, "branch_id": person.branch_id, "roles": sorted(roles)}
    with acting(CLERK):
        StaffProposal.objects.create(**own, proposed_by=CLERK.id, proposed_at=datetime.now(UTC))
        review.submit(REVIEW, person.pk, title=person.name, by=CLERK, today=OPENING_DAY)
    with acting(TREASURER):
        review.decide(REVIEW, person.pk, ReviewState.APPROVED, note="", by=TREASURER)
    statements("grant_roles", staff_id=person.pk).rows()


def _person(name: str, *roles: Role) -> Staff:
    return Staff.objects.create(
        user_name=f"staff-{Staff.objects.count() + 1}",
        name=name,
        password_hash="!",
        branch=Branch.objects.get(),
        roles=list(roles),
    )


_RELEASED = """
WITH own AS (
    INSERT INTO hall_access_authenticator (kind, principal_id, secret, last_step, enrolled_at, check_number)
    VALUES ('staff', %s, '', 0, now(), '') RETURNING id, principal_id
)
INSERT INTO hall_access_release (authenticator_id, staff_id, founding, released_at)
SELECT id, principal_id, false, now() FROM own
"""


def let_in(center: Any, *people: Actor) -> None:
    """Members of the staff with passwords of their own and released authenticators, as a center has them at work."""
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")
        for person in people:
            admin.execute("UPDATE registry_staff SET must_change_password = false WHERE id = %s", [person.id])
            admin.execute(_RELEASED, [person.id])


def open_unit(
    name: str = "测试单位",
    credit_code: str = "91511100MA6280003F",
    first_month: Month = FIRST_MONTH,
    rate: str = "8",
) -> Unit:
    """An employer with one unit account at the same rate on both sides."""
    with durable(SYSTEM):
        employer = _employer(name, credit_code, first_month, Rate.from_percent(rate))
        number = f"5111{employer.pk:08d}"
        account = "62220000" + number
        ring = keyring()
        unit = UnitAccount(
            number=number,
            employer=employer,
            unit_rate=Rate.from_percent(rate),
            personal_rate=Rate.from_percent(rate),
            payday=10,
            first_month=first_month,
            opened_on=OPENING_DAY,
            fund_department="finance",
            bank_name="示范银行",
            bank_account=account,
            bank_account_digest=ring.digest("bank_account", account),
            unallocated_account_id=0,
        )
        unit.save()
        unit.unallocated_account_id = ledger.open_account(
            Kind.UNALLOCATED, on=OPENING_DAY, employer_id=employer.pk, unit_account_id=unit.pk
        )
        unit.save()
        TimelineEvent.objects.create(
            employer=employer,
            unit_account=unit,
            kind=TimelineKind.RATE,
            effective_month=first_month,
            unit_rate=unit.unit_rate,
            personal_rate=unit.personal_rate,
            business_day=OPENING_DAY,
        )
        handler = Handler.objects.create(
            employer=employer,
            name="陈明",
            identity_number="511102199003071235",
            identity_digest=ring.digest("identity", f"handler-{employer.pk}"),
            mobile="13900000001",
            mobile_digest=ring.digest("mobile", "13900000001"),
            user_name=f"u{number}",
            password_hash="!",
            registered_on=OPENING_DAY,
        )
        actor = Actor(ActorKind.HANDLER, handler.pk, "陈明", Channel.PORTAL, employer_id=employer.pk)
        return Unit(employer.pk, unit.pk, unit.unallocated_account_id, actor)


def _employer(name: str, credit_code: str, first_month: Month, rate: Rate) -> Employer:
    """An employer by an application that one accepted and another approved: there is no other way in."""
    own = {
        "name": name,
        "credit_code": credit_code,
        "postcode": "614000",
        "address": "示范路1号",
        "legal_representative": "李一",
        "legal_representative_phone": "13800000001",
        "economic_type": "150",
        "affiliation": "90",
        "nature": Nature.OTHER_ENTERPRISE,
        "declared_member_count": 3,
        "founded_on": date(2026, 3, 1),
        "branch": Branch.objects.get(),
    }
    application = Application.objects.create(
        number=fresh_number(),
        state=ApplicationState.ACCEPTED,
        unit_rate=rate,
        personal_rate=rate,
        payday=10,
        first_month=first_month,
        fund_department="finance",
        bank_name="示范银行",
        bank_account="62220000",
        handler_name="陈明",
        handler_identity_number="511102199003071235",
        handler_mobile="13900000001",
        **own,
    )
    kind, known = "employer_registration", Application.objects.filter(pk=application.pk)
    known.update(state=ApplicationState.UNDER_REVIEW)
    with acting(CLERK):
        review.submit(kind, application.pk, title=name, by=CLERK, today=OPENING_DAY)
    with acting(TREASURER):
        review.decide(kind, application.pk, ReviewState.APPROVED, note="", by=TREASURER)
    employer = Employer.objects.create(registered_on=OPENING_DAY, application_id=application.pk, **own)
    known.update(state=ApplicationState.REGISTERED, employer_id=employer.pk)
    return employer


def add_member(unit: Unit, name: str, base: str, month: Month, identity: str = "") -> int:
    """A member with an open account from a month on; returns the account's id."""
    with durable(SYSTEM):
        row, base_fen = unit.row, Fen.from_yuan(base)
        identity = identity or f"test-{unit.employer_id}-{name}"
        member = Member.objects.create(
            employer_id=unit.employer_id,
            name=name,
            identity_type=IdentityType.OTHER,
            identity_number=identity,
            identity_digest=keyring().digest("identity", identity),
            sex="0",
        )
        account_id = ledger.open_account(
            Kind.MEMBER, on=OPENING_DAY, employer_id=unit.employer_id, unit_account_id=unit.unit_account_id
        )
        Account.objects.create(
            pk=account_id,
            number=f"5111{account_id:010d}",
            member=member,
            employer_id=unit.employer_id,
            unit_account=row,
            base_fen=base_fen,
            unit_fen=row.unit_rate.of(base_fen),
            personal_fen=row.personal_rate.of(base_fen),
            first_month=month,
            opened_on=OPENING_DAY,
        )
        add_event(unit, account_id, TimelineKind.OPENING, month, base_fen=base_fen)
        return account_id


def add_event(unit: Unit, account_id: int | None, kind: TimelineKind, month: Month, **values: object) -> None:
    """A timeline event, inside the present transaction."""
    TimelineEvent.objects.create(
        employer_id=unit.employer_id,
        unit_account_id=unit.unit_account_id,
        account_id=account_id,
        kind=kind,
        effective_month=month,
        business_day=OPENING_DAY,
        **values,
    )
