"""Two persons (复核): what one member of the staff made, another decides.

An item submits what it made under its kind and its row's number, and waits. Whoever decides calls the item's own
operation, which calls `decide` and then does what follows, all in one transaction. That maker and checker are two is
kept by the database; who may decide which kind is said by the roles that the item's operation requires.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hpf.kernel import Actor, Channel, Refusal, Refused
from hpf.storage import Statements, assert_in_transaction, refusing

statements = Statements(__package__)


class ReviewState(StrEnum):
    """Where a review stands."""

    PENDING = "pending"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _LABELS[self]


_LABELS = {
    ReviewState.PENDING: "待复核",
    ReviewState.APPROVED: "复核通过",
    ReviewState.RETURNED: "退回补正",
    ReviewState.REFUSED: "不予通过",
    ReviewState.WITHDRAWN: "已撤回",
}

VERDICTS = (ReviewState.APPROVED, ReviewState.RETURNED, ReviewState.REFUSED)
"""What a second person may say."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review. ``subject_id`` is the number of the item's row; ``note`` the checker's reason; ``channel`` the door by
    which it was handed over, "" where that was not kept yet.
    """

    id: int
    kind: str
    subject_id: int
    title: str
    branch_id: int | None
    state: ReviewState
    maker_id: int
    maker_name: str
    made_at: datetime
    business_day: date
    checker_id: int | None
    checker_name: str
    decided_at: datetime | None
    note: str
    channel: str

    @property
    def is_by_command(self) -> bool:
        """Whether it was handed over at the server, in somebody's name who did not log in for it."""
        return self.channel == Channel.COMMAND_LINE

    def is_made_by(self, actor: Actor) -> bool:
        """Whether the actor made it, and so may withdraw and not decide it."""
        return actor.is_staff and actor.id == self.maker_id


OWN_WORK = Refusal(
    code="REVIEW-OWN-WORK",
    what="不能复核自己经办的业务",
    why="经办与复核须为两人",
    remedy="请由其他有复核权限的工作人员办理",
    basis="中心业务规则，经办与复核分离",
)
UNDER_WAY = Refusal(
    code="REVIEW-UNDER-WAY",
    what="该业务已提交复核，尚未办结",
    why="同一业务在复核办结前不能再次提交",
    remedy="请等待复核，或先撤回",
)
OVER = Refusal(
    code="REVIEW-OVER",
    what="该业务不在待复核状态",
    why="该业务已由他人复核或已撤回",
    remedy="请刷新页面，按现在的状态办理",
)
CHANGED = Refusal(
    code="REVIEW-CHANGED",
    what="您看到的不是现在提交的内容",
    why="该业务已被收回更正，并重新提交",
    remedy="请重新打开本页，看过现在的内容后再作决定",
)
NOTE_MISSING = Refusal(
    code="REVIEW-NOTE",
    what="未填写复核意见",
    why="退回或不予通过须说明理由",
    remedy="请写明需要补正的内容或不予通过的理由",
    where="note",
)
NOT_STAFF = Refusal(
    code="REVIEW-STAFF",
    what="复核由中心工作人员办理",
    why="系统和单位都不能代替工作人员提交或复核",
    remedy="请登录中心端办理",
)


def submit(kind: str, subject_id: int, *, title: str, by: Actor, today: date, branch_id: int | None = None) -> Review:
    """Hand over to a second person, inside the operation's transaction.

    Raises ``Refused`` (REVIEW-UNDER-WAY) if the same subject waits already.
    """
    assert_in_transaction()
    maker_id = _staff_id(by)
    with refusing({"casework_review_one_pending": UNDER_WAY}):
        row = statements(
            "submit_review",
            kind=kind,
            subject_id=subject_id,
            title=title,
            branch_id=branch_id,
            maker_id=maker_id,
            maker_name=by.name,
            business_day=today,
            channel=by.channel.value,
        ).row()
    return _review(row)


def decide(
    kind: str, subject_id: int, verdict: ReviewState, *, note: str, by: Actor, turn: int | None = None
) -> Review:
    """Say the second person's verdict on what waits, inside the operation's transaction.

    ``turn`` is the number of the review that this person looked at, where what waits can be taken back, changed and
    submitted again: a verdict is about what was seen (REVIEW-CHANGED).

    Raises ``Refused`` with every reason: one's own work, nothing waits (somebody was quicker), no reason given for
    returning or refusing.
    """
    assert_in_transaction()
    if verdict not in VERDICTS:
        raise ValueError(f"not a verdict: {verdict}")
    checker_id, found = _staff_id(by), _locked(kind, subject_id)
    refusals = [OWN_WORK] if found.is_made_by(by) else []
    if turn is not None and found.id != turn:
        refusals.append(CHANGED)
    if verdict is not ReviewState.APPROVED and not note.strip():
        refusals.append(NOTE_MISSING)
    if refusals:
        raise Refused(refusals)
    with refusing({"casework_review_two_persons": OWN_WORK, "casework_review_writers_apart": OWN_WORK}):
        row = statements(
            "decide_review",
            id=found.id,
            state=verdict.value,
            checker_id=checker_id,
            checker_name=by.name,
            note=note.strip(),
        ).row()
    return _review(row)


def withdraw(kind: str, subject_id: int, *, by: Actor) -> Review:
    """Take back one's own submission before it is decided, inside the operation's transaction.

    Raises ``Refused`` if nothing waits, or somebody else made it.
    """
    assert_in_transaction()
    found = _locked(kind, subject_id)
    if not found.is_made_by(by):
        raise Refused(
            Refusal(
                code="REVIEW-NOT-YOURS",
                what="只能撤回自己提交的业务",
                why=f"该业务由{found.maker_name}提交",
                remedy="需要退回的，请由复核人员办理",
            )
        )
    return _review(statements("withdraw_review", id=found.id).row())


def latest(kind: str, subject_id: int) -> Review | None:
    """The last review of a subject, ``None`` if it was never submitted."""
    return next(iter(history(kind, subject_id, limit=1)), None)


def history(kind: str, subject_id: int, limit: int = 20) -> list[Review]:
    """The reviews of a subject, newest first."""
    return [_review(row) for row in statements("reviews_of", kind=kind, subject_id=subject_id, limit=limit).rows()]


def pending(kinds: Collection[str], limit: int = 200) -> list[Review]:
    """What waits for a second person, oldest first."""
    return [_review(row) for row in statements("pending_reviews", kinds=sorted(kinds), limit=limit).rows()]


def came_back(maker: Actor, since: datetime, limit: int = 20) -> list[Review]:
    """What was returned to its maker or refused since a moment and not submitted again, latest first."""
    rows = statements("came_back", maker_id=maker.id, since=since, limit=limit).rows()
    return [_review(row) for row in rows]


def by_command(maker: Actor, since: datetime, limit: int = 20) -> list[Review]:
    """What commands at the server handed over in somebody's name and waits, or was handed over since a moment."""
    return [_review(row) for row in statements("by_command", maker_id=maker.id, since=since, limit=limit).rows()]


def has_written(kind: str, subject_id: int, person: Actor) -> bool:
    """Whether somebody wrote what stands under the number, and so may not decide it, whoever handed it over."""
    (wrote,) = statements("has_written", kind=kind, subject_id=subject_id, staff_id=person.id).row()
    return bool(wrote)


def count_pending(kinds: Collection[str], *, besides: Actor) -> int:
    """How many wait that the actor did not make."""
    (count,) = statements("count_pending", kinds=sorted(kinds), besides=besides.id).row()
    return int(count)


def _locked(kind: str, subject_id: int) -> Review:
    rows = statements("lock_review", kind=kind, subject_id=subject_id).rows()
    if not rows:
        raise Refused(OVER)
    return _review(rows[0])


def _staff_id(by: Actor) -> int:
    if not by.is_staff or by.id is None:
        raise Refused(NOT_STAFF)
    return by.id


def _review(row: tuple[object, ...]) -> Review:
    values = dict(zip(Review.__dataclass_fields__, row, strict=True))
    return Review(**{**values, "state": ReviewState(str(values["state"]))})  # type: ignore[arg-type]
