"""What a member of the staff sees first: what waits for him."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.http import HttpResponse
from django.urls import reverse

from hpf.access_restriction.queries import count_appeals_for
from hpf.faces.counter import reviews
from hpf.faces.counter.permissions import ANSWERING, BUSINESS, CLERK, DECIDING, SECURITY, STAFFING, TREASURER
from hpf.faces.web.door import HallRequest
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.counter import CounterHomePage
from hpf.faces.web.shapes.frame import Fact, Link
from hpf.hall_access.guessing import guessing
from hpf.hall_access.models import LookingState
from hpf.hall_access.queries import held_back, not_handed_out, unreleased
from hpf.inquiries import queries as inquiries
from hpf.kernel import Actor, Fen
from hpf.notices import usage
from hpf.registry.employers import Search
from hpf.treasury import queries
from hpf.treasury.rules import LineState


def home(request: HallRequest) -> HttpResponse:
    """The day's figures and the work that waits, as far as one's roles go."""
    roles = request.actor.roles
    waiting, fen = (0, Fen(0)) if not roles & TREASURER.roles else _waiting(LineState.UNIDENTIFIED)
    facts = tuple(_facts(roles, waiting, fen))
    if roles & BUSINESS.roles:
        taken_back, _ = (0, Fen(0)) if not roles & TREASURER.roles else _waiting(LineState.TAKEN_BACK)
        todo = tuple(_todo(reviews.waiting(request.actor), waiting, taken_back))
    else:
        todo = tuple(reviews.waiting_for(request.actor))
    if roles & DECIDING.roles:
        todo += tuple(_appeals(request.actor))
    if roles & ANSWERING.roles:
        todo += tuple(_inquiries(request.today))
    if roles & SECURITY.roles:
        todo += (*_to_release(request.actor), *_stopped())
    todo += tuple(reviews.came_back(request.actor, request.visit.now))
    todo += tuple(reviews.by_command(request.actor, request.visit.now))
    shape = CounterHomePage(
        facts,
        todo,
        tuple(_alarms(request)),
        tuple(_to_hand_out()) if roles & CLERK.roles else (),
        finds_employers=bool(roles & BUSINESS.roles),
        can_register=bool(roles & CLERK.roles),
    )
    return page(request, "counter/home.html", shape)


def _todo(to_review: int, to_claim: int, taken_back: int) -> Iterator[Link]:
    if to_review:
        yield Link(f"{to_review} 件业务待复核", reverse("counter:reviews"))
    if to_claim:
        yield Link(f"{to_claim} 笔款项待认领", reverse("counter:money"))
    if taken_back:
        yield Link(f"{taken_back} 笔支出待两人核对", reverse("counter:money"))


def _appeals(by: Actor) -> Iterator[Link]:
    if waiting := count_appeals_for(by):
        yield Link(f"{waiting} 件申诉待答复", reverse("counter:restrictions"))


def _to_hand_out() -> Iterator[Link]:
    """Whoever entered somebody may not be the one who gives him his password, so all clerks see it."""
    for one in not_handed_out():
        grant = one.grant_id
        href = reverse("counter:grant", args=[grant]) if grant else reverse("counter:employer", args=[one.employer_id])
        yield Link(f"待发放用户名和初始密码：{one.employer.name} {one.name}", href)


def _inquiries(today: date) -> Iterator[Link]:
    waiting, overdue = inquiries.waiting(today)
    if waiting:
        late = f"，其中 {overdue} 件已逾期" if overdue else ""
        yield Link(f"{waiting} 件咨询建议待答复{late}", reverse("counter:inquiries"))


def _to_release(by: Actor) -> Iterator[Link]:
    """Nobody works before he is released: who comes with his card is waited for."""
    if waiting := len(unreleased().keys() - {by.id}):
        yield Link(f"{waiting} 名工作人员的验证器待放行", reverse("counter:staff"))


def _stopped() -> Iterator[Link]:
    stopped = sum(one.state == LookingState.STOPPED for one in held_back())
    if stopped:
        yield Link(f"{stopped} 个账号被暂停查询，待核实", reverse("counter:staff-looking"))


def _alarms(request: HallRequest) -> Iterator[Link]:
    """What the administrators of system and security have to look at first (proof 38)."""
    roles, now = request.actor.roles, request.visit.now
    if roles & STAFFING.roles and usage.is_too_much(now):
        yield Link("今天的短信超过每日预警值，请核对是否有人成批索取验证码", reverse("counter:sms-usage"))
    if not roles & SECURITY.roles:
        return
    found = guessing(now)
    if found.suspicious:
        what = f"{len(found.suspicious)} 个地址疑似试探密码，24小时内登录被拒绝 {found.refused:,} 次"
        yield Link(what, reverse("counter:staff-attempts"))
    elif found.is_wave:
        yield Link(f"24小时内登录被拒绝 {found.refused:,} 次，远多于平常", reverse("counter:staff-attempts"))


def _facts(roles: frozenset[str], waiting: int, fen: Fen) -> Iterator[Fact]:
    if roles & BUSINESS.roles:
        yield Fact("单位账户", f"{Search().count():,}", "户", reverse("counter:employers"))
    if roles & TREASURER.roles:
        yield Fact("待认领款项", f"{waiting:,}", "笔", reverse("counter:money"))
        yield Fact("待认领金额", fen.yuan, "元", reverse("counter:money"))


def _waiting(state: LineState) -> tuple[int, Fen]:
    return queries.outcomes(states=[state]).get(state, (0, Fen(0)))
