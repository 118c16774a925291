"""消息: the inbox, one message, and what is confirmed before anything else opens."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.answers import see_other
from hpf.faces.web.door import HallRequest
from hpf.faces.web.entering import PROMPTED_COOKIE
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.message_words import paragraphs
from hpf.faces.web.pages import own_address, page
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.messages import InboxPage, InboxRow, MessagePage, Prompt, PromptsPage
from hpf.kernel import Key, Refused
from hpf.messaging import own, queries
from hpf.notices.models import Delivery, DeliveryState
from hpf.storage import reading

ROWS = 20
_LEADS_TO = {
    "restriction": ("查看限制使用通知和申诉", "portal:restriction"),
    "restriction-lifted": ("查看限制使用通知", "portal:restriction"),
    "appeal-answered": ("查看答复", "portal:restriction"),
    "inquiry-answered": ("查看咨询建议", "portal:inquiries"),
}
"""Template of a message: the page of the hall that it speaks of."""
_ABOVE_EVERY_PAGE = ("closure-announced",)
"""Templates of what the frame of each page says, with the time that is left."""


def messages(request: HallRequest) -> HttpResponse:
    """The messages of the employer, newest first; those that nobody has read alone, if so chosen."""
    unread = request.GET.get("show") == "unread"
    inbox, keyset = queries.Inbox(unread), Keyset.of(request, ROWS)
    found = keyset.page(inbox.after, inbox.before)
    shape = InboxPage(
        rows=tuple(map(_row, found.rows)),
        pager=keyset.pager(found, lambda row: row.pk),
        unread_only=unread,
        unread=request.frame.unread,
        key=Key.fresh(),
    )
    return page(request, "portal/messages.html", shape)


def message(request: HallRequest, delivery_id: int) -> HttpResponse:
    """One message. Opening it from the list is a POST: that it was read is an act, and kept."""
    here = reverse("portal:message", args=[delivery_id])
    if request.method == "POST":
        with reading(request.actor):
            if queries.in_the_hall(delivery_id) is None:
                raise Http404
        with suppress(Refused):  # read before, in another window, or by who only looks: it opens all the same
            own.read_messages(
                [delivery_id],
                by=request.actor,
                key=forms.read_key(request.POST),
                today=request.today,
                now=request.visit.now,
            )
        return see_other(here)
    found = queries.in_the_hall(delivery_id)
    if found is None:
        raise Http404
    return page(request, "portal/message.html", _page(found))


def read_all(request: HallRequest) -> HttpResponse:
    """All that are unread count as read."""
    own.read_messages(
        [], by=request.actor, key=forms.read_key(request.POST), today=request.today, now=request.visit.now
    )
    return see_other(reverse("portal:messages"))


def prompts(request: HallRequest) -> HttpResponse:
    """What is confirmed before anything else opens. Who only looks is shown it once, before the first page."""
    wanted = own_address(request, (request.POST or request.GET).get("next", ""), reverse("portal:home"))
    if request.method == "POST":
        number = forms.record_number(request.POST.get("delivery", "")) or 0
        with suppress(Refused):  # confirmed before, in another window
            own.confirm_message(
                number, by=request.actor, key=forms.read_key(request.POST), today=request.today, now=request.visit.now
            )
        return see_other(f"{reverse('portal:prompts')}?{urlencode({'next': wanted})}")
    waiting = queries.prompts(request.visit.moment)
    if not waiting:
        return HttpResponseRedirect(wanted)
    shape = PromptsPage(
        tuple(
            Prompt(one.pk, one.title, paragraphs(one.text), one.sent_at, Key.fresh(), _leads_to(one)) for one in waiting
        ),
        next=wanted,
    )
    response = page(request, "portal/prompts.html", shape)
    response.set_cookie(PROMPTED_COOKIE, str(waiting[-1].pk), httponly=True, samesite="Lax")
    return response


def unseen_prompt(request: HallRequest) -> bool:
    """Whether something waits that this browser has not been shown since its login: asked for who only looks."""
    seen = request.COOKIES.get(PROMPTED_COOKIE, "")
    return request.frame.prompt > (forms.record_number(seen) or 0)


def shown_links(request: HallRequest) -> tuple[Link, ...]:
    """What the center shows on the first page (服务页面展示), and not above every page."""
    found = queries.shown(request.visit.now, request.visit.moment, _ABOVE_EVERY_PAGE)
    return tuple(Link(one.title, reverse("portal:message", args=[one.pk])) for one in found)


def _leads_to(one: Delivery) -> Link | None:
    label, name = _LEADS_TO.get(one.template, ("", ""))
    return Link(label, reverse(name)) if name else None


def _row(one: Delivery) -> InboxRow:
    unread = one.state == DeliveryState.UNREAD
    href = reverse("portal:message", args=[one.pk])
    return InboxRow(href, one.title, one.sent_at, unread, one.important, Key.fresh() if unread else None)


def _page(one: Delivery) -> MessagePage:
    return MessagePage(
        href=reverse("portal:message", args=[one.pk]),
        title=one.title,
        paragraphs=paragraphs(one.text),
        number=one.message_id,
        sent_at=one.sent_at,
        important=one.important,
        state=DeliveryState(one.state),
        settled_at=one.settled_at,
        settled_by=one.settled_by,
        key=Key.fresh() if one.state == DeliveryState.UNREAD else None,
        leads_to=_leads_to(one),
    )
