"""What tests of restrictions need: a proposal that holds, and the people who decide it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hpf.access_restriction import lifting, operations
from hpf.access_restriction.rules import Proposal, RestrictionKind
from hpf.agreement import queries as agreement
from hpf.casework.review import ReviewState
from hpf.casework.scans import Scan
from hpf.evidence import Receipt
from hpf.kernel import Actor, ActorKind, Channel, Key
from hpf.kernel.wording import numbered
from hpf.registry.models import Staff
from hpf.storage import reading
from tests.integration.hall import CLERK, REVIEWER, TODAY
from tests.office import SYSTEM
from tests.scans import png

PNG = png()
CLAUSE = "6.1(1)"


def scan() -> Scan:
    return Scan("截图.png", iter([PNG]))


def proposal(**changes: Any) -> Proposal:
    """Remittance limited for harvesting, from today on until lifted, by a clause of the agreement in force."""
    with reading(SYSTEM):
        version = agreement.current(TODAY)
    text = dict(numbered(version.text))[CLAUSE]
    limited = Proposal(RestrictionKind.LIMITED, ("remittance",), "用程序批量抓取页面", version.id, CLAUSE, text, TODAY)
    return replace(limited, **changes)


def suspension(**changes: Any) -> Proposal:
    return proposal(**{"kind": RestrictionKind.SUSPENDED, "functions": (), **changes})


def propose(employer_id: int, wanted: Proposal | None = None, *, by: Actor = CLERK, today: date = TODAY) -> int:
    """Propose a restriction with a scan as evidence; its number."""
    done = operations.propose(employer_id, wanted or proposal(), [scan()], by=by, today=today, key=Key.fresh())
    return int(done.result["restriction_id"])


def decide(
    restriction_id: int, verdict: ReviewState = ReviewState.APPROVED, *, by: Actor = REVIEWER, today: date = TODAY
) -> Receipt:
    note = "" if verdict is ReviewState.APPROVED else "证据不足"
    now = datetime.now(UTC)
    return operations.decide(restriction_id, verdict, note=note, by=by, today=today, now=now, key=Key.fresh())


def restrict(employer_id: int, wanted: Proposal | None = None) -> int:
    """Proposed by the clerk, approved by the reviewer; the restriction's number."""
    number = propose(employer_id, wanted)
    decide(number)
    return number


def lift(restriction_id: int, *, today: date = TODAY) -> None:
    """Lifted by the same two."""
    reason, key = "已停止并说明情况", Key.fresh()
    done = lifting.propose_lifting(restriction_id, reason, by=CLERK, today=today, key=key)
    lifting.decide_lifting(
        int(done.result["lifting_id"]),
        ReviewState.APPROVED,
        note="",
        by=REVIEWER,
        today=today,
        now=datetime.now(UTC),
        key=Key.fresh(),
    )


def manager() -> Actor:
    """Somebody who had no part in what clerk and reviewer decided."""
    with reading(SYSTEM):
        person = Staff.objects.get(user_name="manager")
    return Actor(ActorKind.STAFF, person.pk, person.name, Channel.COUNTER, roles=frozenset({"manager"}))
