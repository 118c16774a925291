"""What the remittance knows: a month about to be declared, sheets, what is due. Nouns; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hpf import ledger, policy
from hpf.casework.models import CaseKind, CaseState
from hpf.kernel import Fen, Month, Rate, Refusal, Severity
from hpf.ledger.accounts import unallocated
from hpf.policy import Law
from hpf.registry import timeline
from hpf.registry.codes import UnitState
from hpf.registry.models import UnitAccount
from hpf.remittance.models import Sheet
from hpf.remittance.rules import Bridge, Funds, OffendingLine, Part, SheetShape, UnitShape, findings, refusals
from hpf.storage import Query, Statements, keyring
from hpf.treasury.queries import BRINGING

statements = Statements(__package__)
_LAST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Preview:
    """A month as it would be declared now.

    ``digest`` is that of the posting's own lines; the submit must find it again.
    ``lines`` is the replay behind it, ``through`` the last event it knew. ``reasons`` holds everything that refuses,
    ``hints`` what should be looked at.
    """

    unit: UnitShape
    sheet: SheetShape
    through: int
    lines: Query
    digest: bytes
    reasons: tuple[Refusal, ...]
    hints: tuple[Refusal, ...]

    @property
    def trial_number(self) -> str:
        """The digest in short, as the page shows it: 7F3A-92C1."""
        text = self.digest.hex().upper()
        return f"{text[:4]}-{text[4:8]}"


def preview(unit: UnitAccount, month: Month, today: date, place: str) -> Preview:
    """A month of a unit account as the submit would declare it. Raises ``NoLawInForce``."""
    law = policy.law_on(month.first_day, place)
    through = timeline.last_event(unit.pk)
    lines = timeline.replay(unit.pk, month, law.rounding, through)
    shape, sheet = unit_shape(unit), _sheet_shape(unit, month, law, lines)
    found = refusals(shape, month, today, law.max_advance_months) + findings(sheet)
    return Preview(
        unit=shape,
        sheet=sheet,
        through=through,
        lines=lines,
        digest=lines_digest(unit, month, lines),
        reasons=tuple(r for r in found if r.severity is Severity.REFUSED),
        hints=tuple(r for r in found if r.severity is not Severity.REFUSED),
    )


def unit_shape(unit: UnitAccount) -> UnitShape:
    """What the rules need of a unit account, as it stands."""
    (reserved,) = statements("reserved", unit_account_id=unit.pk).row()
    return UnitShape(
        number=unit.number,
        state_label=UnitState(unit.state).label,
        remits=timeline.remits(unit.state),
        due_month=unit.due_month,
        payday=unit.payday,
        unallocated=unallocated(unit.pk)[1],
        reserved=Fen(reserved),
    )


def funds(sheet: Sheet) -> Funds:
    """What a month that waits still needs, and what lies in 暂存款 for it."""
    return funds_of([sheet.pk])[sheet.pk]


def funds_of(case_nos: Sequence[int]) -> dict[int, Funds]:
    """The same of many months."""
    bringing = [state.value for state in BRINGING]
    rows = statements("funds", case_numbers=list(case_nos), bringing=bringing).rows() if case_nos else []
    return {case_no: Funds(*map(Fen, fens)) for case_no, *fens in rows}


def lines_digest(unit: UnitAccount, month: Month, lines: Query) -> bytes:
    """The digest of the posting that a replay would make; of nothing, for a month without people."""
    postings = statements(
        "as_postings", month=month.first_day, unallocated_account_id=unit.unallocated_account_id
    ).over(lines=lines)
    return ledger.lines_digests(postings).get(1, b"")


def live_sheet(unit_account_id: int) -> Sheet | None:
    """The declared month of a unit account that is neither booked nor ended."""
    return (
        Sheet.objects.filter(unit_account_id=unit_account_id, live=True, entry_id=None, booked_on=None)
        .select_related("case")
        .first()
    )


def booked_sheet(unit_account_id: int, month: Month) -> Sheet | None:
    """The booked sheet of a month."""
    booked = Sheet.objects.filter(unit_account_id=unit_account_id, month=month, live=True, booked_on__isnull=False)
    return booked.select_related("case").first()


def with_the_worker() -> list[Sheet]:
    """The declared months that the worker is to book from unallocated money."""
    waiting = Sheet.objects.filter(case__state=CaseState.WORKING, case__kind=CaseKind.REMITTANCE)
    return list(waiting.order_by("case_id"))


def ends(case_nos: Sequence[int]) -> dict[int, Refusal | None]:
    """Those of some cases that have ended: ``None`` for a booked one, else why its money is no longer taken."""
    rows = statements("ended", case_numbers=list(case_nos)).rows()
    return {case_no: None if state == CaseState.BOOKED else not_payable(case_no, state) for case_no, state in rows}


def not_payable(case_no: int, state: str) -> Refusal:
    """A case that takes no money any more."""
    return Refusal(
        "REMIT-NOT-PAYABLE",
        f"办件{case_no}{CaseState(state).label}，不再入账",
        "只有待缴款、待补足的汇缴可以入账",
        "请重新核定该月汇缴，并选择用暂存款付" if state == CaseState.LAPSED else "",
        case_no=case_no,
    )


def sheets(unit_account_id: int, limit: int = 24) -> list[Sheet]:
    """The latest sheets of a unit account, newest first."""
    return list(
        Sheet.objects.filter(unit_account_id=unit_account_id).select_related("case").order_by("-case_id")[:limit]
    )


@dataclass(frozen=True, slots=True)
class LineShape:
    """One member on a sheet."""

    account_id: int
    account_no: str
    name: str
    identity_number: str
    base: Fen
    unit: Fen
    personal: Fen

    @property
    def total(self) -> Fen:
        return self.unit + self.personal


@dataclass(frozen=True, slots=True)
class Roll:
    """The lines of a month, declared or about to be: whole, or one part of the way from the month before."""

    lines: Query

    def people(self, *, after: int = 0, before: int | None = None, limit: int = 50) -> list[LineShape]:
        """The first people after an account or, with ``before``, the last ones before it; by account."""
        rows = (
            statements(
                "people",
                after=0 if before else after,
                before=before or _LAST_ID,
                direction=-1 if before else 1,
                limit=limit,
            )
            .over(lines=self.lines)
            .rows()
        )
        return [_line(*row) for row in rows]

    def sums(self) -> tuple[int, Fen, Fen]:
        """How many people, and the shares of both sides."""
        people, unit, personal = statements("sums").over(lines=self.lines).row()
        return int(people), Fen(unit), Fen(personal)


def declared_roll(sheet: Sheet, part: Part | None = None) -> Roll:
    """The lines of a declared month. Of a part, only those whose share differs so from the month before."""
    lines = statements("kept_lines", case_no=sheet.pk)
    return _roll(sheet.unit_account_id, sheet.month, lines, sheet.events_through, part)


def coming_roll(unit: UnitAccount, month: Month, place: str, part: Part | None = None) -> Roll:
    """The lines of a month as it would be declared now. Raises ``NoLawInForce``."""
    through = timeline.last_event(unit.pk)
    lines = timeline.replay(unit.pk, month, policy.law_on(month.first_day, place).rounding, through)
    return _roll(unit.pk, month, lines, through, part)


def on_floor(roll: Roll, month: Month, place: str) -> Roll:
    """Those of some lines whose base stands exactly on the floor of the month (H-07). Raises ``NoLawInForce``."""
    floor = policy.law_on(month.first_day, place).base_floor_fen
    return Roll(statements("lines_on_floor", floor=floor).over(lines=roll.lines))


def sheet_lines(case_no: int, after: int = 0, limit: int = 50) -> list[LineShape]:
    """The lines of a sheet in the order of their accounts, after one of them."""
    return Roll(statements("kept_lines", case_no=case_no)).people(after=after, limit=limit)


def _roll(unit_account_id: int, month: Month, lines: Query, through: int, part: Part | None) -> Roll:
    if part is None:
        return Roll(lines)
    last = _last_sheet(unit_account_id, month.previous)
    context = {"unit_account_id": unit_account_id, "month": month.first_day, "through": through}
    of_part = statements("lines_of_part", wanted=part.name, last_case=last[0] if last else None, **context)
    return Roll(of_part.over(lines=lines, part=statements("part")))


def _line(account_id: int, number: str, name: str, identity: bytes, base: int, unit: int, personal: int) -> LineShape:
    document = keyring().decrypt("identity", bytes(identity))
    return LineShape(account_id, number, name, document, Fen(base), Fen(unit), Fen(personal))


def _sheet_shape(unit: UnitAccount, month: Month, law: Law, lines: Query) -> SheetShape:
    last = _last_sheet(unit.pk, month.previous)
    limits = {"floor": law.base_floor_fen, "cap": law.base_cap_fen}
    compare = statements("compare", **limits, last_case=last[0] if last else None).over(
        lines=lines, part=statements("part")
    )
    people, unit_fen, personal_fen, outside, on_floor, first_on_floor, parts = compare.row()
    unit_rate, personal_rate = rates(unit.pk, month)
    return SheetShape(
        month=month,
        unit_rate=unit_rate,
        personal_rate=personal_rate,
        last_people=last[1] if last else 0,
        last_fen=Fen(last[2]) if last else Fen(0),
        bridge=tuple(Bridge(Part[part], count, Fen(fen)) for part, count, fen in json.loads(parts or "[]")),
        people=people,
        unit_fen=Fen(unit_fen),
        personal_fen=Fen(personal_fen),
        base_floor=law.base_floor_fen,
        base_cap=law.base_cap_fen,
        outside_limits=_outside_limits(lines, limits) if outside else (),
        outside_count=outside,
        on_floor_count=on_floor,
        on_floor_names=tuple(json.loads(first_on_floor or "[]")),
    )


def rates(unit_account_id: int, month: Month) -> tuple[Rate, Rate]:
    """The (unit, personal) rates of a unit account in a month."""
    unit, personal = statements("rates", unit_account_id=unit_account_id, month=month.first_day).row()
    return Rate(unit), Rate(personal)


def _outside_limits(lines: Query, limits: dict[str, Fen]) -> tuple[OffendingLine, ...]:
    rows = statements("outside_limits", **limits).over(lines=lines).rows()
    return tuple(OffendingLine(number, name, Fen(base)) for number, name, base in rows)


def _last_sheet(unit_account_id: int, month: Month) -> tuple[int, int, int] | None:
    rows = statements("last_sheet", unit_account_id=unit_account_id, month=month.first_day).rows()
    return rows[0][:3] if rows else None
