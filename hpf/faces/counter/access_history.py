"""经办人与网厅 on an employer's page: how access stands, what was done about it, what the reader may do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.contrib.auth.hashers import is_password_usable
from django.urls import reverse

from hpf.access_restriction.rules import RestrictionKind
from hpf.evidence import events_about
from hpf.faces.counter.permissions import WHO
from hpf.faces.web.environment import moment
from hpf.faces.web.shapes.counter import AccessEvent
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.states import Access
from hpf.hall_access.queries import changes, terminations
from hpf.kernel import Actor
from hpf.registry.models import Handler

_HANDED_OUT = {"reissue_initial_password": "打印密码函发放", "send_initial_password": "短信发到绑定手机"}


def access_of(handler: Handler | None, withheld: Collection[RestrictionKind]) -> Access:
    """How access stands, in one word. ``withheld``: what is in force for breach."""
    if handler is None or RestrictionKind.ENDED in withheld:
        return Access.ENDED
    if RestrictionKind.SUSPENDED in withheld:
        return Access.SUSPENDED
    if not is_password_usable(handler.password_hash):
        return Access.TO_HAND_OUT
    return Access.INITIAL if handler.must_change_password else Access.OPEN


def handed_out(handler: Handler) -> str:
    """How, by whom and when somebody was given the initial password with which he has not come in yet."""
    acts = (one for one in events_about(f"handler:{handler.pk}") if one.act in _HANDED_OUT)
    told = [f"{one.actor_name}于{moment(one.at)}{_HANDED_OUT[one.act]}" for one in acts][:1]
    return "，".join((*told, f"有效期至{moment(handler.initial_password_expires_at)}"))


def history_of(employer_id: int) -> tuple[AccessEvent, ...]:
    """Changes of handler and mobile and terminations, newest first."""
    found = [
        *((one.changed_on, one.changed_by, one.case) for one in changes(employer_id)),
        *((one.ended_on, one.ended_by, one.case) for one in terminations(employer_id)),
    ]
    newest_first = sorted(found, key=lambda one: one[2].number, reverse=True)
    return tuple(
        AccessEvent(on, case.title, by, Link("办件", reverse("counter:case", args=[case.number])))
        for on, by, case in newest_first
    )


def acts_for(actor: Actor, employer_id: int, handler: Handler | None) -> tuple[Link, ...]:
    """What the actor's roles let him do about an employer's access."""
    return tuple(
        Link(label, reverse(f"counter:{name}", args=[number]))
        for name, number, label in _acts(employer_id, handler)
        if WHO[name][0].roles & actor.roles
    )


def _acts(employer_id: int, handler: Handler | None) -> Iterator[tuple[str, int, str]]:
    yield "handler", employer_id, "变更经办人" if handler else "登记经办人"
    if handler:
        yield "mobile", employer_id, "变更手机号码"
        yield "unlock", handler.pk, "解除登录锁定"
        yield "grant-new", employer_id, "设立办理权限"
        yield "termination", employer_id, "终止使用网厅"
        yield "restriction-new", employer_id, "限制使用"
