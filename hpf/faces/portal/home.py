"""The first page: where the month stands, the one next step, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.access_restriction import queries as restrictions
from hpf.access_restriction.operations import scope_of
from hpf.access_restriction.rules import RestrictionKind, until_of, withheld
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.channels.hours import in_force
from hpf.channels.rules import OFFERED, Standing, refusal_of, stopping
from hpf.evidence import events_about
from hpf.faces.portal import handover, messages, months, prepared
from hpf.faces.portal.addresses import case_link, sheet_href
from hpf.faces.portal.functions import FUNCTIONS
from hpf.faces.portal.unit import law_of, unit_of
from hpf.faces.web.door import ACTING, HallRequest
from hpf.faces.web.entering import GREETED_COOKIE
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.channels import FunctionHours
from hpf.faces.web.shapes.frame import Fact, Link
from hpf.faces.web.shapes.portal import HomePage, MonthCard, RecentCase, Waiting
from hpf.faces.web.version_rows import coming_version
from hpf.hall_access.queries import last_login, sessions
from hpf.kernel import Channel, Month, Refusal, deadline
from hpf.policy import Law, NoLawInForce
from hpf.registry.codes import AccountState, Duty, HallFunction
from hpf.registry.models import UnitAccount
from hpf.remittance import queries
from hpf.remittance.models import Sheet
from hpf.remittance.rules import UnitShape, remit_by

RECENT_CASES = 8
# Up to so many members the coming month is computed for this page; above, opening 核定 computes it.
COMPUTED_FOR = 10_000
URGENT_DAYS = 2


def home(request: HallRequest) -> HttpResponse:
    """The home page; before it, once after the login, what waits to be confirmed by others than who looks."""
    if messages.unseen_prompt(request):
        return HttpResponseRedirect(reverse("portal:prompts"))
    today, unit = request.today, unit_of(request)
    law, sheet, money = law_of(request), queries.live_sheet(unit.pk), queries.unit_shape(unit)
    card = _card(unit, sheet, law, today)
    stopped, stopped_more = _stopped(request, card)
    closure, left_to_others = _closure(request, card), _left_to_others(request, card)
    is_stopped = bool(stopped or closure or left_to_others)
    open_by = None if card else deadline(unit.employer.registered_on, law.account_opening_days)
    shape = HomePage(
        card=card,
        waiting=(
            *_unconfirmed(request),
            *_withheld(request),
            *prepared.waiting(request),
            *_due(
                None if sheet or not money.remits else card,
                open_by,
                today,
                stopped=is_stopped,
            ),
            *_waiting(unit, sheet, money, law, today),
        ),
        shown=messages.shown_links(request),
        facts=_facts(unit, money),
        recent=tuple(_recent(unit, sheet, today)),
        last_login=last_login(sessions(request.token)),
        was_told=GREETED_COOKIE in request.COOKIES,
        hours=tuple(_hours(request)),
        stopped=stopped,
        left_to_others=left_to_others,
        stopped_more=stopped_more,
        closed=closure is not None and not closure.outside_hours,
        taken_over=handover.taken_over(request),
        open_by=open_by,
        days_left=(open_by - today).days if open_by else 0,
    )
    response = page(request, "portal/home.html", shape)
    response.set_cookie(GREETED_COOKIE, "1", httponly=True, samesite="Lax")
    return response


def _stopped(request: HallRequest, card: MonthCard | None) -> tuple[Refusal | None, str]:
    """Why the next step cannot be taken now, as its own page says it, and where more of that stands. Of a closure the
    frame above the page says it."""
    function = _acts_on(card)
    if function is None or _left_to_others(request, card):
        return None, ""
    if closure := _closure(request, card):
        return (refusal_of(closure) if closure.outside_hours else None), ""
    if request.principal and function in request.principal.limited:
        return withheld(function), reverse("portal:restriction")
    return None, ""


def _left_to_others(request: HallRequest, card: MonthCard | None) -> str:
    """What is said in the place of the next step to who does not take it himself."""
    if _acts_on(card) is None or ACTING.duties & request.actor.roles:
        return ""
    if Duty.APPROVER in request.actor.roles:
        return "由经办人办理。经办人提交后，由您在这里复核。"
    return "由经办人办理，您可以在这里查看。"


def _closure(request: HallRequest, card: MonthCard | None) -> Standing | None:
    """What keeps the next step closed now."""
    function = _acts_on(card)
    if function is None:
        return None
    return stopping(request.frame.closures, Channel.PORTAL, function, request.visit.moment)


def _acts_on(card: MonthCard | None) -> HallFunction | None:
    """The function of the next step, ``None`` where it only looks."""
    name = "declare" if card else "upload"
    return None if card and card.next.href != reverse(f"portal:{name}") else FUNCTIONS[name]


def _unconfirmed(request: HallRequest) -> Iterator[Waiting]:
    if request.frame.prompt:
        yield Waiting("有通知等经办人确认", Link("去看", reverse("portal:prompts")), urgent=True)


def _withheld(request: HallRequest) -> Iterator[Waiting]:
    for one in restrictions.standing(request.actor.employer_id or 0, request.today):
        said = until_of(one.starts_on, one.ends_on, RestrictionKind(one.kind))
        yield Waiting(f"{scope_of(one)}限制使用，{said}", Link("查看通知", reverse("portal:restriction")), urgent=True)


def _hours(request: HallRequest) -> Iterator[FunctionHours]:
    """The functions that do not take acts all day, or not as often as one likes."""
    for function in OFFERED[Channel.PORTAL]:
        if table := in_force(request.frame.timetables, Channel.PORTAL, function, request.visit.moment.date()):
            yield FunctionHours(function.label, table.sentence)


def _card(unit: UnitAccount, sheet: Sheet | None, law: Law, today: date) -> MonthCard | None:
    if sheet:
        return _declared_card(unit, sheet, law, today)
    if unit.due_month > Month.of(today) + law.max_advance_months and unit.paid_through:
        return _finished_card(unit, unit.paid_through)
    if unit.active_count or unit.sealed_count or unit.paid_through:
        return _coming_card(unit, law, today)
    return None


def _declared_card(unit: UnitAccount, sheet: Sheet, law: Law, today: date) -> MonthCard:
    deadline = remit_by(sheet.month, unit.payday, law.remit_days_after_payday)
    sentence, label = _next_step(sheet, today)
    return MonthCard(
        month=sheet.month,
        steps=months.sheet_steps(sheet, today),
        due_fen=sheet.total_fen,
        people=sheet.people,
        difference_fen=sheet.total_fen - sheet.last_fen if sheet.last_people else None,
        sentence=sentence,
        next=Link(label, sheet_href(sheet.pk)),
        deadline=deadline,
        days_left=(deadline - today).days,
    )


def _next_step(sheet: Sheet, today: date) -> tuple[str, str]:
    """How a declared month stands, and what its own page is opened for."""
    state = CaseState(sheet.case.state)
    if state is CaseState.WORKING:
        return "钱已备齐，正在入账。", "查看进度"
    funds = queries.funds(sheet)
    if months.is_money_on_its_way(sheet):
        return "款项已到账，正在记入账上。", "查看进度"
    if funds.covers:
        return "暂存款够付这个月，付清即入账，不用再转账。", "去用暂存款付清"
    if months.is_overdue(sheet, today):
        if months.can_withdraw(sheet):
            return "通知单已过最后一天，请撤回后重新核定。", "去撤回并重新核定"
        return "通知单已过最后一天，结束后请重新核定，用暂存款付。", "查看进度"
    if funds.beside:
        return f"暂存款里已有 {funds.beside.yuan} 元可用于这个月，还须转账 {funds.rest.yuan} 元。", "去补足"
    if state is CaseState.AWAITING_REST:
        return f"已到账 {sheet.received_fen.yuan} 元，还差 {funds.rest.yuan} 元。", "去补足"
    return "已核定，等贵单位付款。", "查看缴款码和通知单"


def _finished_card(unit: UnitAccount, month: Month) -> MonthCard | None:
    """The month that is paid, as long as the next one cannot be declared yet."""
    sheet = queries.booked_sheet(unit.pk, month)
    if sheet is None:
        return None
    return MonthCard(
        month=sheet.month,
        steps=months.sheet_steps(sheet, sheet.declared_on),
        due_fen=sheet.total_fen,
        people=sheet.people,
        difference_fen=sheet.total_fen - sheet.last_fen if sheet.last_people else None,
        sentence=f"已全部记入个人账户。{unit.due_month.chinese}起可办理下一个月。",
        next=Link("查看入账结果和回单", sheet_href(sheet.pk)),
        is_paid=True,
    )


def _coming_card(unit: UnitAccount, law: Law, today: date) -> MonthCard:
    month = unit.due_month
    deadline = remit_by(month, unit.payday, law.remit_days_after_payday)
    roster = Link("办理人员变动", reverse("portal:roster"))
    ahead = month > Month.of(today) + law.max_advance_months
    computed, unwritten = None, ""
    try:
        computed = queries.preview(unit, month, today, law.place) if unit.active_count <= COMPUTED_FOR else None
    except NoLawInForce as refused:
        unwritten = "".join(refusal.sentence for refusal in refused.refusals)
    only_people = ahead or bool(unwritten)
    sheet = computed.sheet if computed else None
    return MonthCard(
        month=month,
        steps=months.coming_steps(months.changes(sheet.added[0], sheet.removed[0]) if sheet else ""),
        due_fen=sheet.total if sheet else None,
        people=sheet.people if sheet else unit.active_count,
        difference_fen=sheet.total - sheet.last_fen if sheet and sheet.last_people else None,
        sentence=unwritten or _sentence(computed, month if ahead else None),
        next=roster if only_people else Link("核对并核定", reverse("portal:declare")),
        other=() if only_people else (roster,),
        deadline=deadline,
        days_left=(deadline - today).days,
    )


def _sentence(computed: queries.Preview | None, ahead: Month | None) -> str:
    if ahead:
        return f"{ahead.chinese}起可以核定，现在可以先办理人员变动。"
    return _found(computed) if computed else "人数较多，应缴金额在核定时计算。"


def _found(computed: queries.Preview) -> str:
    if computed.reasons:
        return f"有 {len(computed.reasons)} 处须先处理：{computed.reasons[0].what}。"
    if computed.hints:
        return f"请核对：{computed.hints[0].what}。"
    return "已核对，没有发现问题。"


def _waiting(unit: UnitAccount, sheet: Sheet | None, money: UnitShape, law: Law, today: date) -> Iterator[Waiting]:
    opening = Case.objects.filter(unit_account_id=unit.pk, kind=CaseKind.ACCOUNT_OPENING, state=CaseState.READY)
    for case in opening.order_by("number"):
        yield Waiting(f"{case.title}，已检查完，等您确认", Link("去确认", case_link(case).href))
    if sheet:
        yield from _sheet_waiting(sheet, remit_by(sheet.month, unit.payday, law.remit_days_after_payday), today)
    if coming := coming_version(today):
        yield Waiting(
            f"{coming.document}自{months.chinese_day(coming.effective_on)}起更新：{coming.summary}",
            Link("查看新版本", coming.href),
        )
    if money.free:
        yield Waiting(f"暂存款有 {money.free.yuan} 元可用", Link("查看", reverse("portal:unallocated")))


def _due(card: MonthCard | None, open_by: date | None, today: date, *, stopped: bool) -> Iterator[Waiting]:
    """What has its day and is not begun: the first accounts, or the oldest month that is not paid, once it has come.
    It is due as well while its step is stopped; then there is only to look."""
    if open_by:
        link = Link("查看" if stopped else "上传花名册", reverse("portal:upload"))
        yield _by(open_by, today, "还没有为职工开户", link)
    elif card and card.deadline and card.month <= Month.of(today):
        link = Link("查看" if stopped else "去核定", card.next.href)
        yield _by(card.deadline, today, f"{card.month.chinese}汇缴还没有核定", link)


def _by(day: date, today: date, what: str, link: Link) -> Waiting:
    when = months.overdue(day, today) or f"期限{months.chinese_day(day)}"
    return Waiting(f"{what}，{when}", link, urgent=(day - today).days <= URGENT_DAYS)


def _sheet_waiting(sheet: Sheet, last_day: date, today: date) -> Iterator[Waiting]:
    """What a declared month waits for. Its own day counts beside that of its notice."""
    link, late = Link("查看", sheet_href(sheet.pk)), months.overdue(last_day, today)
    said = f"，汇缴{late}" if late else ""
    if reason := months.last_refusal(events_about(f"case:{sheet.pk}")):
        yield Waiting(f"{sheet.case.title}没有入账：{reason}", link, urgent=True)
    elif sheet.case.state not in months.AWAITING or months.is_money_on_its_way(sheet):
        return
    elif (funds := queries.funds(sheet)).covers:
        yield Waiting(f"暂存款够付{sheet.case.title}{said}", Link("去付清", link.href), urgent=bool(late))
    elif months.is_overdue(sheet, today):
        yield Waiting(f"{sheet.case.title}的通知单已过最后一天，须重新核定{said}", link, urgent=True)
    else:
        days = (sheet.last_day - today).days
        until = f"通知单有效期至{months.chinese_day(sheet.last_day)}"
        what = f"{sheet.case.title}等付款 {funds.rest.yuan} 元，{until}{said}"
        yield Waiting(what, link, urgent=bool(late) or days <= URGENT_DAYS)


def _facts(unit: UnitAccount, money: UnitShape) -> tuple[Fact, ...]:
    roster = reverse("portal:roster")
    return (
        Fact("正常缴存", f"{unit.active_count:,}", "人", f"{roster}?state={AccountState.ACTIVE}"),
        Fact("封存", f"{unit.sealed_count:,}", "人", f"{roster}?state={AccountState.SEALED}"),
        Fact("缴至年月", str(unit.paid_through or "—"), href=reverse("portal:records")),
        Fact("暂存款余额", money.unallocated.yuan, "元", reverse("portal:unallocated")),
    )


def _recent(unit: UnitAccount, sheet: Sheet | None, today: date) -> Iterator[RecentCase]:
    own = Case.objects.filter(unit_account_id=unit.pk).exclude(kind=CaseKind.ACCESS_GRANT)  # the center's till decided
    for case in own.select_related("roster").order_by("-number")[:RECENT_CASES]:
        kind, state = CaseKind(case.kind), CaseState(case.state)
        shown = months.shown_state(sheet, today) if sheet and sheet.pk == case.number else state
        yield RecentCase(case.business_day, kind.label, case.title, case.amount_fen, shown, case_link(case))
