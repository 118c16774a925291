"""Somebody beside the handler, for tests: proposed by the clerk, granted by the reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.hall_access import access_grant
from hpf.hall_access.access_grant import GrantApplication
from hpf.hall_access.handler_change import PapersSeen
from hpf.hall_access.passwords import reissue_initial_password
from hpf.hall_access.rules import Visit
from hpf.kernel import Key
from hpf.registry.codes import Duty
from hpf.registry.handlers import HandlerApplication
from hpf.registry.models import Handler
from hpf.storage import reading
from tests.integration.browser import Newcomer
from tests.integration.hall import CLERK, REVIEWER, TODAY, another
from tests.office import SYSTEM

SEEN = PapersSeen(letter_seen=True, card_seen=True)


def person() -> HandlerApplication:
    """Somebody new."""
    return another().handler


def application(duty: Duty = Duty.APPROVER, **given: Any) -> GrantApplication:
    """A grant as the form says it; an agent is named by ``agent_user_name``."""
    who = given.pop("handler", None) or (HandlerApplication() if duty is Duty.AGENT else person())
    return GrantApplication(duty.value, who, given.pop("agent", ""), given.pop("starts_on", TODAY.isoformat()))


def propose(employer_id: int, wanted: GrantApplication | None = None, **given: Any) -> int:
    """The grant's number."""
    act = {"by": CLERK, "today": TODAY, "now": datetime.now(UTC), "key": Key.fresh()} | given
    papers = act.pop("papers", SEEN)
    done = access_grant.propose_grant(employer_id, wanted or application(), papers, **act)
    return int(done.result["grant_id"])


def decide(grant_id: int, verdict: ReviewState = ReviewState.APPROVED, note: str = "", **given: Any) -> None:
    act = {"by": REVIEWER, "today": TODAY, "now": datetime.now(UTC), "key": Key.fresh()} | given
    access_grant.decide_grant(grant_id, verdict, note=note, **act)


def end(grant_id: int, **given: Any) -> None:
    """Ended by two persons."""
    act = {"today": TODAY, "now": datetime.now(UTC)} | given
    access_grant.propose_end(grant_id, "岗位调整", letter_seen=True, by=CLERK, today=act["today"], key=Key.fresh())
    decide_end(grant_id, **act)


def decide_end(grant_id: int, verdict: ReviewState = ReviewState.APPROVED, note: str = "", **given: Any) -> None:
    """The second person's word on the end that waits, or on the ``turn`` that is given."""
    act = {"by": REVIEWER, "today": TODAY, "now": datetime.now(UTC), "key": Key.fresh()} | given
    with reading(SYSTEM):
        seen = review.latest(access_grant.END_REVIEW, grant_id)
    access_grant.decide_end(grant_id, verdict, note=note, **({"turn": seen.id if seen else 0} | act))


@dataclass(frozen=True)
class Granted:
    """A grant, and whom it let in: like any newcomer, with a password in the hand (an agent has none here)."""

    grant_id: int
    user: Newcomer


def granted(known: Newcomer, duty: Duty = Duty.APPROVER, **given: Any) -> Granted:
    """Somebody beside an employer's handler."""
    wanted = application(duty, **given)
    grant_id = propose(known.employer_id, wanted)
    decide(grant_id)
    with reading(SYSTEM):
        row = Handler.objects.get(grant_id=grant_id)
        names = {"handler_name": row.name, "handler_mobile": row.mobile}
    password = None
    if duty is not Duty.AGENT:
        at = Visit("203.0.113.1", "Firefox/140", datetime.now(UTC), TODAY)
        _, password = reissue_initial_password(row.pk, by=CLERK, visit=at, key=Key.fresh())
    return Granted(grant_id, Newcomer(known.employer_id, row.pk, another(**names), row.user_name, password or ""))
