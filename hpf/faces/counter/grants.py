"""办理权限: who acts for an employer beside its handler, proposed by a clerk and granted by a second person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import is_password_usable
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.faces.counter.access import Papers, act_of, employer_of, papers_of
from hpf.faces.counter.access_history import handed_out
from hpf.faces.counter.employers import HandOverForm
from hpf.faces.counter.handing_over import hand_to
from hpf.faces.counter.permissions import CLERK
from hpf.faces.counter.reviews import Decision, Seen, view_of
from hpf.faces.counter.scans import scans_of
from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.environment import day, moment
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.access import GrantPage, NewGrantPage
from hpf.hall_access import access_grant
from hpf.hall_access.access_grant import DUTIES, END_REVIEW, REVIEW, GrantApplication
from hpf.hall_access.models import Grant, GrantState
from hpf.kernel import Key, Refusal
from hpf.kernel.identity import mask_identity, mask_mobile
from hpf.registry.codes import Duty
from hpf.registry.handlers import HandlerApplication
from hpf.registry.models import Employer, Handler
from hpf.storage import reading

_NEW, _GRANT = "counter/grant_new.html", "counter/grant.html"
_WORDS = {
    Duty.APPROVER: "复核人（启用内部复核：经办人录入，复核人通过后才提交）",
    Duty.VIEWER: "查询人（只能查看，不能办理）",
    Duty.AGENT: "代办人（其他单位的经办人，代本单位办理）",
}


# How the form is shown. It is read by the rules alone, which say everything that is wrong at once.
@dataclass(frozen=True, slots=True)
class GrantForm(Papers):
    duty: str = ask("权限", forms.choice([(one.value, _WORDS[one]) for one in DUTIES], kind="radio"))
    starts_on: str = ask("生效日期", forms.day())
    handler_name: str = ask("姓名", forms.name())
    handler_identity_number: str = ask("身份证号码", forms.text(40))
    handler_mobile: str = ask("手机号码", forms.mobile(), hint="登录验证码发到这个号码")
    agent_user_name: str = ask("代办人的用户名", forms.text(40), hint="代办人在他自己单位的用户名")
    card_seen: bool = ask("已核对本人身份证原件", forms.tick())


@dataclass(frozen=True, slots=True)
class OwnHandOverForm(HandOverForm):
    seen: bool = ask("已核对本人身份证原件，当面发放", forms.tick())


@dataclass(frozen=True, slots=True)
class EndForm:
    reason: str = ask("终止原因", forms.text(500, kind="textarea"))
    letter_seen: bool = ask("已核对加盖公章的单位介绍信", forms.tick())


def new(request: HallRequest, employer_id: int) -> HttpResponse:
    """Propose somebody beside the handler."""
    if request.method != "POST":
        return page(request, _NEW, _new_page(request, employer_id))
    with reading(request.actor):
        employer_of(employer_id)
    given = request.POST
    application = GrantApplication(
        duty=given.get("duty", ""),
        handler=HandlerApplication(**{name: given.get(name, "") for name in HandlerApplication.__dataclass_fields__}),
        agent_user_name=given.get("agent_user_name", ""),
        starts_on=given.get("starts_on", ""),
    )
    return posted(
        request,
        lambda key: access_grant.propose_grant(employer_id, application, papers_of(request), **act_of(request, key)),
        _href,
        lambda refusals: page(request, _NEW, _new_page(request, employer_id, given, tuple(refusals))),
    )


def grant(request: HallRequest, grant_id: int) -> HttpResponse:
    """One grant: who, what, since when, who decided; what the reader may do about it."""
    return page(request, _GRANT, _page(request, grant_id))


def decide(request: HallRequest, grant_id: int) -> HttpResponse:
    """The second person's word on a grant."""
    _must_exist(request, grant_id)
    return _decided(request, grant_id, access_grant.decide_grant)


def end(request: HallRequest, grant_id: int) -> HttpResponse:
    """Propose that a grant end."""
    _must_exist(request, grant_id)
    reason, letter = request.POST.get("reason", ""), bool(request.POST.get("letter_seen"))
    return posted(
        request,
        lambda key: access_grant.propose_end(grant_id, reason, letter, by=request.actor, today=request.today, key=key),
        _href,
        lambda refusals: page(request, _GRANT, _page(request, grant_id, tuple(refusals))),
    )


def decide_end(request: HallRequest, grant_id: int) -> HttpResponse:
    """The second person's word on its end."""
    _must_exist(request, grant_id)

    def operation(grant_id: int, verdict: ReviewState, **given: Any) -> Receipt:
        return access_grant.decide_end(grant_id, verdict, turn=forms.read(Seen, request.POST).turn, **given)

    return _decided(request, grant_id, operation)


def hand_over(request: HallRequest, grant_id: int) -> HttpResponse:
    """Give the person whom it lets in an initial password, on paper or by text message."""
    with reading(request.actor):
        user = _user(_grant_of(grant_id))
    if user is None or user.login_id:
        raise Http404

    def refused(refusals: tuple[Refusal, ...]) -> HttpResponse:
        with reading(request.actor):
            return refused_page(request, _GRANT, _page(request, grant_id, refusals))

    return hand_to(request, user, reverse("counter:grant", args=[grant_id]), refused)


def _decided(request: HallRequest, grant_id: int, operation: Callable[..., Receipt]) -> HttpResponse:
    def operate(key: Key) -> Receipt:
        form = forms.read(Decision, request.POST)
        return operation(grant_id, form.state, note=form.note or "", **act_of(request, key))

    return posted(
        request,
        operate,
        _href,
        lambda refusals: page(request, _GRANT, _page(request, grant_id, tuple(refusals))),
    )


def _href(receipt: Receipt) -> str:
    return reverse("counter:grant", args=[receipt.result["grant_id"]])


def _must_exist(request: HallRequest, grant_id: int) -> None:
    with reading(request.actor):
        _grant_of(grant_id)


def _grant_of(grant_id: int) -> Grant:
    found = Grant.objects.select_related("login__employer").filter(pk=grant_id).first()
    if found is None:
        raise Http404
    return found


def _user(found: Grant) -> Handler | None:
    return Handler.objects.filter(grant_id=found.pk, active=True).first()


def _new_page(
    request: HallRequest, employer_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()
) -> NewGrantPage:
    shown = given if given is not None else {"duty": Duty.APPROVER.value, "starts_on": request.today}
    return NewGrantPage(
        employer_id=employer_id,
        employer=employer_of(employer_id).name,
        inputs=forms.inputs(GrantForm, shown, refusals),
        key=Key.fresh(),
        refusals=refusals,
    )


def _page(request: HallRequest, grant_id: int, refusals: tuple[Refusal, ...] = ()) -> GrantPage:
    found = _grant_of(grant_id)
    user, ending = _user(found), review.latest(END_REVIEW, grant_id)
    waits = ending is not None and ending.state is ReviewState.PENDING
    is_clerk = bool(CLERK.roles & request.actor.roles)
    may_end = is_clerk and found.state == GrantState.GRANTED and not waits
    hands_out = is_clerk and user is not None and user.login_id is None
    given = request.POST if request.method == "POST" else None
    return GrantPage(
        id=grant_id,
        employer_id=found.employer_id,
        employer=Employer.objects.get(pk=found.employer_id).name,
        title=f"{Duty(found.duty).label}{found.name}",
        state=GrantState(found.state),
        details=tuple(_details(found, user)),
        files=scans_of(found.case_id),
        review=view_of(REVIEW, grant_id, request.actor, refusals),
        end_review=view_of(END_REVIEW, grant_id, request.actor, refusals) if ending else None,
        end_inputs=forms.inputs(EndForm, given, refusals) if may_end else {},
        hand_over_inputs=forms.inputs(OwnHandOverForm, None, refusals) if hands_out else {},
        handed_out=user is not None and is_password_usable(user.password_hash),
        key=Key.fresh(),
        user_id=user.pk if user else 0,
        refusals=refusals,
    )


def _details(found: Grant, user: Handler | None) -> Iterator[tuple[str, str]]:
    yield "权限", Duty(found.duty).label
    yield "姓名", found.name
    yield "身份证号码", mask_identity(found.identity_number)
    yield "绑定手机", mask_mobile(user.mobile if user else found.mobile)
    if found.login:
        yield "所在单位", found.login.employer.name
        yield "登录用户名", found.login.user_name
    elif user:
        yield "用户名", user.user_name
        if user.must_change_password and is_password_usable(user.password_hash):
            yield "初始密码", handed_out(user)
    yield "生效日期", day(found.starts_on)
    yield "已核对", "单位介绍信、身份证原件"
    yield "提出", f"{found.proposed_by} {moment(found.proposed_at)}"
    if found.end_reason:
        yield "终止原因", found.end_reason
    if found.ended_at:
        yield "终止", f"{found.ended_by} {moment(found.ended_at)}"
