"""Rosters as pages show them: totals, findings by kind, rows page by page, and the roster given back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from hpf.account_opening.laws import statements
from hpf.account_opening.masking import from_json
from hpf.account_opening.models import Choice, Roster, Verdict
from hpf.account_opening.roster import RosterTotals, Sum, typed_rows
from hpf.account_opening.shapes import BASE_COLUMN, TITLES
from hpf.casework.attachments import opened
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.progress import ProgressShape, progress_of
from hpf.kernel import Fen, Month, Refusal, by_weight
from hpf.kernel.identity import mask_identity
from hpf.papers.roster_columns import ROSTER_COLUMNS, Column
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from hpf.registry.codes import IdentityType
from hpf.registry.models import UnitAccount
from hpf.storage import keyring

_NO_ROW = 2**31 - 1


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """A kind of finding: its first one as an example, and how many rows have it."""

    sample: Refusal
    rows: int


@dataclass(frozen=True, slots=True)
class RosterShape:
    """An uploaded roster as it stands.

    ``findings`` are those about the file or the unit account: while REFUSED why, while READY hints, or why the opening
    did not come about. ``progress`` is there while the worker has it. ``opened`` people have accounts from it.
    """

    case_no: int
    unit_account_id: int
    file_name: str
    uploaded_at: datetime
    uploaded_by: str
    state: CaseState
    checked_on: date | None
    progress: ProgressShape | None
    totals: RosterTotals
    findings: tuple[Refusal, ...]
    groups: tuple[FindingGroup, ...]
    choice: Choice | None
    opened: int | None


@dataclass(frozen=True, slots=True)
class RowShape:
    """One row as it was read, its identity number masked. ``account_no`` is there once its account is open."""

    row_no: int
    name: str
    identity_type: IdentityType | None
    identity_masked: str
    wage: Fen | None
    base: Fen | None
    unit: Fen | None
    personal: Fen | None
    first_month: Month | None
    verdict: Verdict
    findings: tuple[Refusal, ...]
    account_no: str | None


def with_the_worker() -> list[Case]:
    """The cases whose roster the worker is to check or to open."""
    waiting = Case.objects.filter(
        kind=CaseKind.ACCOUNT_OPENING, state__in=(CaseState.CHECKING, CaseState.WORKING), roster__isnull=False
    )
    return list(waiting.order_by("pk"))


def roster(case_no: int) -> RosterShape:
    """A roster by its case. Raises ``Roster.DoesNotExist`` for another employer's too."""
    return _shape(Roster.objects.select_related("case", "attachment").get(pk=case_no))


def rosters(unit_account_id: int, limit: int = 20) -> list[RosterShape]:
    """The rosters uploaded last for a unit account, newest first."""
    rows = Roster.objects.filter(case__unit_account_id=unit_account_id, case__kind=CaseKind.ACCOUNT_OPENING)
    return [_shape(row) for row in rows.select_related("case", "attachment").order_by("-case_id")[:limit]]


def rows(
    case_no: int,
    *,
    verdict: Verdict | None = None,
    opened: bool | None = None,
    code: str = "",
    after: int = 0,
    before: int | None = None,
    limit: int = 50,
) -> list[RowShape]:
    """A page of rows in the order of the sheet: the first after a row's number, or the last before one.

    Of one verdict, with a finding of one code, or only those that have an account by now or have none.
    """
    shown = {"verdict": verdict.value if verdict else "", "code": code, "opened": opened}
    wanted = statements("wanted_rows", case_no=case_no, **shown)
    if before is None:
        page = statements("page_after", after=after, limit=limit)
    else:
        page = statements("page_before", before=before, limit=limit)
    return [
        _row(record) for record in statements("rows", case_no=case_no).over(page=page.over(wanted=wanted)).records()
    ]


def marked_workbook(case_no: int, *, watermark: str = "", trace: str = "", only_left: bool = True) -> bytes:
    """The roster given back with a column of findings, to be mended and uploaded again (E04).

    As it was typed, in the template's columns; ``only_left`` leaves out rows that have an account by now or could have
    one as they are. The texts are those of the uploaded file, so the findings' masks are not in them.
    """
    row = Roster.objects.select_related("case", "attachment").get(pk=case_no)
    unit = UnitAccount.objects.select_related("employer").get(pk=row.case.unit_account_id)
    findings = _findings_by_row(case_no, only_left=only_left)
    with opened(row.attachment) as path:
        people = [(number, typed) for number, typed in typed_rows(path) if number in findings]
    base_typed = any(BASE_COLUMN in typed for _, typed in people)
    return roster_template(
        UnitShape(unit.employer.name, unit.number),
        rows=[typed for _, typed in people],
        findings=[_told(findings[number]) for number, _ in people],
        columns=[_as_typed(column, base_typed) for column in ROSTER_COLUMNS],
        watermark=watermark,
        trace=trace,
    )


def _as_typed(column: Column, base_typed: bool) -> Column:
    """A column of the template, or 缴存基数 in the place of the wage for an employer who types that."""
    if not base_typed or column.key != "monthly_wage":
        return column
    note = "职工的缴存基数，单位为元，最多两位小数，须在上下限之内。"
    return replace(column, key=BASE_COLUMN, title=TITLES[BASE_COLUMN], note=note)


def _findings_by_row(case_no: int, *, only_left: bool) -> dict[int, list[Refusal]]:
    verdicts = [Verdict.MEND, Verdict.REFUSED] if only_left else list(Verdict)
    found = statements("row_findings", case_no=case_no, verdicts=verdicts, only_left=only_left).rows()
    return {number: _read(findings) for number, findings in found}


def _read(findings: str) -> list[Refusal]:
    """Findings from the JSON text that a plain statement gives, the weightiest first."""
    return by_weight(from_json(finding) for finding in json.loads(findings))


def _told(findings: Sequence[Refusal]) -> str:
    """The findings of a row as its last cell says them, each with the value that it proposes."""
    proposals = ["" if finding.proposal is None else f"建议改为“{finding.proposal}”。" for finding in findings]
    told = zip(findings, proposals, strict=True)
    return "\n".join(f"{finding.severity.value}：{finding.sentence}{proposal}" for finding, proposal in told)


def _shape(row: Roster) -> RosterShape:
    case, state = row.case, CaseState(row.case.state)
    working = state in (CaseState.CHECKING, CaseState.WORKING)
    return RosterShape(
        case_no=case.number,
        unit_account_id=case.unit_account_id,
        file_name=row.attachment.name,
        uploaded_at=case.opened_at,
        uploaded_by=case.opened_by,
        state=state,
        checked_on=row.checked_on,
        progress=progress_of(case) if working else None,
        totals=_totals(row),
        findings=tuple(from_json(finding) for finding in row.findings),
        groups=_groups(row),
        choice=Choice(row.choice) if row.choice else None,
        opened=row.opened,
    )


def _groups(row: Roster) -> tuple[FindingGroup, ...]:
    """The rows' findings by code: the weightiest first, of one weight what most rows have."""
    rows_of = {group["sample"]["code"]: group["rows"] for group in row.groups}
    samples = by_weight(from_json(group["sample"]) for group in row.groups)
    return tuple(FindingGroup(sample, rows_of[sample.code]) for sample in samples)


def _totals(row: Roster) -> RosterTotals:
    return RosterTotals(
        people=row.people,
        ready=Sum(row.good, row.ready_base_fen, row.ready_unit_fen, row.ready_personal_fen),
        to_mend=Sum(row.to_mend, row.mend_base_fen, row.mend_unit_fen, row.mend_personal_fen),
        to_check=row.to_check,
        refused=row.refused,
    )


def _row(record: dict[str, Any]) -> RowShape:
    def fen(name: str) -> Fen | None:
        return Fen(record[name]) if record[name] is not None else None

    number, month = record["identity_number"], record["first_month"]
    return RowShape(
        row_no=record["row_no"],
        name=record["name"],
        identity_type=IdentityType(record["identity_type"]) if record["identity_type"] else None,
        identity_masked=mask_identity(keyring().decrypt("identity", bytes(number))) if number else "",
        wage=fen("wage_fen"),
        base=fen("base_fen"),
        unit=fen("unit_fen"),
        personal=fen("personal_fen"),
        first_month=Month.of(month) if month else None,
        verdict=Verdict(record["verdict"]),
        findings=tuple(_read(record["findings"])),
        account_no=record["number"],
    )
