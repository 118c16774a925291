"""Opening and moving cases. State, hold and event change in one transaction: that of the operation that calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from hpf.casework.models import Case, CaseKind, CaseState, Hold
from hpf.kernel import Actor, Fen, Month, Refusal, Refused
from hpf.storage import assert_in_transaction, refusing


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A case under way on a subject."""

    case_no: int
    kind: CaseKind
    state: CaseState
    subject: str
    title: str
    month: Month | None

    @property
    def refusal(self) -> Refusal:
        return Refusal(
            code="CASE-IN-THE-WAY",
            what=f"{self.title}尚在办理中（{self.state.label}，办件号{self.case_no}）",
            why="同一事项在办结前不能再次办理，也不能办理与之冲突的事项",
            remedy="请先办结或撤回该办件",
            basis="中心业务规则，在途互斥",
            case_no=self.case_no,
        )


def open_case(
    kind: CaseKind,
    state: CaseState,
    *,
    employer_id: int,
    unit_account_id: int,
    title: str,
    by: Actor,
    today: date,
    holds: Iterable[str] = (),
    month: Month | None = None,
    people: int | None = None,
    amount: Fen | None = None,
) -> Case:
    """Open a case and hold its subjects. Raises ``Refused`` naming every case that holds one of them."""
    assert_in_transaction()
    case = Case.objects.create(
        kind=kind,
        state=state,
        employer_id=employer_id,
        unit_account_id=unit_account_id,
        title=title,
        month=month,
        people=people,
        amount_fen=amount,
        business_day=today,
        opened_by=by.name,
    )
    hold(case, holds)
    return case


def hold(case: Case, subjects: Iterable[str]) -> None:
    """Hold subjects for a case; raises ``Refused`` if another case of the kind holds one."""
    subjects = sorted(subjects)
    in_flight = in_the_way(subjects, [CaseKind(case.kind)])
    if in_flight:
        raise Refused([other.refusal for other in in_flight])
    late = Refusal(
        code="CASE-IN-THE-WAY",
        what="同一事项刚刚已由另一窗口提交",
        why="同一事项在办结前不能再次办理",
        remedy="请刷新页面查看已提交的办件",
        basis="中心业务规则，在途互斥",
    )
    with refusing({"casework_hold_once": late}), transaction.atomic():
        Hold.objects.bulk_create(
            Hold(employer_id=case.employer_id, subject=subject, kind=case.kind, case=case) for subject in subjects
        )


def in_the_way(subjects: Sequence[str], kinds: Iterable[CaseKind]) -> list[InTheWay]:
    """The cases under way of given kinds that hold one of the subjects."""
    rows = Hold.objects.filter(subject__in=subjects, kind__in=list(kinds)).select_related("case").order_by("case_id")
    return [
        InTheWay(
            row.case.number, CaseKind(row.kind), CaseState(row.case.state), row.subject, row.case.title, row.case.month
        )
        for row in rows
    ]


def move(case_no: int, to: CaseState, *, origins: Iterable[CaseState]) -> None:
    """Move a case to another state; holds end with a final one.

    Raises ``Refused`` if the case is in none of the states it may come from: someone else was quicker.
    """
    assert_in_transaction()
    if not Case.objects.filter(number=case_no, state__in=list(origins)).update(state=to, changed_at=Now()):
        state = Case.objects.values_list("state", flat=True).get(number=case_no)
        done = f"办件{case_no}已是“{to.label}”，不必再办"
        changed = f"办件{case_no}现为“{CaseState(state).label}”，不能转为“{to.label}”"
        raise Refused(
            Refusal(
                code="CASE-STATE",
                what=done if state == to else changed,
                why="该办件的状态已经改变",
                remedy="请刷新页面，按现在的状态办理",
                case_no=case_no,
            )
        )
    if to in CaseState.final():
        close(case_no)


def close(case_no: int) -> None:
    """Let go of what a case held."""
    Hold.objects.filter(case_id=case_no).delete()
