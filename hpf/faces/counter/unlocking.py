"""解除登录锁定: somebody who tried too often stands at the counter with his identity card."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from hpf.faces.web import forms
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.access import UnlockPage
from hpf.hall_access.unlocking import locks, unlock_handler
from hpf.kernel import Key, Refusal
from hpf.kernel.identity import mask_identity, mask_mobile
from hpf.registry.codes import Duty
from hpf.registry.models import Handler
from hpf.storage import reading

_TEMPLATE = "counter/unlock.html"


# How the form is shown. It is read by the operation alone, which says everything that is wrong at once.
@dataclass(frozen=True, slots=True)
class UnlockForm:
    card_seen: bool = ask("已核对本人身份证原件", forms.tick())
    reason: str = ask("原因", forms.text(200), hint="本人陈述的情况，例如“忘记密码，试错多次”")


def unlock(request: HallRequest, handler_id: int) -> HttpResponse:
    """What keeps a user of an employer's out; end it."""
    if request.method != "POST":
        return page(request, _TEMPLATE, _page(request, handler_id))
    with reading(request.actor):
        _user(handler_id)
    given = request.POST
    return posted(
        request,
        lambda key: unlock_handler(
            handler_id,
            given.get("reason", ""),
            card_seen=bool(given.get("card_seen")),
            by=request.actor,
            visit=request.visit,
            key=key,
        ),
        lambda _: reverse("counter:unlock", args=[handler_id]),
        lambda refusals: page(request, _TEMPLATE, _page(request, handler_id, given, tuple(refusals))),
    )


def _user(handler_id: int) -> Handler:
    user = Handler.objects.select_related("employer").filter(pk=handler_id, active=True).first()
    if user is None:
        raise Http404
    return user


def _page(
    request: HallRequest, handler_id: int, given: QueryDict | None = None, refusals: tuple[Refusal, ...] = ()
) -> UnlockPage:
    user = _user(handler_id)
    found = locks(user, request.visit.now)
    return UnlockPage(
        handler_id=handler_id,
        employer_id=user.employer_id,
        employer=user.employer.name,
        person=(
            (Duty(user.duty).label, user.name),
            ("身份证号码", mask_identity(user.identity_number)),
            ("绑定手机", mask_mobile(user.mobile)),
            ("用户名", user.user_name),
        ),
        locks=tuple((lock.what, lock.until) for lock in found),
        inputs=forms.inputs(UnlockForm, given, refusals) if found or refusals else {},
        key=Key.fresh(),
        refusals=refusals,
    )
