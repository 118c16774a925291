"""What an employer is told, and how its handler is reached."""

from __future__ import annotations

from dataclasses import replace

from hpf.faces.portal.contact import CodeForm, EmailForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import messages as shapes
from hpf.faces.web.shapes.frame import Pager
from hpf.messaging.rules import address_refusals, code_wrong
from hpf.notices.models import DeliveryState
from tests.unit.pages.ground import KEY, NOW, PORTAL_FRAME, PROBE, Sample

TEXT = (("第一段", PROBE), ("第二段",))
INBOX = shapes.InboxPage(
    (
        shapes.InboxRow("/messages/7/", "2026年11月汇缴到账金额不足", NOW, unread=True, important=True, key=KEY),
        shapes.InboxRow("/messages/6/", PROBE, NOW, unread=False, important=False),
    ),
    Pager(1, 2, 2),
    unread_only=False,
    unread=1,
    key=KEY,
)
MESSAGE = shapes.MessagePage(
    "/messages/7/", PROBE, TEXT, 7, NOW, True, DeliveryState.READ, NOW, "欧阳建国"
)  # fmt: skip
CONTACT = shapes.ContactPage("138****1234", "", "", 30, forms.inputs(EmailForm) | forms.inputs(CodeForm), KEY, KEY, KEY)
_WRONG = (*address_refusals("王@例子"), code_wrong(3))

SAMPLES: dict[str, Sample] = {
    "messages": Sample("portal/messages.html", INBOX, replace(PORTAL_FRAME, unread=1), ("inbox",)),
    "messages-none": Sample(
        "portal/messages.html", replace(INBOX, rows=(), pager=Pager(0, 0, 0), unread_only=True, unread=0)
    ),
    "message": Sample("portal/message.html", MESSAGE),
    "message-unread": Sample(
        "portal/message.html",
        replace(MESSAGE, state=DeliveryState.UNREAD, settled_at=None, settled_by="", key=KEY),
        replace(PORTAL_FRAME, unread=120),
    ),
    "prompts": Sample(
        "portal/prompts.html",
        shapes.PromptsPage(
            (shapes.Prompt(7, "服务协议将变更", TEXT, NOW, KEY), shapes.Prompt(8, PROBE, TEXT, NOW, KEY))
        ),
    ),
    "contact": Sample("portal/contact.html", CONTACT),
    "contact-asked": Sample("portal/contact.html", replace(CONTACT, email="wang@example.com", asked="li@example.com")),
    "contact-refused": Sample(
        "portal/contact.html",
        replace(
            CONTACT,
            asked="li@example.com",
            inputs=forms.inputs(EmailForm, {"email": "王@例子"}, _WRONG) | forms.inputs(CodeForm, None, _WRONG),
            refusals=_WRONG,
        ),
    ),
}
