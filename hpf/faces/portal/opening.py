"""开户: a roster that is uploaded, checked, looked at and opened; or one person by form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.account_opening import operations, queries
from hpf.account_opening.finding_codes import FINDING_CODES
from hpf.account_opening.laws import laws_of_unit
from hpf.account_opening.models import Choice, Roster, Verdict
from hpf.account_opening.queries import RosterShape, RowShape
from hpf.account_opening.shapes import TITLES
from hpf.casework.models import CaseState
from hpf.evidence import Receipt
from hpf.faces.portal.submitting import Arguments, submitted
from hpf.faces.portal.unit import unit_of
from hpf.faces.web import forms
from hpf.faces.web.answers import XLSX, file_response, posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.exports import export_of, watermark_of
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Download, Pager, Progress
from hpf.faces.web.shapes.portal import (
    FindingGroup,
    OpenPersonPage,
    PreviewPage,
    PreviewRow,
    PreviewTotals,
    UploadPage,
    UploadRow,
)
from hpf.kernel import Key, Month, Refusal, Severity
from hpf.papers.reading import Limits
from hpf.papers.roster_columns import DOCUMENT_TYPES, ROSTER_COLUMNS, ROSTER_MAX_ROWS, SEXES
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from hpf.registry.models import Center, UnitAccount
from hpf.storage import reading

PAGE_ROWS = 50
_FILE_HINT = f"Excel 工作簿（.xlsx），不超过 {Limits().file_bytes >> 20} MB"
UNDER_WAY = (CaseState.CHECKING, CaseState.WORKING)
_OPENED, _LEFT = "opened", "left"


@dataclass(frozen=True, slots=True)
class UploadForm:
    file: UploadedFile = ask("选择填好的花名册，或拖到这里", forms.file(), hint=_FILE_HINT)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of a checked roster."""

    mode: str = ask("怎么办", forms.choice(Choice.choices, kind="radio"))
    accept_mended: bool = ask("按建议更正后一并开户", forms.tick(), required=False)


@dataclass(frozen=True, slots=True)
class Person:
    """The columns of the roster as a form. Read as text: what a value may be is the roster's rule, here as there."""

    name: str | None = ask("姓名", forms.text(120), required=False, hint="与身份证件一致，间隔号写“·”")
    document_type: str | None = ask(
        "证件类型", forms.choice([(label, label) for _, label in DOCUMENT_TYPES]), required=False
    )
    document_number: str | None = ask("证件号码", forms.text(40), required=False)
    mobile: str | None = ask("手机号码", forms.text(20), required=False)
    monthly_wage: str | None = ask("月平均工资（元）", forms.text(24), required=False, hint="填工资本身")
    first_month: str | None = ask("首次缴存年月", replace(forms.month(), parse=str), required=False)
    sex: str | None = ask(
        "性别", forms.choice([(label, label) for _, label in SEXES]), required=False, hint="身份证开户的不用填"
    )
    birthday: str | None = ask("出生日期", replace(forms.day(), parse=str), required=False, hint="身份证开户的不用填")
    bank_card: str | None = ask("银行卡号", forms.text(30), required=False, hint="本人储蓄卡，用于今后提取，选填")
    accept_mended: bool = ask("按建议更正后开户", forms.tick(), required=False)


# The roster


def upload(request: HallRequest) -> HttpResponse:
    """Upload a roster; what was uploaded before."""
    if request.method != "POST":
        return _upload_page(request, unit_of(request))
    with reading(request.actor):
        unit = unit_of(request)

    def operate(key: Key) -> Receipt:
        file = forms.read(UploadForm, request.POST, request.FILES).file
        return operations.upload_roster(
            unit_account_id=unit.pk,
            chunks=file.chunks(),
            name=file.name or "",
            by=request.actor,
            today=request.today,
            key=key,
        )

    return posted(request, operate, _preview_href, partial(_upload_page, request, unit))


def template(request: HallRequest) -> HttpResponse:
    """The roster template, made out to the unit account."""
    unit = unit_of(request)
    workbook = roster_template(UnitShape(unit.employer.name, unit.number))
    return file_response(workbook, f"开户花名册模板 {unit.number}.xlsx", XLSX)


def preview(request: HallRequest, case_no: int) -> HttpResponse:
    """What the check of a roster found, and the decision what to open."""
    if request.method != "POST":
        return _preview_page(request, case_no)
    _must_exist(request, case_no)

    def read() -> Arguments:
        decision = forms.read(Decision, request.POST)
        return {"case_no": case_no, "choice": Choice(decision.mode), "accept_mended": decision.accept_mended}

    return submitted(request, "open_roster", read, _preview_href, partial(_preview_page, request, case_no))


def recheck(request: HallRequest, case_no: int) -> HttpResponse:
    """Let a roster be checked again, after what it stood on has changed."""
    _must_exist(request, case_no)
    return posted(
        request,
        lambda key: operations.recheck_roster(case_no=case_no, by=request.actor, today=request.today, key=key),
        _preview_href,
        partial(_preview_page, request, case_no),
    )


def discard(request: HallRequest, case_no: int) -> HttpResponse:
    """Give a roster up that has opened nobody."""
    _must_exist(request, case_no)
    return posted(
        request,
        lambda key: operations.discard_roster(case_no=case_no, by=request.actor, today=request.today, key=key),
        lambda _: reverse("portal:upload"),
        partial(_preview_page, request, case_no),
    )


def marked(request: HallRequest, case_no: int) -> HttpResponse:
    """The rows that are left of the uploaded roster, each with what is to be mended."""
    shape, number = _roster(case_no), export_of(request).number
    workbook = queries.marked_workbook(case_no, watermark=watermark_of(request), trace=number)
    return file_response(workbook, f"待更正 {shape.file_name}", XLSX)


def _preview_href(receipt: Receipt) -> str:
    return reverse("portal:preview", args=[receipt.result["case_no"]])


def _must_exist(request: HallRequest, case_no: int) -> None:
    with reading(request.actor):
        _roster(case_no)


def _roster(case_no: int) -> RosterShape:
    try:
        return queries.roster(case_no)
    except Roster.DoesNotExist:
        raise Http404 from None


def _upload_page(request: HallRequest, unit: UnitAccount, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    earlier = tuple(map(_uploaded, queries.rosters(unit.pk)))
    shape = UploadPage(
        inputs=forms.inputs(UploadForm, None, refusals),
        key=Key.fresh(),
        template=Download("开户花名册模板", reverse("portal:template"), "Excel"),
        limit=ROSTER_MAX_ROWS,
        earlier=earlier,
        unfinished=next((one for one in earlier[:1] if one.state not in CaseState.final()), None),
        refusals=tuple(refusals),
    )
    return page(request, "portal/upload.html", shape)


def _uploaded(roster: RosterShape) -> UploadRow:
    href = reverse("portal:preview", args=[roster.case_no])
    return UploadRow(roster.uploaded_at, roster.file_name, roster.totals.people, roster.opened, roster.state, href)


def _preview_page(request: HallRequest, case_no: int, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    roster = _roster(case_no)
    under_way = roster.state in UNDER_WAY
    response = page(request, "portal/preview.html", _preview(request, roster, refusals))
    if not under_way and request.headers.get("HX-Target") == "preview":
        response.headers["HX-Refresh"] = "true"  # the check is over: there is more to show than its progress
    return response


def _preview(request: HallRequest, roster: RosterShape, refusals: Sequence[Refusal]) -> PreviewPage:
    show, code = request.GET.get("show", ""), request.GET.get("code", "")
    filters = _filters(roster)
    show = show if show in {value for value, _, _ in filters} else ""
    known = {group.sample.code: group.rows for group in roster.groups}
    code = code if code in known else ""
    total = known[code] if code else next(rows for value, _, rows in filters if value == show)
    rows, pager = _rows(request, roster, show, code, total)
    return PreviewPage(
        upload_no=str(roster.case_no),
        file_name=roster.file_name,
        uploaded_at=roster.uploaded_at,
        state=roster.state,
        progress=_progress(roster),
        totals=_totals(roster),
        opened=roster.opened,
        groups=tuple(_groups(roster)),
        rows=rows,
        pager=pager,
        filters=filters,
        filter=show,
        finding=code,
        inputs=_decision(request, roster, refusals),
        key=Key.fresh(),
        marked=_marked(roster),
        file_refusals=roster.findings if roster.state is CaseState.REFUSED else (),
        notes=roster.findings if roster.state is CaseState.READY else (),
        outdated=any(one.code == "ROSTER-OUTDATED" for one in (*roster.findings, *refusals)),
        refusals=tuple(refusals),
    )


def _decision(request: HallRequest, roster: RosterShape, refusals: Sequence[Refusal]) -> dict[str, Input]:
    """The form of the decision; its tick says how many would be opened with it."""
    inputs = forms.inputs(Decision, request.POST or {"mode": Choice.GOOD_ROWS}, refusals)
    mend, tick = roster.totals.to_mend.people, inputs["accept_mended"]
    label = f"需要更正的 {mend:,} 行，按建议更正后一并开户，共 {roster.totals.ready.people + mend:,} 人"
    return inputs | {"accept_mended": replace(tick, label=label)}


def _progress(roster: RosterShape) -> Progress | None:
    if roster.state not in UNDER_WAY:
        return None
    verb = "核对" if roster.state is CaseState.CHECKING else "开户"
    if roster.progress is None:
        return Progress(f"正在{verb}", 0, roster.totals.people)
    left = roster.progress.left
    seconds = max(1, round(left.total_seconds())) if left else None
    return Progress(f"正在{verb}：{roster.progress.phase}", roster.progress.done, roster.progress.total, seconds)


def _totals(roster: RosterShape) -> PreviewTotals:
    totals = roster.totals
    return PreviewTotals(
        rows=totals.people,
        good=totals.ready.people,
        refused=totals.refused,
        mend=totals.to_mend.people,
        check=totals.to_check,
        monthly_fen=totals.ready.monthly,
        mended_fen=totals.ready.monthly + totals.to_mend.monthly,
    )


def _filters(roster: RosterShape) -> tuple[tuple[str, str, int], ...]:
    """What the rows are shown by: their verdicts, and once the accounts are open whether a row has one."""
    totals = roster.totals
    if roster.state is CaseState.DONE:
        opened = roster.opened or 0
        return ("", "全部", totals.people), (_OPENED, "已开户", opened), (_LEFT, "没有开户", totals.people - opened)
    counts = {
        Verdict.GOOD: totals.ready.people - totals.to_check,
        Verdict.CHECK: totals.to_check,
        Verdict.MEND: totals.to_mend.people,
        Verdict.REFUSED: totals.refused,
    }
    labels = {verdict: verdict.label for verdict in counts} | {Verdict.GOOD: "没有问题"}
    return (("", "全部", totals.people), *((one.value, labels[one], rows) for one, rows in counts.items()))


def _groups(roster: RosterShape) -> Iterator[FindingGroup]:
    for group in roster.groups:
        sample = replace(group.sample, where="") if group.rows == 1 else of_many(group.sample)
        yield FindingGroup(sample, group.rows, f"?code={group.sample.code}#preview-rows")


def of_many(first: Refusal) -> Refusal:
    """A finding as it holds for every row that has it, with the first row's as an example."""
    proposal = f"，建议改为 {first.proposal}" if first.proposal is not None else ""
    example = f"例如{first.where} {first.what}{proposal}"
    return replace(first, where="", what=FINDING_CODES.get(first.code, first.what), why=example, proposal=None)


def _rows(
    request: HallRequest, roster: RosterShape, show: str, code: str, total: int
) -> tuple[tuple[PreviewRow, ...], Pager]:
    keyset = Keyset.of(request, PAGE_ROWS)
    verdict = Verdict(show) if show in Verdict.values else None
    opened = {_OPENED: True, _LEFT: False}.get(show)
    wanted = partial(queries.rows, roster.case_no, verdict=verdict, opened=opened, code=code)
    found = keyset.page(
        lambda after, limit: wanted(after=after, limit=limit),
        lambda before, limit: wanted(before=before, limit=limit),
    )
    return tuple(map(_row, found.rows)), keyset.pager(found, lambda row: row.row_no, total)


def _row(row: RowShape) -> PreviewRow:
    return PreviewRow(
        line=row.row_no,
        name=row.name,
        identity_masked=row.identity_masked,
        wage_fen=row.wage,
        base_fen=row.base,
        month=row.first_month,
        verdict=row.verdict,
        findings=row.findings,
        account_no=row.account_no or "",
    )


def _marked(roster: RosterShape) -> Download | None:
    done = roster.state is CaseState.DONE
    wanting = roster.totals.refused + roster.totals.to_mend.people
    left = roster.totals.people - (roster.opened or 0) if done else wanting
    shown = left and roster.state in (CaseState.READY, CaseState.DONE)
    which = "没有开户" if done else "需要更正"
    href = reverse("portal:marked", args=[roster.case_no])
    return Download(f"下载{which}的 {left:,} 行（每行写明原因）", href, "Excel") if shown else None


# One person


def open_person(request: HallRequest) -> HttpResponse:
    """Open one person's account by form."""
    if request.method != "POST":
        return _person_page(request, unit_of(request))
    with reading(request.actor):
        unit = unit_of(request)

    def read() -> Arguments:
        typed = asdict(forms.read(Person, request.POST))
        accept_mended = typed.pop("accept_mended")
        return {
            "unit_account_id": unit.pk,
            "person": {name: text or "" for name, text in typed.items()},
            "accept_mended": accept_mended,
        }

    return submitted(
        request,
        "open_account",
        read,
        lambda receipt: reverse("portal:receipt", args=[receipt.result["case_no"]]),
        partial(_person_page, request, unit),
    )


def _person_page(request: HallRequest, unit: UnitAccount, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    law = laws_of_unit(unit, Center.objects.get().place, request.actor)(Month.of(request.today))
    at_fields = tuple(map(_at_field, refusals))
    given = request.POST or {"document_type": DOCUMENT_TYPES[0][1], "first_month": unit.due_month}
    inputs = {
        name: replace(one, required=name in _REQUIRED) for name, one in forms.inputs(Person, given, at_fields).items()
    }
    if {one.severity for one in refusals} - {Severity.CHECK} != {Severity.MEND}:  # nothing else stands in the way
        del inputs["accept_mended"]
    shape = OpenPersonPage(
        inputs=inputs,
        key=Key.fresh(),
        floor_fen=law.base_floor,
        cap_fen=law.base_cap,
        limits_basis=law.basis,
        unit_rate=law.unit_rate,
        personal_rate=law.personal_rate,
        refusals=at_fields,
    )
    return page(request, "portal/open_person.html", shape)


_REQUIRED = {column.key for column in ROSTER_COLUMNS if column.required} | {"accept_mended"}
_FIELD_OF = {title: key for key, title in TITLES.items()}


def _at_field(refusal: Refusal) -> Refusal:
    """A finding names its place by the column's title; on a page that place is a field."""
    return replace(refusal, where=_FIELD_OF.get(refusal.where, refusal.where))
