"""What an employer is told, and how its handler is reached."""

from __future__ import annotations

from dataclasses import replace

from hpf.faces.counter.letters import PostForm, TakeOutForm
from hpf.faces.counter.messages import TAKE_OUT, AgainForm
from hpf.faces.counter.wordings import WordingForm
from hpf.faces.counter.writing import WriteForm
from hpf.faces.portal.contact import CodeForm, EmailForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import messages as shapes
from hpf.faces.web.shapes.frame import Link, Pager
from hpf.messaging.models import DraftState
from hpf.messaging.operations import NO_LETTERS, REASON_MISSING
from hpf.messaging.rules import address_refusals, code_wrong, unknown_numbers, wording_refusals
from hpf.notices.models import DeliveryState
from hpf.notices.templates import Version, template
from hpf.notices.usage import Usage
from hpf.publications.rules import AnnouncementState
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PORTAL_FRAME, PROBE, TODAY, Sample
from tests.unit.pages.samples_publications import REVIEW

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
    "/messages/7/", PROBE, TEXT, 7, NOW, True, DeliveryState.READ, NOW, "欧阳建国", None, Link(PROBE, "/")
)  # fmt: skip
_ADDRESS = forms.inputs(EmailForm) | forms.inputs(CodeForm)
CONTACT = shapes.ContactPage("138****1234", "", True, "", 30, _ADDRESS, KEY, KEY, KEY)
_WRONG = (*address_refusals("王@例子"), code_wrong(3))

_ROW = shapes.DeliveryRow(
    "/counter/messages/deliveries/9/",
    NOW,
    PROBE,
    "/counter/employers/1/",
    "2026年11月汇缴已入账",
    "/counter/messages/7/",
    "手机短信",
    DeliveryState.FAILED,
)
_DELIVERIES = shapes.DeliveriesPage(
    (_ROW,), Pager(1, 1, None), (("", "全部"), ("sms", "手机短信")), (("", "全部"),), PROBE, "sms", "", can_write=True
)
_SENT = shapes.SentPage(
    7, PROBE, TEXT, "汇缴到账", 1, PROBE, "系统", NOW, "ab" * 32,
    (shapes.Tally("手机短信", DeliveryState.FAILED, 1200, "/"),), 1200, "/counter/messages/7/letters/", False, KEY,
)  # fmt: skip
_ANNOUNCEMENT = shapes.Announcement(
    AnnouncementState.SHOWN, NOW, "cd" * 32, "/counter/drafts/7/", "/publications/7/"
)  # fmt: skip
_UNKNOWN = (unknown_numbers(["511100000214", PROBE]),)
_BATCH = shapes.BatchRow(
    "2026-12",
    NOW,
    "李静",
    200,
    DeliveryState.PRINTED,
    "",
    "/counter/letters/4711/letters.pdf",
    "/counter/letters/4711/post/",
    KEY,
)
_LETTER = shapes.LetterRow(
    7, PROBE, "/counter/employers/1/", PROBE, "/counter/messages/7/", NOW, "这类通知都寄信", False, "/"
)  # fmt: skip
_LETTERS = shapes.LettersPage(
    420,
    200,
    (_LETTER, replace(_LETTER, id=8, is_over=True)),
    (_BATCH, replace(_BATCH, number="2026-11", state=DeliveryState.POSTED, proof=PROBE, key=None)),
    forms.inputs(PostForm) | forms.inputs(TakeOutForm),
    KEY,
)

_PREVIEW = shapes.Preview("2026年8月汇缴已入账", f"贵单位{PROBE}已入账", 2, TEXT)
_FAULTS = tuple(wording_refusals(template("booking-arrived"), Version(0, TODAY, "题", "{code}", "文"), (), TODAY))
_TEMPLATE = shapes.TemplatePage(
    PROBE,
    "{month}年月",
    _PREVIEW,
    (shapes.VersionLine(2, TODAY, PROBE), shapes.VersionLine(1, TODAY, "随程序提供")),
    (shapes.Switch("sms", "手机短信", True, KEY), shapes.Switch("mail", "电子邮件", False, KEY)),
    "站内消息",
    "/counter/templates/booking-arrived/edit/",
    "/counter/templates/booking-arrived/switch/",
)

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
            (
                shapes.Prompt(7, "服务协议将变更", TEXT, NOW, KEY),
                shapes.Prompt(8, PROBE, TEXT, NOW, KEY, Link("查看限制使用通知和申诉", "/restriction/")),
            )
        ),
    ),
    "contact": Sample("portal/contact.html", CONTACT),
    "contact-asked": Sample("portal/contact.html", replace(CONTACT, email="wang@example.com", asked="li@example.com")),
    "contact-beside-the-handler": Sample("portal/contact.html", replace(CONTACT, gets_mail=False)),
    "contact-refused": Sample(
        "portal/contact.html",
        replace(
            CONTACT,
            asked="li@example.com",
            inputs=forms.inputs(EmailForm, {"email": "王@例子"}, _WRONG) | forms.inputs(CodeForm, None, _WRONG),
            refusals=_WRONG,
        ),
    ),
    "deliveries": Sample("counter/deliveries.html", _DELIVERIES, COUNTER_FRAME, ("delivery-rows",)),
    "delivery": Sample(
        "counter/delivery.html",
        shapes.DeliveryPage(
            _ROW,
            (("已尝试", "3 次"), ("经过 1", PROBE)),
            "",
            forms.inputs(AgainForm, None, (REASON_MISSING,)),
            KEY,
            (REASON_MISSING,),
        ),
        COUNTER_FRAME,
    ),
    "letter-waiting": Sample(
        "counter/delivery.html",
        shapes.DeliveryPage(
            replace(_ROW, way="信函", state=DeliveryState.UNPRINTED), (), TAKE_OUT, forms.inputs(TakeOutForm), KEY
        ),
        COUNTER_FRAME,
    ),
    "sent": Sample("counter/sent.html", replace(_SENT, announcement=_ANNOUNCEMENT), COUNTER_FRAME),
    "write": Sample(
        "counter/write.html",
        shapes.WritePage(
            forms.inputs(WriteForm, {"numbers": PROBE}, _UNKNOWN),
            (("all", "全部单位"), ("1", PROBE)),
            "all",
            KEY,
            _UNKNOWN,
        ),
        COUNTER_FRAME,
    ),
    "mass-message": Sample(
        "counter/mass_message.html",
        shapes.MassPage(
            PROBE,
            TEXT,
            "选定的2个单位账号",
            ("511100000214", PROBE),
            "站内消息、手机短信",
            PROBE,
            DraftState.SUBMITTED,
            "/",
            REVIEW,
            replace(_ANNOUNCEMENT, state=AnnouncementState.WAITING, public=""),
            (shapes.Lacking("手机短信", "没有绑定手机的经办人", 12, "?lacking=sms"),),
            shapes.LackingList(
                "电子邮件：没有确认过的邮箱", (Link(PROBE, "/counter/employers/1/"),), Pager(1, 1, None)
            ),
        ),
        COUNTER_FRAME,
        ("lacking-rows",),
    ),
    "sent-letters-off": Sample("counter/sent.html", replace(_SENT, letters_off=True), COUNTER_FRAME),
    "letters": Sample("counter/letters.html", _LETTERS, COUNTER_FRAME),
    "letters-none": Sample(
        "counter/letters.html", replace(_LETTERS, waiting=0, letters=(), rows=(), refusals=(NO_LETTERS,)), COUNTER_FRAME
    ),
    "templates": Sample(
        "counter/templates.html",
        shapes.TemplatesPage((shapes.TemplateRow("/counter/templates/x/", PROBE, "手机短信、站内消息", "", 1, TODAY),)),
        COUNTER_FRAME,
    ),
    "template": Sample("counter/template.html", _TEMPLATE, COUNTER_FRAME),
    "template-looked-at": Sample("counter/template.html", replace(_TEMPLATE, edit="", switch=""), COUNTER_FRAME),
    "wording-edit": Sample(
        "counter/wording_edit.html",
        shapes.WordingEditPage(
            PROBE,
            "/counter/templates/x/",
            "/counter/templates/x/edit/",
            "{month}年月",
            forms.inputs(WordingForm, {"sms": PROBE}, _FAULTS),
            _PREVIEW,
            KEY,
            _FAULTS,
        ),
        COUNTER_FRAME,
    ),
    "wording": Sample(
        "counter/wording.html",
        shapes.WordingPage(PROBE, "/", DraftState.SUBMITTED, TODAY, PROBE, _PREVIEW, _PREVIEW, REVIEW),
        COUNTER_FRAME,
    ),
    "sms-usage": Sample(
        "counter/sms_usage.html",
        shapes.UsagePage(
            5000, "none", 12, (Usage(TODAY, 5200, 6100), Usage(TODAY, 20, 22)), (Usage(TODAY, 5220, 6122),)
        ),
        COUNTER_FRAME,
    ),
    "sms-usage-none": Sample("counter/sms_usage.html", shapes.UsagePage(5000, "smpp", 0, (), ()), COUNTER_FRAME),
}
