"""The demonstration's employers: registered, opened, sealed and declared as people do it, month by month."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.auth.hashers import make_password

from hpf import evidence
from hpf.account_opening.models import Choice
from hpf.account_opening.operations import check_roster, open_accounts, open_roster, upload_roster
from hpf.agreement.operations import accept
from hpf.agreement.queries import current
from hpf.casework.review import ReviewState
from hpf.employer_registration import prefilling
from hpf.employer_registration.models import Application, Material
from hpf.employer_registration.operations import accept_application, decide_application, submit_application
from hpf.employer_registration.rules import EmployerApplication
from hpf.evidence import Receipt
from hpf.faces.cli.demo.ground import member_of_staff, noon
from hpf.faces.cli.demo.people import Town
from hpf.faces.cli.demo.plan import EmployerPlan
from hpf.kernel import Actor, ActorKind, Channel, Key, Month
from hpf.notices.sms import outbox
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from hpf.registry.codes import AccountState, Role, SealReason, TimelineKind
from hpf.registry.models import Account, Center, Handler, TimelineEvent, UnitAccount
from hpf.remittance import queries
from hpf.remittance.models import Sheet
from hpf.remittance.operations import submit_sheet
from hpf.sealing.operations import seal_members
from hpf.storage import durable, reading

_REASONS = (SealReason.ENDED, SealReason.RETIRED, SealReason.MOVED)
_PASSWORD_HOLDS_UNTIL = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Client:
    """A registered employer at work. ``number`` is its place in the plan."""

    number: int
    plan: EmployerPlan
    employer_id: int
    unit_account_id: int
    handler: Actor
    user_name: str
    town: Town

    def key(self, *parts: object) -> Key:
        """The key of one of its acts, the same every time."""
        return Key.of("demonstration", self.plan.application.credit_code, *parts)

    def has(self, kind: TimelineKind, month: Month) -> bool:
        """Whether something of a kind takes effect in a month already."""
        with reading(Actor.SYSTEM):
            events = TimelineEvent.objects.filter(unit_account_id=self.unit_account_id, account__isnull=False)
            return events.filter(kind=kind, effective_month=month).exists()


def register(number: int, plan: EmployerPlan, on: date) -> Client:
    """Register an employer at the counter on a day, and let its handler have the password of the plan.

    Safe to repeat.
    """
    application = plan.application
    done = registered(application, on).result
    handler = Actor(
        ActorKind.HANDLER, done["handler_id"], application.handler_name, Channel.PORTAL, done["employer_id"]
    )
    client = Client(
        number, plan, done["employer_id"], done["unit_account_id"], handler, done["user_name"], Town(number)
    )
    _know_password(client, on)
    return client


def registered(application: EmployerApplication, on: date) -> Receipt:
    """Let the clerk accept an application and the reviewer approve it. Safe to repeat."""
    number, key = submitted(application, on), Key.of("demonstration", "approve", application.credit_code)
    reviewer = member_of_staff(Role.REVIEWER)
    return decide_application(number, ReviewState.APPROVED, note="", by=reviewer, today=on, key=key)


def submitted(application: EmployerApplication, on: date) -> int:
    """Let the clerk accept an application and hand it to a second person; its id. Safe to repeat."""
    clerk = member_of_staff(Role.CLERK)
    keys = {act: Key.of("demonstration", act, application.credit_code) for act in ("accept", "submit")}
    number: int = accept_application(application, by=clerk, today=on, key=keys["accept"]).result["application_id"]
    submit_application(number, list(Material), "演示数据，没有纸质材料", by=clerk, today=on, key=keys["submit"])
    return number


def prefill_at_home(application: EmployerApplication, on: date) -> None:
    """Let an employer fill in its form in advance, with the code that its handler reads. Safe to repeat."""
    with reading(Actor.SYSTEM):
        if Application.objects.filter(name=application.name).exists():
            return
    caller = prefilling.Caller("127.0.0.1", datetime.now(UTC), on)
    asked = prefilling.ask_to_prefill(application, caller)
    with reading(Actor.SYSTEM):
        code = next(message.code for message in outbox() if message.mobile == application.handler_mobile)
    prefilling.prefill(application, asked.token, code, caller)


def let_in(client: Client, on: date) -> None:
    """Let the handler have changed the initial password and accepted the agreement. Safe to repeat."""
    with durable(Actor.SYSTEM):
        Handler.objects.filter(employer_id=client.employer_id, active=True).update(must_change_password=False)
    with reading(client.handler):
        agreement = current(on)
    accept(
        agreement.number,
        agreement.digest,
        by=client.handler,
        today=on,
        now=noon(on),
        address="127.0.0.1",
        agent="demonstration",
        key=client.key("agreement"),
    )


def open_month(client: Client, month: Month, on: date) -> None:
    """Open the accounts that begin in a month, from a roster. Safe to repeat."""
    names = client.plan.names if month == min(client.plan.openings) else ()
    people = list(client.town.people(client.plan.openings.get(month, 0), month, names))
    if not people or client.has(TimelineKind.OPENING, month):
        return
    with reading(client.handler):
        unit = UnitAccount.objects.select_related("employer").get(pk=client.unit_account_id)
    uploaded = upload_roster(
        unit_account_id=client.unit_account_id,
        chunks=[roster_template(UnitShape(unit.employer.name, unit.number), rows=people)],
        name=f"{month.chinese}新开户.xlsx",
        by=client.handler,
        today=on,
        key=client.key("roster", month),
    )
    case_no = uploaded.result["case_no"]
    check_roster(case_no=case_no, by=Actor.SYSTEM, today=on)
    open_roster(
        case_no=case_no, choice=Choice.ALL_OR_NOTHING, by=client.handler, today=on, key=client.key("open", month)
    )
    open_accounts(case_no=case_no, by=Actor.SYSTEM, today=on)


def seal_month(client: Client, month: Month, on: date) -> None:
    """Seal those who leave with a month. Safe to repeat."""
    count = client.plan.sealings.get(month, 0)
    if not count or client.has(TimelineKind.SEALING, month):
        return
    chance = random.Random(f"{client.number} {month}")  # noqa: S311 - a demonstration, no secret
    with reading(client.handler):
        accounts = Account.objects.filter(
            unit_account_id=client.unit_account_id, state=AccountState.ACTIVE, first_month__lt=month
        )
        present = list(accounts.order_by("id").values_list("id", flat=True))
    seal_members(
        unit_account_id=client.unit_account_id,
        account_ids=chance.sample(present, count),
        effective_month=month,
        reason=chance.choice(_REASONS),
        by=client.handler,
        today=on,
        key=client.key("seal", month),
    )


def declare_month(client: Client, month: Month, on: date) -> None:
    """Declare a month, to be paid by transfer. Safe to repeat."""
    with reading(client.handler):
        if Sheet.objects.filter(unit_account_id=client.unit_account_id, month=month).exists():
            return
        unit = UnitAccount.objects.select_related("employer").get(pk=client.unit_account_id)
        preview = queries.preview(unit, month, on, Center.objects.get().place)
    submit_sheet(
        unit_account_id=client.unit_account_id,
        month=month,
        digest=preview.digest,
        use_unallocated=False,
        by=client.handler,
        today=on,
        key=client.key("declare", month),
    )


def _know_password(client: Client, on: date) -> None:
    """Give the handler the password that the demonstration prints in the place of the random one; once."""
    key, content = client.key("password"), {"user_name": client.user_name}
    with durable(Actor.SYSTEM):
        if evidence.receipt(key, content, Actor.SYSTEM, "set_demonstration_password"):
            return
        Handler.objects.filter(employer_id=client.employer_id, active=True).update(
            password_hash=make_password(client.plan.password), initial_password_expires_at=_PASSWORD_HOLDS_UNTIL
        )
        evidence.record(
            "set_demonstration_password",
            by=Actor.SYSTEM,
            today=on,
            subject=f"handler:{client.handler.id}",
            key=key,
            content=content,
            employer_id=client.employer_id,
        )
