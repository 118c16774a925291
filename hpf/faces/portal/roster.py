"""花名册: the unit account's members, each one's account and what moved on it."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf import ledger
from hpf.faces.portal import papers
from hpf.faces.portal.unit import unit_of
from hpf.faces.web.answers import PDF, file_response
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import url
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page
from hpf.faces.web.papers import center_shape, imprint, unit_shape
from hpf.faces.web.shapes.frame import Download, Pager
from hpf.faces.web.shapes.portal import AccountPage, MovementRow, RosterPage, TimelineRow
from hpf.kernel import Fen
from hpf.kernel.identity import mask_identity, mask_mobile
from hpf.ledger.accounts import Movement, parts
from hpf.papers import shapes
from hpf.papers.statements import member_statement
from hpf.papers.workbooks import Field, Kind, Value
from hpf.registry import queries
from hpf.registry.codes import AccountState, SealReason, TimelineKind
from hpf.registry.models import Account, TimelineEvent
from hpf.registry.queries import MemberRow

PAGE_ROWS = 50
SHOWN_MOVEMENTS = 200
EVERY_ROW = 1_000_000
COLUMNS = (
    Field("个人账号", width=20),
    Field("姓名", width=16),
    Field("证件号码", width=22),
    Field("月平均工资", Kind.MONEY),
    Field("缴存基数", Kind.MONEY, total=True),
    Field("单位月缴存额", Kind.MONEY, total=True),
    Field("个人月缴存额", Kind.MONEY, total=True),
    Field("首次缴存年月", Kind.MONTH),
    Field("设立日期", Kind.DAY),
    Field("状态", width=10),
)


def roster(request: HallRequest) -> HttpResponse:
    """The members of the unit account: by state, by name or number, page by page."""
    people, keyset = queries.head_count(request.GET.get("unit", "")), Keyset.of(request, PAGE_ROWS)
    if people is None:
        raise Http404
    search, state = request.GET.get("q", "").strip(), _state_of(request)
    wanted = partial(queries.members, people.unit_account_id, state=state, search=search)
    found = keyset.page(
        lambda after, limit: wanted(after=after, limit=limit),
        lambda before, limit: wanted(before=before, limit=limit),
    )
    counts = _counts(people)
    code = state.value if state else ""
    total = None if search else next(count for value, _, count in counts if value == code)
    shape = RosterPage(
        rows=tuple(found.rows),
        counts=counts,
        pager=keyset.pager(found, lambda row: row.account_id, total),
        export_href=url("portal:roster-workbook", q=search, state=code),
        q=search,
        state=code,
    )
    return page(request, "portal/roster.html", shape)


def workbook(request: HallRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook."""
    unit = unit_of(request)
    people = queries.members(
        unit.pk,
        state=_state_of(request),
        search=request.GET.get("q", "").strip(),
        limit=EVERY_ROW,
    )
    return papers.workbook(request, f"{unit.employer.name}花名册", COLUMNS, map(_cells, people), apart="状态")


def account(request: HallRequest, account_no: str) -> HttpResponse:
    """One member's account."""
    found = account_of(account_no)
    unit, member, state = found.unit_account, found.member, AccountState(found.state)
    movements = ledger.member_movements(found.pk, SHOWN_MOVEMENTS)
    carried, current = parts(found.pk)
    shape = AccountPage(
        account_no=found.number,
        name=member.name,
        identity_masked=mask_identity(member.identity_number),
        mobile_masked=mask_mobile(member.mobile) if member.mobile else "—",
        state=state,
        base_fen=found.base_fen,
        wage_fen=found.wage_fen,
        unit_rate=unit.unit_rate,
        personal_rate=unit.personal_rate,
        unit_fen=found.unit_fen,
        personal_fen=found.personal_fen,
        opened_on=found.opened_on,
        first_month=found.first_month,
        paid_through=max((one.month for one in movements if one.month), default=None),
        balance_fen=carried + current,
        carried_fen=carried,
        current_fen=current,
        timeline=tuple(
            map(_timeline_row, TimelineEvent.objects.filter(account=found).order_by("-effective_month", "-pk"))
        ),
        movements=tuple(map(_movement, movements)),
        pager=Pager(1, len(movements), None),
        downloads=(Download("个人缴存明细", reverse("portal:statement", args=[account_no]), "PDF"),),
        can_seal=state is AccountState.ACTIVE,
    )
    return page(request, "portal/account.html", shape)


def statement(request: HallRequest, account_no: str) -> HttpResponse:
    """个人缴存明细 from the opening to today."""
    found = account_of(account_no)
    paper = member_statement(_statement(request, found))
    return file_response(paper, f"个人缴存明细{found.number}.pdf", PDF, inline=True)


def account_of(account_no: str) -> Account:
    """A member's account of the handler's employer. ``Http404`` for a number that is not one of its own."""
    found = Account.objects.filter(number=account_no).select_related("member", "unit_account__employer").first()
    if found is None:
        raise Http404
    return found


def _state_of(request: HallRequest) -> AccountState | None:
    wanted = request.GET.get("state", "")
    return AccountState(wanted) if wanted in AccountState.values else None


def _counts(people: queries.HeadCount) -> tuple[tuple[str, str, int], ...]:
    return (
        ("", "全部", people.active + people.sealed),
        (AccountState.ACTIVE.value, AccountState.ACTIVE.label, people.active),
        (AccountState.SEALED.value, AccountState.SEALED.label, people.sealed),
    )


def _cells(row: MemberRow) -> tuple[Value, ...]:
    return (
        row.number,
        row.name,
        row.identity_masked,
        row.wage,
        row.base,
        row.unit,
        row.personal,
        row.first_month,
        row.opened_on,
        row.state.label,
    )


def _movement(movement: Movement) -> MovementRow:
    return MovementRow(
        movement.book_date,
        movement.kind.label,
        movement.month,
        movement.amount,
        movement.balance,
        str(movement.entry_id),
    )


def _timeline_row(event: TimelineEvent) -> TimelineRow:
    return TimelineRow(event.effective_month, TimelineKind(event.kind).label, _content(event), event.business_day)


def _content(event: TimelineEvent) -> str:
    if event.kind == TimelineKind.SEALING:
        return SealReason(event.reason).label if event.reason in SealReason.values else ""
    wage = f"月平均工资 {event.wage_fen.yuan} 元，" if event.wage_fen is not None else ""
    return f"{wage}缴存基数 {event.base_fen.yuan} 元" if event.base_fen is not None else ""


def _statement(request: HallRequest, account: Account) -> shapes.MemberStatement:
    return shapes.MemberStatement(
        center=center_shape(),
        imprint=imprint(request, account.number),
        unit=unit_shape(account.unit_account),
        member_name=account.member.name,
        document_masked=mask_identity(account.member.identity_number),
        account_no=account.number,
        state=AccountState(account.state).label,
        start=account.opened_on,
        end=request.today,
        opening=Fen(0),
        movements=tuple(
            shapes.Movement(one.book_date, one.kind.label, one.month, one.amount, entry_no=str(one.entry_id))
            for one in reversed(ledger.member_movements(account.pk, EVERY_ROW))
        ),
    )
