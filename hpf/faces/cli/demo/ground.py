"""The center before its first employer: law, branches, bank account, staff, agreement."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.contrib.auth.hashers import make_password

from hpf import evidence
from hpf.agreement.publishing import found
from hpf.agreement.queries import demonstration_text
from hpf.casework.review import ReviewState
from hpf.faces.cli.demo.plan import CenterPlan, StaffPlan
from hpf.faces.web.manual import CHAPTERS, slug_of
from hpf.hall_access.authenticators import equip
from hpf.hall_access.founding import lay_foundations
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.queries import unreleased
from hpf.hall_access.rules import Visit
from hpf.hall_access.staff import release_authenticator
from hpf.kernel import Actor, ActorKind, Channel, Key
from hpf.publications import operations as publications
from hpf.publications.queries import demonstration_texts
from hpf.publications.rules import Content, Kind
from hpf.registry.codes import AgreementDocument, Role
from hpf.registry.models import Branch, Staff
from hpf.storage import durable, reading

AGREEMENT = "演示-1"
GROUND = Key("demonstration:ground")
"""Under this key stands that a center is a demonstration: it never serves in production."""
_TODAY = "today"


def lay_ground(plan: CenterPlan, on: date) -> None:
    """Found the center on a day and publish its agreement and special rules. Safe to repeat."""
    with durable(Actor.SYSTEM):
        if not evidence.receipt(GROUND, {"center": plan.founding.name}, Actor.SYSTEM, "found_center"):
            _found(plan, on)
            evidence.record(
                "found_center",
                by=Actor.SYSTEM,
                today=on,
                subject="center:1",
                key=GROUND,
                content={"center": plan.founding.name},
                detail={"staff": [person.user_name for person in plan.staff]},
                result={_TODAY: str(plan.today)},
            )
    _release(on)
    for document in AgreementDocument:
        found(
            document,
            demonstration_text(document),
            AGREEMENT,
            on,
            by=Actor.SYSTEM,
            today=on,
            key=Key.of("demonstration", document.value),
        )
    _publish_texts(on)


def begun_for() -> date | None:
    """The day for which the center was founded as a demonstration; ``None`` if it was not, or before this was kept."""
    with reading(Actor.SYSTEM):
        ground = evidence.done(GROUND)
    day = ground.result.get(_TODAY) if ground else None
    return date.fromisoformat(day) if day else None


def member_of_staff(role: Role) -> Actor:
    """The first member of the staff with a role."""
    with reading(Actor.SYSTEM):
        person = Staff.objects.filter(roles__contains=[role], active=True).earliest("id")
    return Actor(ActorKind.STAFF, person.pk, person.name, Channel.COUNTER, roles=frozenset(person.roles))


def noon(day: date) -> datetime:
    """The moment at which things happen on a day of the demonstration's past."""
    return datetime.combine(day, time(4), tzinfo=UTC)


def _release(on: date) -> None:
    """Let the staff work: the first administrator of security is released by the founding, and releases the others."""
    security = member_of_staff(Role.SECURITY_ADMIN)
    with reading(Actor.SYSTEM):
        waiting = unreleased().values()
    for one in waiting:
        visit = Visit("", "", noon(on), on)
        key = Key.of("demonstration:release", str(one.staff_id))
        release_authenticator(one.staff_id, one.id, by=security, visit=visit, key=key)


def _publish_texts(on: date) -> None:
    """Announcements, policies and guides: written by one of the staff and approved by another. What came out last
    stands on top, so the manual's last chapter comes out first."""
    writer, checker = member_of_staff(Role.PUBLISHER), member_of_staff(Role.REVIEWER)
    for slug, kind, content in sorted(demonstration_texts(), key=_turn):
        named = f"demonstration:publication:{slug}"
        started = publications.start(kind, content, slug=slug, by=writer, today=on, key=Key(named))
        draft_id = started.result["draft_id"]
        publications.submit(draft_id, by=writer, today=on, key=Key(f"{named}:submit"))
        publications.decide(
            draft_id,
            ReviewState.APPROVED,
            note="",
            by=checker,
            today=on,
            now=noon(on),
            key=Key(f"{named}:approve"),
        )


def _turn(one: tuple[str, Kind, Content]) -> tuple[str, int]:
    slug, kind, _ = one
    chapters = [slug_of(name) for name in dict.fromkeys(CHAPTERS.values())]
    return kind, -chapters.index(slug) if slug in chapters else -len(chapters)


def _found(plan: CenterPlan, on: date) -> None:
    lay_foundations(plan.founding, on)
    first = Branch.objects.earliest("id")
    for person in Staff.objects.bulk_create(_staff(person, first) for person in plan.staff):
        equip(PrincipalKind.STAFF, person.pk, noon(on))


def _staff(person: StaffPlan, branch: Branch) -> Staff:
    return Staff(
        user_name=person.user_name,
        name=person.name,
        password_hash=make_password(person.password),
        must_change_password=False,
        branch=branch,
        roles=list(person.roles),
    )
