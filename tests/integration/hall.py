"""Ground for tests of access: a center with law, a branch and a clerk, and applications that hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, ClassVar

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings

from hpf import ledger
from hpf.casework.review import ReviewState
from hpf.employer_registration.models import Material
from hpf.employer_registration.operations import accept_application, decide_application, submit_application
from hpf.employer_registration.rules import EmployerApplication
from hpf.evidence import Receipt
from hpf.hall_access.operations import finish_login, issue_code, start_login
from hpf.hall_access.passwords import reissue_initial_password
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, ActorKind, Channel, Key
from hpf.kernel.identity import citizen_check_digit, organisation_check_digit
from hpf.notices.sms import outbox
from hpf.policy import load_shipped
from hpf.registry.models import Branch, Center, Staff
from hpf.storage import durable, reading

TODAY = date(2026, 8, 10)
NOW = datetime(2026, 8, 10, 1, 0, tzinfo=UTC)
CLERK = Actor(ActorKind.STAFF, 1, "李柜员", Channel.COUNTER, roles=frozenset({"clerk"}))
COLLEAGUE = Actor(ActorKind.STAFF, 99, "孙柜员", Channel.COUNTER, roles=frozenset({"clerk"}))
REVIEWER = Actor(ActorKind.STAFF, 2, "赵复核", Channel.COUNTER, roles=frozenset({"reviewer"}))
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_numbers = count(1)


class QuickArgon2(Argon2PasswordHasher):
    """The same hash at the least cost, so that a hundred logins take no minute. Counts what it is asked to verify."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
    verified: ClassVar[int] = 0

    def verify(self, password: str, encoded: str) -> bool:
        QuickArgon2.verified += 1
        return super().verify(password, encoded)


def quick_passwords() -> override_settings:
    return override_settings(PASSWORD_HASHERS=[f"{__name__}.{QuickArgon2.__name__}"])


APPLICATION = EmployerApplication(
    name="乐山青衣江机械有限公司",
    credit_code="91511100MA6280003F",
    postcode="614000",
    address="乐山市市中区嘉州大道1号",
    legal_representative="欧阳江月",
    legal_representative_phone="0833-2101234",
    economic_type="150",
    affiliation="90",
    nature="33",
    declared_member_count="3",
    founded_on="2026-07-20",
    branch="01",
    unit_rate="8",
    personal_rate="8",
    payday="10",
    first_month="202607",
    fund_department="finance",
    bank_name="工商银行乐山分行",
    bank_account="6222000011112222",
    handler_name="王秀英",
    handler_identity_number="511102199003071235",
    handler_mobile="13800138000",
    accepts_agreement="1",
    follows_rules="1",
    vouches_for_data="1",
)


def lay_ground() -> None:
    """A center in Leshan with one branch, a clerk and a reviewer."""
    with durable(Actor.SYSTEM):
        load_shipped("511100")
        unidentified = ledger.open_account(ledger.Kind.UNIDENTIFIED, on=TODAY)
        Center.objects.create(
            name="测试住房公积金管理中心",
            place="511100",
            number_prefix="5111",
            hotline="0833-12345",
            unidentified_account_id=unidentified,
        )
        branch = Branch.objects.create(code="01", name="市中区管理部", place="511102")
        for person in (CLERK, REVIEWER):
            Staff.objects.create(
                user_name=f"desk-{person.id}",
                name=person.name,
                password_hash="!",
                branch=branch,
                roles=sorted(person.roles),
            )


def another(**changes: str) -> EmployerApplication:
    """An application of yet another employer: name, code and mobile of its own."""
    number = next(_numbers)
    body = f"MB{number:06d}"
    head = f"91511102{body}{organisation_check_digit(body)}"
    total = sum(_LETTERS.index(char) * pow(3, place, 31) for place, char in enumerate(head))
    person = f"99000019900307{number:03d}"
    application = replace(
        APPLICATION,
        name=f"乐山测试第{number}有限公司",
        credit_code=head + _LETTERS[-total % 31],
        handler_identity_number=person + citizen_check_digit(person),
        handler_mobile=f"139{number:08d}",
    )
    return replace(application, **changes)


@dataclass(frozen=True)
class Registered:
    """What the counter has when all is done: the receipt of the approval, and the password that was handed out."""

    receipt: Receipt
    initial_password: str


def accept(application: EmployerApplication | None = None) -> int:
    """An application on paper, accepted by the clerk; its id."""
    form = application or another()
    return int(accept_application(form, by=CLERK, today=TODAY, key=Key.fresh()).result["application_id"])


def submit(application_id: int) -> None:
    """With all its materials, to a second person."""
    submit_application(application_id, list(Material), "单位带来的是复印件", by=CLERK, today=TODAY, key=Key.fresh())


def decide(application_id: int, verdict: ReviewState = ReviewState.APPROVED, note: str = "") -> Receipt:
    return decide_application(application_id, verdict, note=note, by=REVIEWER, today=TODAY, key=Key.fresh())


def register(application: EmployerApplication | None = None, now: datetime = NOW) -> Registered:
    """From the paper to the password in the handler's hand."""
    application_id = accept(application)
    submit(application_id)
    receipt = decide(application_id)
    at = Visit("203.0.113.1", "Firefox/140", now, TODAY)
    _, password = reissue_initial_password(receipt.result["handler_id"], by=CLERK, visit=at, key=Key.fresh())
    assert password is not None
    return Registered(receipt, password)


def visit(minutes: float = 0, address: str = "203.0.113.7", agent: str = "Firefox/140") -> Visit:
    """A visit some minutes after the beginning of the test's time."""
    return Visit(address, agent, NOW + timedelta(minutes=minutes), TODAY)


def last_code(mobile: str) -> str:
    """The code that last went to a mobile, as its owner reads it."""
    with reading(Actor.SYSTEM):
        return next(message.code for message in outbox() if message.mobile == mobile)


@dataclass(frozen=True)
class Desk:
    """A registered employer and what its handler holds in hand."""

    employer_id: int
    handler_id: int
    user_name: str
    password: str
    mobile: str

    @property
    def handler(self) -> Actor:
        return Actor(ActorKind.HANDLER, self.handler_id, "王秀英", Channel.PORTAL, self.employer_id)

    def challenge(self, at: Visit, password: str | None = None) -> str:
        return start_login(self.user_name, password or self.password, at).token

    def log_in(self, at: Visit, password: str | None = None) -> str:
        challenge = self.challenge(at, password)
        issue_code(challenge, at)
        return finish_login(challenge, last_code(self.mobile), at)


def desk() -> Desk:
    """Register an employer and hand over its handler."""
    application = another()
    registered = register(application)
    result: Any = registered.receipt.result
    return Desk(
        result["employer_id"],
        result["handler_id"],
        result["user_name"],
        registered.initial_password,
        application.handler_mobile,
    )


def limit_looking(ground: Any, **limits: int) -> None:
    """Set limits of looking up as a test needs them, without the two persons who set them."""
    with ground.connect("owner") as owner:
        for name, value in limits.items():
            owner.execute(f"UPDATE hall_access_limits SET {name} = {value}")


def everything_stored(ground: Any) -> str:
    """All rows of all tables as text."""
    with ground.connect("superuser") as superuser:
        tables = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema").fetchall()
        rows = [superuser.execute(f"SELECT t::text FROM {table} t").fetchall() for (table,) in tables]
    return "\n".join(text for table in rows for (text,) in table)
