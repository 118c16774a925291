"""附件1 filled in at home (预填), before anybody is known: one page, kept only when it is sent.

The browser holds a secret in a cookie of these addresses; with it, for some minutes after the code was right, the form
can be read and printed. After that it takes the number and another code. What is typed and waits for its code is the
browser's too, sealed, and the hall keeps none of it: so each step is answered by a redirect, and Back finds a page.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.agreement import queries as agreements
from hpf.employer_registration import prefilling
from hpf.employer_registration.models import Application, ApplicationState
from hpf.employer_registration.prefilling import Caller
from hpf.employer_registration.queries import form_of
from hpf.faces.public import proof
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.papers import imprint
from hpf.faces.web.registration_form import GROUPS, registration_paper, shown, typed
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.public import AdvanceDonePage, AdvanceFindPage, AdvanceFormPage
from hpf.hall_access.proofs import ProofPurpose
from hpf.kernel import Refusal, Refused
from hpf.publications.rules import Kind
from hpf.registry.codes import AgreementDocument
from hpf.storage import keyring, reading
from hpf.storage.crypto import Undecryptable

COOKIE, DRAFT, NUMBER = "application", "application-draft", "application-number"
_MINUTE = timedelta(minutes=1)
_HOLDS = 3_900
"""So long is the longest text that every browser keeps as a cookie."""
BRING = ("经办人身份证原件", "身份证复印件 1 份", "单位介绍信，盖章", "申请表一式二份，负责人签字、单位签章")

NEXT_STEPS = {
    ApplicationState.ACCEPTED: "柜台已受理，正在核对材料。现在不用再来。",
    ApplicationState.UNDER_REVIEW: "柜台已受理，正在复核。现在不用再来。",
    ApplicationState.RETURNED: "复核后退回补正。请向受理网点问清要补正什么，由经办人带材料到柜台办理；不必重新填写。",
    ApplicationState.REGISTERED: "已经登记。请经办人带身份证到受理网点领取用户名和初始密码；领过的，可以登录网厅。",
    ApplicationState.REFUSED: "不予登记。请向受理网点询问原因；条件具备后可以重新申请。",
    ApplicationState.WITHDRAWN: "申请已经撤回。需要登记的，请重新填写。",
}
"""What the employer does next, once its form has come to the counter."""


@dataclass(frozen=True, slots=True)
class CodeForm:
    code: str = ask("短信验证码", forms.text(20), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class NumberForm:
    number: str = ask("申请编号", forms.text(40), hint="申请表右上方的 12 位数字")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form whose code is on its way to a mobile, good as long as the code."""

    form: Mapping[str, str]
    sent_to: str
    until: datetime


def apply(request: HallRequest) -> HttpResponse:
    """The form. One button sends a code to the mobile, the other sends the form with it."""
    if request.method != "POST":
        return page(request, "public/advance_form.html", _form_page(request, _draft(request)))
    return _ask(request) if request.POST.get("act") == "code" else _send(request)


def done(request: HallRequest) -> HttpResponse:
    """What was kept: its number, and what to do with it."""
    found = prefilling.read(_token(request), _caller(request))
    if found is None:
        return HttpResponseRedirect(reverse("apply-find"))
    return page(request, "public/advance_done.html", _done_page(found))


def paper(request: HallRequest) -> HttpResponse:
    """附件1 in duplicate, to be signed and brought along."""
    found = prefilling.read(_token(request), _caller(request))
    if found is None:
        return HttpResponseRedirect(reverse("apply-find"))
    content = registration_paper(form_of(found), imprint(request, found.number, by="单位预填"))
    return file_response(content, f"单位开户登记申请表{found.number}.pdf", PDF)


def find(request: HallRequest) -> HttpResponse:
    """A form that was sent before: its number. Whether there is one of that number, nobody is told here."""
    if request.method != "POST":
        return page(request, "public/advance_find.html", _find_page())
    try:
        proof.take(request, ProofPurpose.PREFILL)
        asked = prefilling.ask_to_read(request.POST.get("number", ""), _caller(request))
    except Refused as refused:
        return refused_page(request, "public/advance_find.html", _find_page(refused.refusals, request))
    response = _remember(HttpResponseRedirect(reverse("apply-code")), COOKIE, asked.token)
    return _remember(response, NUMBER, request.POST.get("number", "").strip())


def code(request: HallRequest) -> HttpResponse:
    """The code that went to the form's mobile, if there is such a form."""
    if request.method != "POST":
        if not _token(request):
            return HttpResponseRedirect(reverse("apply-find"))
        return page(request, "public/advance_find.html", _code_page(request))
    try:
        prefilling.prove_reader(_token(request), request.POST.get("code", ""), _caller(request))
    except Refused as refused:
        return refused_page(request, "public/advance_find.html", _code_page(request, refused.refusals))
    return HttpResponseRedirect(reverse("apply-done"))


def _ask(request: HallRequest) -> HttpResponse:
    try:
        proof.take(request, ProofPurpose.PREFILL)
        form = typed(request.POST)
        asked = prefilling.ask_to_prefill(form, _caller(request))
    except Refused as refused:
        return _again(request, refused.refusals)
    draft = Draft(asdict(form), asked.mobile_masked, asked.valid_until)
    sealed = _sealed(draft)
    if len(sealed) > _HOLDS:  # pages of text in each field
        with reading(request.actor):
            return _remember(page(request, "public/advance_form.html", _form_page(request, draft)), COOKIE, asked.token)
    return _remember(_remember(see_other(reverse("apply")), COOKIE, asked.token), DRAFT, sealed)


def _send(request: HallRequest) -> HttpResponse:
    try:
        prefilling.prefill(typed(request.POST), _token(request), request.POST.get("code", ""), _caller(request))
    except Refused as refused:
        return _again(request, refused.refusals)
    response = see_other(reverse("apply-done"))
    response.delete_cookie(DRAFT, path=reverse("apply"))
    return response


def _again(request: HallRequest, refusals: tuple[Refusal, ...]) -> HttpResponse:
    with reading(request.actor):
        shape = _form_page(request, _draft(request), refusals)
        return refused_page(request, "public/advance_form.html", shape)


def _form_page(request: HallRequest, draft: Draft | None, refusals: tuple[Refusal, ...] = ()) -> AdvanceFormPage:
    """The form as it was sent just now, or else as it waits for its code, or else empty."""
    given = request.POST or (draft.form if draft else {})
    *groups, declared = GROUPS
    readings = tuple(_readings(request.today))
    return AdvanceFormPage(
        inputs=shown(given, refusals) | forms.inputs(CodeForm, None, refusals),
        groups=(*groups, replace(declared, readings=readings)),
        sent_to=draft.sent_to if draft else "",
        minutes=-((request.visit.now - draft.until) // _MINUTE) if draft else 0,
        refusals=refusals,
    )


def _draft(request: HallRequest) -> Draft | None:
    """The form that this browser holds, while its code is good; ``None`` for none, or what nobody here has sealed."""
    try:
        sealed = keyring().decrypt(DRAFT, base64.urlsafe_b64decode(request.COOKIES.get(DRAFT, "")))
        held = json.loads(zlib.decompress(base64.b85decode(sealed)))
    except (Undecryptable, ValueError, IndexError):
        return None
    draft = Draft(held["form"], held["sent_to"], datetime.fromisoformat(held["until"]))
    return draft if draft.until > request.visit.now else None


def _sealed(draft: Draft) -> str:
    """A form for its browser to hold."""
    held = {"form": draft.form, "sent_to": draft.sent_to, "until": draft.until.isoformat()}
    pressed = zlib.compress(json.dumps(held, ensure_ascii=False).encode(), 9)
    return base64.urlsafe_b64encode(keyring().encrypt(DRAFT, base64.b85encode(pressed).decode())).decode()


def _readings(today: date) -> Iterator[Link]:
    """What the declarations speak of: the agreement in force, where there is one, and what the center publishes."""
    if found := agreements.newest(AgreementDocument.AGREEMENT, today):
        yield Link(f"服务协议（版本 {found.number}）", reverse("agreement-version", args=[found.id]))
    for kind in (Kind.POLICY, Kind.GUIDE, Kind.MANUAL):
        yield Link(kind.label, f"{reverse('publications')}?kind={kind}")


def _done_page(found: Application) -> AdvanceDonePage:
    return AdvanceDonePage(
        number=found.number,
        name=found.name,
        state=ApplicationState(found.state),
        next_step=NEXT_STEPS.get(ApplicationState(found.state), ""),
        branch=found.branch.name,
        branch_address=found.branch.address,
        branch_hours=found.branch.hours,
        branch_phone=found.branch.phone,
        bring=BRING if found.state == ApplicationState.PREFILLED else (),
    )


def _find_page(refusals: tuple[Refusal, ...] = (), request: HallRequest | None = None) -> AdvanceFindPage:
    return AdvanceFindPage(forms.inputs(NumberForm, request.POST if request else None, refusals), refusals=refusals)


def _code_page(request: HallRequest, refusals: tuple[Refusal, ...] = ()) -> AdvanceFindPage:
    number = request.COOKIES.get(NUMBER, "")
    return AdvanceFindPage(forms.inputs(CodeForm, None, refusals), asked=True, number=number, refusals=refusals)


def _caller(request: HallRequest) -> Caller:
    return Caller(request.visit.network, request.visit.now, request.today)


def _token(request: HallRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def _remember(response: HttpResponse, cookie: str, text: str) -> HttpResponse:
    response.set_cookie(
        cookie,
        text,
        path=reverse("apply"),
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
