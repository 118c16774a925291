"""Whom a message for many will not reach as the register stands: asked before a second person lets it out."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from hpf.faces.web.door import HallRequest
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.shapes.frame import Link
from hpf.faces.web.shapes.messages import Lacking, LackingList
from hpf.messaging.models import MassMessage
from hpf.messaging.queries import Without, reach
from hpf.notices.messages import IN_THE_HALL
from hpf.notices.templates import Way
from hpf.registry.models import UnitAccount

ROWS = 50
_HALL = ("hall", "网厅内的方式", "没有在职经办人，无人登录查看")
_WHYS = {
    "sms": (Way.SMS.label, "没有绑定手机的经办人"),
    "mail": (Way.MAIL.label, "没有确认过的邮箱"),
    "letter": (Way.LETTER.label, "没有登记通信地址"),
}


def lacking(message: MassMessage) -> tuple[int, tuple[Lacking, ...]]:
    """How many employers a message is for, and how many of them each of its ways will not reach."""
    every, no_handler, no_mail, no_post = reach(message.branch_id, _chosen(message))
    counts = {"hall": no_handler, "sms": no_handler, "mail": no_mail, "letter": no_post}
    found = (Lacking(way, why, counts[code], f"?lacking={code}") for code, way, why in _ways(message))
    return every, tuple(one for one in found if one.count)


def listed(request: HallRequest, message: MassMessage) -> LackingList | None:
    """The employers that the way in the address will not reach, ``None`` where it names none of the message's."""
    asked = request.GET.get("lacking", "")
    way = next((f"{way}：{why}" for code, way, why in _ways(message) if code == asked), "")
    if not way:
        return None
    keyset = Keyset.of(request, ROWS)
    without = Without(message.branch_id, _chosen(message), way=asked)
    found = keyset.page(without.after, without.before)
    rows = tuple(Link(name, reverse("counter:employer", args=[number])) for number, name in found.rows)
    return LackingList(way, rows, keyset.pager(found, lambda one: one[0]))


def _ways(message: MassMessage) -> Iterator[tuple[str, str, str]]:
    if set(message.ways) & {way.value for way in IN_THE_HALL}:
        yield _HALL
    for code, (way, why) in _WHYS.items():
        if code in message.ways:
            yield code, way, why


def _chosen(message: MassMessage) -> tuple[int, ...] | None:
    if not message.numbers:
        return None
    found = UnitAccount.objects.filter(number__in=message.numbers)
    return tuple(found.order_by("employer_id").values_list("employer_id", flat=True).distinct())
