"""Applications for registration at the counter: accepted, corrected, handed to a second person, decided.

Numbers of people are masked until somebody opens the whole form, which is an act of its own; so no GET shows them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.employer_registration import operations
from hpf.employer_registration.models import Application, ApplicationState, Material
from hpf.employer_registration.numbers import typed_number
from hpf.employer_registration.queries import Search, form_of
from hpf.evidence import Receipt
from hpf.faces.counter.application import application_page
from hpf.faces.counter.permissions import CLERK
from hpf.faces.counter.reviews import Decision, Seen
from hpf.faces.web import forms
from hpf.faces.web.answers import PDF, file_response, posted, see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import Input
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page, refused_response
from hpf.faces.web.papers import imprint
from hpf.faces.web.registration_form import GROUPS, registration_paper, shown, typed
from hpf.faces.web.shapes.counter import ApplicationRow, ApplicationsPage, RegisterEmployerPage
from hpf.faces.web.shapes.frame import Link
from hpf.kernel import Key, Refusal, Refused
from hpf.registry.models import Staff
from hpf.storage import reading

ROWS = 50


def applications(request: HallRequest) -> HttpResponse:
    """The applications of the center, newest first, with a search; a whole number leads straight to its own."""
    state = request.GET.get("state", "")
    search = Search(request.GET.get("q", "").strip()[:60], state if state in ApplicationState.values else "")
    if number := typed_number(search.words):
        called_up = Application.objects.filter(number=number).values_list("pk", flat=True).first()
        if called_up:
            return see_other(reverse("counter:application", args=[called_up]))
    keyset = Keyset.of(request, ROWS)
    found = keyset.page(search.after, search.before)
    shape = ApplicationsPage(
        rows=tuple(_row(one) for one in found.rows),
        pager=keyset.pager(found, lambda one: one.pk, search.count()),
        can_register=bool(request.actor.roles & CLERK.roles),
        q=search.words,
        state=search.state,
        states=(("", "全部"), *ApplicationState.choices),
    )
    return page(request, "counter/applications.html", shape)


def application(request: HallRequest, application_id: int) -> HttpResponse:
    """One application: form, materials, what the rules say, and what can be done with it now."""
    found = application_of(application_id)
    return page(request, "counter/application.html", application_page(request, found))


def register(request: HallRequest) -> HttpResponse:
    """附件1 from paper, field by field: what holds is accepted."""
    if request.method != "POST":
        return page(request, "counter/register_employer.html", _new(shown(_blank(request))))
    return posted(
        request,
        lambda key: operations.accept_application(typed(request.POST), by=request.actor, today=request.today, key=key),
        lambda receipt: reverse("counter:application", args=[receipt.result["application_id"]]),
        lambda refusals: page(
            request, "counter/register_employer.html", _new(shown(request.POST, tuple(refusals)), tuple(refusals))
        ),
    )


def read_form(request: HallRequest, application_id: int) -> HttpResponse:
    """The same page with every number in full, to be compared with the papers: a second person need not print it."""

    def answer(found: Application) -> HttpResponse:
        return page(request, "counter/application.html", application_page(request, found, whole=True))

    return _looked_at(request, application_id, answer)


def open_form(request: HallRequest, application_id: int) -> HttpResponse:
    """The whole form, to be compared with the papers and corrected."""

    def answer(found: Application) -> HttpResponse:
        return page(request, "counter/register_employer.html", _again(found, shown(form_of(found))))

    return _looked_at(request, application_id, answer)


def print_form(request: HallRequest, application_id: int) -> HttpResponse:
    """附件1 in duplicate."""

    def answer(found: Application) -> HttpResponse:
        paper = registration_paper(form_of(found), imprint(request, found.number))
        return file_response(paper, f"单位开户登记申请表{found.number}.pdf", PDF, inline=True)

    return _looked_at(request, application_id, answer, printing=True)


def _looked_at(
    request: HallRequest, application_id: int, answer: Callable[[Application], HttpResponse], *, printing: bool = False
) -> HttpResponse:
    """Note that somebody looks at the whole of an application, then show it to him as ``answer`` does."""
    try:
        operations.open_application(application_id, by=request.actor, today=request.today, printing=printing)
    except Refused as refused:
        return refused_response(request, refused, back=reverse("counter:applications"))
    with reading(request.actor):
        return answer(application_of(application_id))


def correct(request: HallRequest, application_id: int) -> HttpResponse:
    """What the form says now."""

    def again(refusals: tuple[Refusal, ...]) -> HttpResponse:
        shape = _again(application_of(application_id), shown(request.POST, refusals), refusals)
        return page(request, "counter/register_employer.html", shape)

    return posted(
        request,
        lambda key: operations.correct_application(
            application_id, typed(request.POST), by=request.actor, today=request.today, key=key
        ),
        lambda _: reverse("counter:application", args=[application_id]),
        lambda refusals: again(tuple(refusals)),
    )


def submit(request: HallRequest, application_id: int) -> HttpResponse:
    """What came along has been seen: a second person is asked."""
    materials = [Material(one) for one in request.POST.getlist("materials") if one in Material.values]
    return act(
        request,
        application_id,
        lambda key: operations.submit_application(
            application_id,
            materials,
            request.POST.get("waiver", "")[:200],
            by=request.actor,
            today=request.today,
            key=key,
        ),
    )


def take_back(request: HallRequest, application_id: int) -> HttpResponse:
    """One's own submission, before it is decided."""
    return act(
        request,
        application_id,
        lambda key: operations.take_back_application(application_id, by=request.actor, today=request.today, key=key),
    )


def withdraw(request: HallRequest, application_id: int) -> HttpResponse:
    """The employer does not pursue it."""
    return act(
        request,
        application_id,
        lambda key: operations.withdraw_application(application_id, by=request.actor, today=request.today, key=key),
    )


def decide(request: HallRequest, application_id: int) -> HttpResponse:
    """The second person's word."""

    def operate(key: Key) -> Receipt:
        said, seen = forms.read(Decision, request.POST), forms.read(Seen, request.POST)
        return operations.decide_application(
            application_id,
            said.state,
            note=said.note or "",
            by=request.actor,
            today=request.today,
            key=key,
            turn=seen.turn,
        )

    return act(request, application_id, operate)


def application_of(application_id: int) -> Application:
    """An application with its branch. ``Http404`` where there is none."""
    found = Application.objects.select_related("branch").filter(pk=application_id).first()
    if found is None:
        raise Http404
    return found


def act(request: HallRequest, application_id: int, operate: Callable[[Key], Receipt]) -> HttpResponse:
    """Do something with an application: its page says what came of it, or what speaks against it."""
    return posted(
        request,
        operate,
        lambda _: reverse("counter:application", args=[application_id]),
        lambda refusals: page(
            request,
            "counter/application.html",
            application_page(request, application_of(application_id), tuple(refusals)),
        ),
    )


def _blank(request: HallRequest) -> dict[str, object]:
    """A new form: the branch is the clerk's own."""
    return {"branch": Staff.objects.get(pk=request.actor.id or 0).branch.code}


def _new(inputs: dict[str, Input], refusals: tuple[Refusal, ...] = ()) -> RegisterEmployerPage:
    back = Link("取消", reverse("counter:applications"))
    action = reverse("counter:register")
    return RegisterEmployerPage("受理单位登记", inputs, GROUPS, action, back, "受理", Key.fresh(), refusals)


def _again(found: Application, inputs: dict[str, Input], refusals: tuple[Refusal, ...] = ()) -> RegisterEmployerPage:
    prefilled = found.state == ApplicationState.PREFILLED
    return RegisterEmployerPage(
        title="核对预填申请" if prefilled else "更正登记申请",
        inputs=inputs,
        groups=GROUPS,
        action=reverse("counter:correct-application", args=[found.pk]),
        back=Link("返回", reverse("counter:application", args=[found.pk])),
        deed="受理" if prefilled else "保存更正",
        key=Key.fresh(),
        refusals=refusals,
    )


def _row(found: Application) -> ApplicationRow:
    return ApplicationRow(
        id=found.pk,
        number=found.number,
        name=found.name,
        credit_code=found.credit_code,
        branch=found.branch.name,
        accepted_by=found.accepted_by,
        at=found.changed_at,
        state=ApplicationState(found.state),
    )
