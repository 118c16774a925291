"""A bank's statement that waits for a second person: what it says, why it does not prove itself, and the word on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.casework.attachments import content
from hpf.faces.counter.reviews import decided, view_of
from hpf.faces.web.answers import file_response, posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day
from hpf.faces.web.exports import export_of
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.frame import Download, Link
from hpf.faces.web.shapes.money import HandedInLine, HandedInPage
from hpf.kernel import Fen, Key, Refusal
from hpf.money_desk import handing_in
from hpf.money_desk import queries as proposals
from hpf.money_desk.models import HandedIn
from hpf.money_desk.rules import FOLLOWS, STATEMENT_REVIEW_KIND, ProposalState
from hpf.storage import reading
from hpf.treasury import queries
from hpf.treasury.statement import Side, Statement

TEMPLATE = "counter/handed_in.html"
SHOWN = 100
_CSV = "text/csv"


def handed_in(request: HallRequest, handed_in_id: int) -> HttpResponse:
    """What the file says, beside what somebody said of it."""
    return page(request, TEMPLATE, _page(request, handed_in_id))


def file(request: HallRequest, handed_in_id: int) -> HttpResponse:
    """The file, as it came."""
    found = _found(handed_in_id)
    export_of(request)
    return file_response(b"".join(content(bytes(found.digest))), found.name, _CSV)


def withdraw(request: HallRequest, handed_in_id: int) -> HttpResponse:
    """Take one's own statement back."""
    with reading(request.actor):
        _found(handed_in_id)
    return posted(
        request,
        lambda key: handing_in.withdraw(handed_in_id, by=request.actor, today=request.today, key=key),
        lambda _: reverse("counter:handed-in", args=[handed_in_id]),
        lambda found: page(request, TEMPLATE, _page(request, handed_in_id, tuple(found))),
    )


def decide(request: HallRequest, handed_in_id: int) -> HttpResponse:
    """The second person's word; approved, the statement is taken."""
    with reading(request.actor):
        _found(handed_in_id)
    return decided(request, STATEMENT_REVIEW_KIND, handed_in_id, handing_in.decide, TEMPLATE, _page)


def _found(handed_in_id: int) -> HandedIn:
    found = proposals.handed_in(handed_in_id)
    if found is None:
        raise Http404
    return found


def _page(request: HallRequest, handed_in_id: int, refusals: tuple[Refusal, ...] = ()) -> HandedInPage:
    found = _found(handed_in_id)
    statement = handing_in.statement_of(found)
    review, before = view_of(STATEMENT_REVIEW_KIND, handed_in_id, request.actor, refusals), handing_in.follows(found)
    return HandedInPage(
        id=handed_in_id,
        title=f"{statement.starts_on} 至 {statement.ends_on} 对账单",
        why=tuple(_why(found, statement)),
        details=tuple(_details(found, statement)),
        file=Download(found.name, reverse("counter:handed-in-file", args=[handed_in_id]), "CSV"),
        lines=tuple(
            HandedInLine(
                one.flow_no,
                one.booked_on,
                one.payer_name,
                one.remark or one.summary,
                one.amount if one.side is Side.CREDIT else Fen(-int(one.amount)),
            )
            for one in sorted(statement.lines, key=lambda one: one.side is Side.CREDIT)[:SHOWN]
        ),
        count=len(statement.lines),
        review=replace(review, too_late=FOLLOWS.sentence if before else ""),
        can_withdraw=review.own,
        statement_id=queries.of_handed_in(handed_in_id) or 0,
        same_days=tuple(_same_days(statement)) if found.state == ProposalState.PROPOSED.value else (),
        came_besides=queries.of_digest(bytes(found.statement_digest)) or 0,
        key=Key.fresh(),
        refusals=refusals,
        follows=Link(before.name, reverse("counter:handed-in", args=[before.pk])) if before else None,
    )


def _same_days(statement: Statement) -> Iterator[Link]:
    for number, starts_on, ends_on in queries.of_same_days(statement):
        days = day(starts_on) if starts_on == ends_on else f"{day(starts_on)} 至 {day(ends_on)}"
        yield Link(f"编号 {number}（{days}）", reverse("counter:statement", args=[number]))


def _why(found: HandedIn, statement: Statement) -> Iterator[str]:
    if paid := sum(one.side is Side.DEBIT for one in statement.lines):
        yield f"付款{paid}笔，共{statement.money_out}元，列在最前：请逐笔与银行和付款凭证核对"
    if found.gap_told:
        yield f"余额由两人核对：{found.gap_told}"
    if found.follows_id:
        yield "接续的对账单在提交时还待复核，前一份导入以后这一份才能导入"
    if found.typed:
        yield "文件没有完整的文件头，账号、期间、余额、笔数由提交人填写，请与银行对账单核对"


def _details(found: HandedIn, statement: Statement) -> Iterator[tuple[str, str]]:
    yield "账号", statement.account_no
    yield "期间", f"{statement.starts_on} 至 {statement.ends_on}"
    yield "期初余额", f"{statement.opening.yuan} 元"
    yield "收入", f"{statement.money_in.yuan} 元"
    yield "支出", f"{statement.money_out.yuan} 元"
    yield "期末余额", f"{statement.closing.yuan} 元"
    yield "提交", f"{found.proposed_name} {day(found.proposed_on)}"
