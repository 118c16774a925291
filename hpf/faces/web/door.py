"""The doors: every address says who may use it, and a request comes in as somebody or not at all.

``door("roster/", views.roster, "roster", HANDLER)`` is a URL pattern whose view is called with ``request.actor``,
``request.visit``, ``request.today`` and ``request.frame`` set. A GET runs in one read-only transaction of the actor, so
that no GET can change anything; a POST opens none: it calls one operation, which opens its own. What a page or a file
proves by being opened the door itself keeps, once it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.urls import Resolver404, URLPattern, path, resolve, reverse
from django.utils.cache import add_never_cache_headers

from hpf import evidence, policy
from hpf.access_restriction.rules import withheld
from hpf.agreement import queries as agreement
from hpf.channels.hours import in_force
from hpf.channels.rules import refusal_of, stopping
from hpf.faces.web import pages
from hpf.faces.web.exports import Export, record_export
from hpf.faces.web.frames import LOST, frame_for
from hpf.faces.web.limits import limits
from hpf.faces.web.shapes.frame import Frame
from hpf.faces.web.watch import subjects_of
from hpf.hall_access import operations as access
from hpf.hall_access.looking import STOPPED as LOOKING_STOPPED
from hpf.hall_access.looking import look
from hpf.hall_access.models import LookingState
from hpf.hall_access.rules import CHINA, Principal, Stage, Visit
from hpf.kernel import Actor, Channel, Refusal
from hpf.kernel.actor import TWO_STEPS
from hpf.registry.codes import AgreementDocument, Duty, HallFunction, Role
from hpf.registry.queries import own_accounts
from hpf.storage import durable, reading

READS = ("GET", "HEAD")
REFUSED = 422
_FILES = ("FILE-", "SCAN-", "PUBLICATION-FILE-")
_DENIED = frozenset(
    {
        "ACCESS-ENDED",
        "APPEAL-OWN-DECISION",
        "PUBLICATION-OWN-WORK",
        "REVIEW-OWN-WORK",
        "STAFF-ROLE",
        "STAFF-SELF",
        "TWO-STEPS-ONE-PERSON",
    }
)
_RULES_OF = {TWO_STEPS: AgreementDocument.TWO_STEP, Duty.AGENT.value: AgreementDocument.AGENCY}
_PAGE_OF = {
    "portal": {
        Stage.MUST_CHANGE_PASSWORD: "first-password",
        Stage.MUST_CHOOSE: "portal:choose",
        Stage.SUSPENDED: "portal:restriction",
        Stage.MUST_ACCEPT_AGREEMENT: "agreement",
        Stage.MUST_ACKNOWLEDGE: "portal:acknowledge",
        Stage.MUST_CONFIRM: "portal:prompts",
    },
    "counter": {
        Stage.MUST_CHANGE_PASSWORD: "counter:password",
        Stage.MUST_ENROL: "counter:enrol",
        Stage.MUST_BE_RELEASED: "counter:unreleased",
    },
}
_LEADING_ON = frozenset((Stage.MUST_CHOOSE, Stage.MUST_ACCEPT_AGREEMENT, Stage.MUST_ACKNOWLEDGE, Stage.MUST_CONFIRM))
"""The stages whose page goes on to what was asked for."""


class HallRequest(HttpRequest):
    """A request that came in by a door: who asks (``actor``, ``principal``), whence and when, inside which frame.

    ``token`` is the session's, ``""`` where nobody is logged in; ``export`` the file that a view makes, if any;
    ``opened`` the operation that keeps that its page was opened, where that proves something.
    Made by ``door``, never by hand.
    """

    principal: Principal | None
    actor: Actor
    visit: Visit
    today: date
    token: str
    frame: Frame
    export: Export | None
    opened: Callable[[], None] | None


@dataclass(frozen=True, slots=True)
class Who:
    """Who may use an address. ``side`` is public, portal or counter; ``stages`` those in which it is open.

    ``stranger`` is the actor as whom a public address works for whoever asks. ``duties``: who of an employer's users
    may send something there; the others may look at the page. ``into``: the side that one enters by this page; who is
    there already is led on to what he wanted.
    """

    label: str
    side: str
    stages: frozenset[Stage] = frozenset((Stage.OPEN,))
    roles: frozenset[Role] = frozenset()
    stranger: Actor = Actor.ANONYMOUS
    duties: frozenset[Duty] = frozenset()
    into: str = ""


PUBLIC = Who("公众", "public")
LOGIN = Who("公众", "public", into="portal")
STAFF_LOGIN = Who("公众", "public", into="counter")
ENTERING = Who("登录中的经办人", "portal", frozenset(Stage))
SETTING_PASSWORD = Who("须设置密码的经办人", "portal", frozenset((Stage.MUST_CHANGE_PASSWORD,)))
UNCONFIRMED = frozenset((Stage.MUST_CONFIRM, Stage.OPEN))
ACCEPTING = Who("已设置密码的经办人", "portal", UNCONFIRMED | {Stage.MUST_ACCEPT_AGREEMENT, Stage.MUST_ACKNOWLEDGE})
ACKNOWLEDGING = Who("须确认公告的经办人", "portal", frozenset((Stage.MUST_ACKNOWLEDGE,)))
CHOOSING = Who("选择单位的代办人", "portal", frozenset(Stage) - {Stage.MUST_CHANGE_PASSWORD, Stage.MUST_ENROL})
NOTIFIED = Who("经办人，使用被中止的也在内", "portal", UNCONFIRMED | {Stage.SUSPENDED})
HANDLER = Who("经办人", "portal")
LOGGED_IN = Who("经办人，有通知待确认的也在内", "portal", UNCONFIRMED)
OWN = Who("本人", "portal", UNCONFIRMED, duties=frozenset(Duty) - {Duty.AGENT})
ACTING = Who("办理业务的经办人", "portal", duties=frozenset((Duty.HANDLER, Duty.AGENT)))
ANSWERING = Who("代表单位确认的经办人", "portal", UNCONFIRMED, duties=ACTING.duties)
APPEALING = Who("提出申诉的经办人，使用被中止的也在内", "portal", NOTIFIED.stages, duties=ACTING.duties)
APPROVING = Who("复核人", "portal", duties=frozenset((Duty.APPROVER,)))
STAFF = Who("中心工作人员", "counter")
STAFF_ENTERING = Who("登录中的工作人员", "counter", frozenset(Stage))
STAFF_SETTING_PASSWORD = Who("须设置密码的工作人员", "counter", frozenset((Stage.MUST_CHANGE_PASSWORD,)))
STAFF_UNRELEASED = Who("等待放行的工作人员", "counter", frozenset((Stage.MUST_BE_RELEASED,)))
STAFF_ENROLLING = Who("须开通验证器的工作人员", "counter", frozenset((Stage.MUST_ENROL,)))


def staff(*roles: Role) -> Who:
    """Staff with one of these roles."""
    return Who("、".join(role.label for role in roles), "counter", roles=frozenset(roles))


def door(
    route: str,
    view: Callable[..., HttpResponse],
    name: str,
    who: Who,
    methods: tuple[str, ...] = ("GET",),
    *,
    needs_rule: AgreementDocument | None = None,
    function: str = "",
    signed: Callable[[HttpRequest], bool] | None = None,
) -> URLPattern:
    """A URL pattern that lets in whom ``who`` names, by the methods given (HEAD comes with GET).

    ``needs_rule``: a function with a special rule (专项规则) of its own, which its handler accepts at its first use.
    ``function`` is what the address does and can be closed for a time (`hpf.channels`): then it shows and
    takes nothing. What has begun before goes on to its end. ``signed`` tells a machine that signs what it sends from a
    page's form; the view proves the signature.
    """

    def answer(request: HallRequest, **arguments: Any) -> HttpResponse:
        if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
            return _not_taken(request, who, methods)
        if _holds_nul(request):
            raise SuspiciousOperation("a NUL character, which no keyboard types")
        principal = _come_in(request, who)
        turned_away = (
            _too_often(request, name, who)
            or _turned_away(request, who, principal)
            or _to_rule(request, who, _rules_for(request.actor, who, needs_rule))
            or _held_back(request, who, name, arguments)
        )
        response = turned_away or _answer(request, who, function, view, arguments)
        _note_refused(request, response)
        if request.export and response.status_code == 200 and request.method != "HEAD":
            record_export(request, _view_name(request, name))
        if request.opened and response.status_code == 200 and request.method == "GET":
            request.opened()
        add_never_cache_headers(response)
        return _for_the_window(request, response)

    answer.who = who  # type: ignore[attr-defined]  # the house test walks all patterns and reads it
    answer.methods = methods  # type: ignore[attr-defined]
    answer.function = function  # type: ignore[attr-defined]
    answer.signed = signed  # type: ignore[attr-defined]
    return path(route, answer, name=name)


def cookie_name(side: str) -> str:
    """The session cookie of the portal or of the counter; bound to the host where the hall is served by https."""
    prefix = "__Host-" if settings.CSRF_COOKIE_SECURE else ""
    return f"{prefix}{'hall' if side == 'portal' else 'staff'}"


def remember(response: HttpResponse, side: str, token: str) -> HttpResponse:
    """Give the browser the session's token."""
    secure = settings.CSRF_COOKIE_SECURE
    response.set_cookie(cookie_name(side), token, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


def forget(response: HttpResponse, side: str) -> HttpResponse:
    """Take the session's token back, and with it whatever the browser kept of the pages."""
    response.delete_cookie(cookie_name(side), path="/")
    return clear(response)


def clear(response: HttpResponse) -> HttpResponse:
    """Take back whatever the browser kept of the pages."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the last hop that is none of our own proxies."""
    hops: list[str] = [request.META.get("REMOTE_ADDR", "")]
    hops += [hop.strip() for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")) if hop.strip()]
    trusted: tuple[str, ...] = settings.HALL.trusted_proxies
    plain = [_plain(hop) for hop in hops]
    return next((hop for hop in plain if hop not in trusted), plain[-1])[:60]


def _plain(hop: str) -> str:
    """An IPv4 address as such, also where a socket of both kinds writes it as IPv6: ``::ffff:203.0.113.7``."""
    try:
        address = ip_address(hop)
    except ValueError:
        return hop
    return str(getattr(address, "ipv4_mapped", None) or hop)


def _holds_nul(request: HttpRequest) -> bool:
    """Whether an address or a form holds the one character that PostgreSQL's text cannot."""
    given = (value for fields in (request.GET, request.POST) for _, values in fields.lists() for value in values)
    return "\0" in request.path or any("\0" in value for value in given)


def _polls(request: HttpRequest) -> bool:
    """Whether a page asks by itself, every few seconds (``hall.js`` says so), and nobody does anything."""
    return request.headers.get("HX-Poll") == "true"


def is_in(request: HttpRequest, who: Who) -> bool:
    """Whether a browser is logged in and past its first steps: asked before anyone reads what it sends."""
    token = request.COOKIES.get(cookie_name(who.side), "")
    principal = _principal(token, who, _visit(request, policy.business_day()), renews=False)
    return principal is not None and principal.stage is Stage.OPEN


def _come_in(request: HallRequest, who: Who) -> Principal | None:
    today = policy.business_day()
    visit = _visit(request, today)
    token = request.COOKIES.get(cookie_name(who.side), "") if who.side != "public" else ""
    principal = _principal(token, who, visit, renews=not _polls(request))
    request.visit, request.today, request.token, request.export, request.opened = visit, today, token, None, None
    request.principal, request.actor = principal, principal.actor if principal else who.stranger
    return principal


def _visit(request: HttpRequest, today: date) -> Visit:
    agent = request.headers.get("User-Agent", "")[:200]
    return Visit(address=address_of(request), agent=agent, now=datetime.now(CHINA), today=today)


def _principal(token: str, who: Who, visit: Visit, *, renews: bool) -> Principal | None:
    """Whose token it is; nobody's where a handler's stands in the staff's cookie, or the other way round."""
    principal = access.principal(token, visit, renews=renews) if token else None
    return principal if principal and principal.actor.is_staff == (who.side == "counter") else None


def _too_often(request: HallRequest, name: str, who: Who) -> HttpResponse | None:
    """Whoever asks an address more often than its budget allows has to wait; the first time is an event."""
    principal = request.principal
    asker = f"{principal.actor.kind}:{principal.actor.id}" if principal else request.visit.network
    reads = request.method in READS
    answer = limits.spend(_view_name(request, name), who.side, asker, reads=reads)
    if not answer.wait:
        return None
    if answer.is_news:
        _note(request, "asked_too_often", refused=answer.refused)
    return pages.too_often(request, answer.wait)


def _turned_away(request: HallRequest, who: Who, principal: Principal | None) -> HttpResponse | None:
    if who.into and request.method in READS:
        return _led_on(request, STAFF if who.into == "counter" else HANDLER)
    if who.side == "public":
        return None
    if principal is None and _polls(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})  # the page as a whole goes to the login
    if principal is None:
        login = "counter:login" if who.side == "counter" else "login"
        return _first(request, who, reverse(login))
    if principal.stage is not Stage.OPEN and principal.stage not in who.stages:
        return _to_stage(request, who, principal.stage)
    if who.roles and not who.roles & principal.actor.roles:
        _note(request, "access_refused")
        with reading(principal.actor):
            request.frame = frame_for(request, who.side)
        return pages.apology(request, 403)
    return None


def _led_on(request: HallRequest, inside: Who) -> HttpResponse | None:
    """Who has logged in meanwhile, in another window, goes on to what he wanted to open. Who asked for the login itself
    gets it, to come in as somebody else; so does who is short of ``inside``, where no page need offer to log out."""
    wanted = request.GET.get("next", "")
    if not wanted or not is_in(request, inside):
        return None
    return _go(request, pages.own_address(request, wanted, _page_of(inside, Stage.OPEN)))


def _to_stage(request: HallRequest, who: Who, stage: Stage) -> HttpResponse:
    """To the page of a stage, which leads back wherever it leads on."""
    address = _page_of(who, stage)
    return _first(request, who, address) if stage in _LEADING_ON else _go(request, address)


def _first(request: HallRequest, who: Who, address: str) -> HttpResponse:
    """To a page that stands before the one that was asked for, and leads back to it."""
    wanted = _behind(request, who)
    return _go(request, address + (f"?{urlencode(wanted)}" if wanted else ""))


def _behind(request: HallRequest, who: Who) -> dict[str, str]:
    """What such a page leads back to: the page that was asked for, where it is not home, to which all of them go; or
    that on which a form stood that was sent too late, with the word that it was not taken. Who leaves has left."""
    if request.method in READS:
        wanted = request.get_full_path()
        return {"next": wanted} if wanted != _page_of(who, Stage.OPEN) else {}
    if who in (ENTERING, STAFF_ENTERING):
        return {}
    before = urlsplit(pages.own_address(request, request.headers.get("Referer", ""), ""))
    try:
        opens = "GET" in getattr(resolve(before.path).func, "methods", ())
    except Resolver404:
        opens = False
    there = {"next": before._replace(scheme="", netloc="", fragment="").geturl()} if opens else {}
    return {LOST: "1", **there}


def _not_taken(request: HttpRequest, who: Who, methods: tuple[str, ...]) -> HttpResponse:
    """An address that takes no such thing. A browser asks for one that is only sent to where a form came back with
    refusals and is loaded again: it is told, and led on."""
    answer = HttpResponseNotAllowed(methods)
    if request.method in READS:
        home = reverse("counter:home") if who.side == "counter" else "/"
        answer.content = pages.apology(request, 405, home).content
    return answer


def _held_up(request: HallRequest, who: Who) -> HttpResponse | None:
    """A handler for whom all else is open may still have to acknowledge a notice, or to confirm a message, first.

    A message stands before each page that is opened, and takes nothing from under the hands of who was at work when it
    came: what was typed on a page that stood open is sent.
    """
    if request.principal is None or request.principal.stage is not Stage.OPEN or who.side == "public":
        return None
    stage = _stage_of(request)
    if stage is Stage.MUST_CONFIRM and (request.method not in READS or request.headers.get("HX-Request") == "true"):
        stage = Stage.OPEN
    if stage in who.stages:
        return None
    return _to_stage(request, who, stage)


def _stage_of(request: HallRequest) -> Stage:
    """How far a handler has come with what the frame has asked for; who only looks has nothing to confirm."""
    if request.frame.must_acknowledge:
        return Stage.MUST_ACKNOWLEDGE
    acts = any(duty in request.actor.roles for duty in ANSWERING.duties)
    return Stage.MUST_CONFIRM if request.frame.prompt and acts else Stage.OPEN


def _page_of(who: Who, stage: Stage) -> str:
    """Where somebody at a stage goes on: to the one page that is open for it, or home."""
    if stage in _PAGE_OF[who.side]:
        return reverse(_PAGE_OF[who.side][stage])
    return reverse("counter:home") if who.side == "counter" else "/"


def _rules_for(actor: Actor, who: Who, needed: AgreementDocument | None) -> list[AgreementDocument]:
    """The special rules that stand before an address: that of its function, and where somebody acts, those of the way
    in which he does. A rule of a way of acting binds nobody who acts in another, or only looks here."""
    own = {rule: role in actor.roles for role, rule in _RULES_OF.items()}
    wanted = [needed] if needed and own.get(needed, True) else []
    ways = own.items() if who in (ACTING, APPROVING) and who.duties & _duties(actor) else ()
    return wanted + [rule for rule, is_his in ways if is_his and rule is not needed]


def _to_rule(request: HallRequest, who: Who, documents: list[AgreementDocument]) -> HttpResponse | None:
    """To the first special rule of which its handler has not accepted the version in force."""
    if not documents or request.actor.id is None:
        return None
    with reading(request.actor):
        accepted = [agreement.has_accepted(request.actor.id, one, request.today) for one in documents]
    if all(accepted):
        return None
    return _first(request, who, reverse("agreement-rule", args=[documents[accepted.index(False)].value]))


def _held_back(request: HallRequest, who: Who, name: str, arguments: dict[str, Any]) -> HttpResponse | None:
    """Whoever looks up too many different records has to say what for; who goes on and on finds nothing any more."""
    if request.principal is None or request.principal.stage is not Stage.OPEN:
        return None
    state = LookingState.FREE
    for subject in subjects_of(_view_name(request, name), request, arguments, partial(_own_accounts, request.actor)):
        state = look(subject, token=request.token, by=request.actor, visit=request.visit)
        if state is not LookingState.FREE:
            break
    else:
        return None
    if state is LookingState.ASKED:
        side = "counter" if request.actor.is_staff else "portal"
        return _first(request, who, reverse(f"{side}:looking"))
    with reading(request.actor):
        request.frame = frame_for(request, "counter" if request.actor.is_staff else "portal")
    return pages.stopped(request, LOOKING_STOPPED)


def _own_accounts(actor: Actor, numbers: Collection[str]) -> frozenset[str]:
    with reading(actor):
        return own_accounts(numbers)


def _view_name(request: HallRequest, name: str) -> str:
    return request.resolver_match.view_name if request.resolver_match else name


def _closed(request: HallRequest, who: Who, function: str) -> HttpResponse | None:
    """A function that is closed now shows its page, greyed and with the reason, and refuses what is sent to it."""
    channel, moment = Channel(who.side), request.visit.moment
    table = in_force(request.frame.timetables, channel, function, moment.date())
    request.frame = replace(request.frame, hours=table.sentence if table else "")
    closure = stopping(request.frame.closures, channel, function, moment) if function else None
    if closure is None:
        return None
    request.frame = replace(request.frame, closed=refusal_of(closure))
    return None if request.method in READS else pages.closed(request, closure, moment)


def _only_looks(request: HallRequest, who: Who) -> HttpResponse | None:
    """Who does not act here sees the page, greyed and with the reason; what he sends is refused, and is an event."""
    duties = _duties(request.actor)
    if not who.duties or who.duties & duties:
        return None
    request.frame = replace(request.frame, closed=looks_only(duties))
    if request.method in READS:
        return None
    return pages.apology(request, 403)


def _duties(actor: Actor) -> set[Duty]:
    return {duty for duty in Duty if duty in actor.roles}


def looks_only(duties: set[Duty]) -> Refusal:
    """Why somebody of these duties does not act here."""
    if Duty.AGENT in duties:
        what, why = "登录安全在您自己的单位办理", "您现在是代办人，用的是您自己单位的登录"
        return Refusal("ACCESS-LOOKS-ONLY", what, why, "请先切换到您自己的单位")
    label = "、".join(sorted(duty.label for duty in duties))
    return Refusal(
        "ACCESS-LOOKS-ONLY", "这里只能查看", f"您在贵单位是{label}，不在这里办理", "需要办理的，请由单位相应的人员登录"
    )


def _withheld(request: HallRequest, function: str) -> HttpResponse | None:
    """A function that is withheld from the employer for breach: greyed with the reason, and refused when it is sent."""
    if request.principal is None or not function or function not in request.principal.limited:
        return None
    refusal = withheld(HallFunction(function))
    request.frame = replace(request.frame, closed=refusal, closed_more="portal:restriction")
    return None if request.method in READS else pages.withheld(request, refusal)


def _answer(
    request: HallRequest, who: Who, function: str, view: Callable[..., HttpResponse], arguments: dict[str, Any]
) -> HttpResponse:
    side = "public" if not request.principal else "counter" if request.actor.is_staff else "portal"
    try:
        with reading(request.actor):
            request.frame = frame_for(request, side)
            held_up = (
                _held_up(request, who)
                or _closed(request, who, function)
                or _withheld(request, function)
                or _only_looks(request, who)
            )
            if held_up is None and request.method in READS:
                return view(request, **arguments)
        if held_up:
            if held_up.status_code == 403:
                _note(request, "access_refused")
            return held_up
        return view(request, **arguments)
    except Http404:
        if request.principal:
            _note(request, "asked_for_nothing")
        raise


def _note_refused(request: HallRequest, response: HttpResponse) -> None:
    """A file that was not taken, and an act that one may do only for others, or no more, are events too."""
    if request.principal is None or response.status_code != REFUSED:
        return
    refusals: tuple[Refusal, ...] = getattr(response, "refusals", ())
    codes = [one.code for one in refusals]
    if request.FILES:
        why = [one.why for one in refusals if one.code.startswith(_FILES)]
        _note(request, "refuse_upload", codes=codes, files=len(request.FILES), why=why)
    elif denied := [code for code in codes if code in _DENIED]:
        _note(request, "refuse_act", codes=denied)


def _note(request: HallRequest, act: str, **more: object) -> None:
    """Every refused access, and every question for what is not there or not one's own, is an event."""
    with durable(request.actor, suspended_too=True):
        evidence.record(
            act,
            by=request.actor,
            today=request.today,
            subject=f"url:{request.path[:200]}",
            detail={"method": request.method, **more},
        )


def _for_the_window(request: HallRequest, response: HttpResponse) -> HttpResponse:
    """Who asks for a part of a page and is sent elsewhere, or held off with a page of its own, goes there as a whole:
    htmx would put a page inside the page, or leave everything as it was."""
    if request.headers.get("HX-Request") != "true" or _polls(request) or request.method not in READS:
        return response
    if isinstance(response, HttpResponseRedirectBase):
        return _go(request, response.url)
    return _go(request, request.get_full_path()) if response.status_code in (403, 429) else response


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
