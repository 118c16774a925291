"""Questions and suggestions: the handler's pages and the desk's."""

from __future__ import annotations

from dataclasses import replace

from hpf.faces.counter.inquiries import AnswerForm, ForwardForm
from hpf.faces.portal.inquiries import AgainForm, AskForm, RateForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import inquiries as shapes
from hpf.faces.web.shapes.frame import Fact, Link, Pager
from hpf.inquiries.queries import Shelf
from hpf.inquiries.rules import InquiryState, TurnKind
from hpf.kernel import Refusal
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PORTAL_FRAME, PROBE, TODAY, Sample

OPEN = shapes.InquiryRow(
    "/questions/7/", f"新职工何时缴存{PROBE}", "咨询", InquiryState.OPEN, TODAY, TODAY, -2, "城区管理部", None, PROBE
)
ANSWERED = replace(OPEN, state=InquiryState.ANSWERED, days_left=3, rating=5)
TURNS = tuple(shapes.InquiryTurn(kind, f"第一行{PROBE}\n第二行", PROBE, NOW) for kind in TurnKind)
WRONG = Refusal("INQUIRY-EMPTY", "未填写内容", remedy="请填写内容", where="text")
TABS = tuple(Link(one.label, f"/counter/inquiries/?shelf={one.value}") for one in Shelf)
AGAIN_AND_RATE = {**forms.inputs(AgainForm), **forms.inputs(RateForm)}
DESK = shapes.InquiryDeskView(
    OPEN,
    Link(PROBE, "/counter/employers/7/"),
    TURNS,
    forms.inputs(AnswerForm),
    forms.inputs(ForwardForm),
    "/counter/inquiries/7/answer/",
    "/counter/inquiries/7/forward/",
    "",
    KEY,
)

SAMPLES: dict[str, Sample] = {
    "inquiries": Sample(
        "portal/inquiries.html",
        shapes.InquiriesPage((OPEN, ANSWERED), forms.inputs(AskForm, None, (WRONG,)), KEY, (WRONG,)),
        PORTAL_FRAME,
    ),
    "inquiry-open": Sample(
        "portal/inquiry.html", shapes.InquiryPage(OPEN, TURNS, AGAIN_AND_RATE, "", "", KEY), PORTAL_FRAME
    ),
    "inquiry-answered": Sample(
        "portal/inquiry.html",
        shapes.InquiryPage(ANSWERED, TURNS, AGAIN_AND_RATE, "/questions/7/again/", "/questions/7/rate/", KEY),
        PORTAL_FRAME,
    ),
    "counter-inquiries": Sample(
        "counter/inquiries.html",
        shapes.InquiryDeskPage(
            (OPEN, ANSWERED),
            Pager(1, 2, None),
            (Fact("待答复", "1", "件", TABS[0].href), Fact("平均评分（3 次）", "4.7", "分")),
            TABS,
            TABS[0].href,
            "open",
            (("", "全部网点"), ("1", "城区管理部")),
            "",
        ),
        COUNTER_FRAME,
        ("inquiry-desk",),
    ),
    "counter-inquiry": Sample("counter/inquiry.html", DESK, COUNTER_FRAME),
    "counter-inquiry-answered": Sample(
        "counter/inquiry.html",
        replace(DESK, row=ANSWERED, answer="", forward="", publish="/counter/publications/new/question/?inquiry=7"),
        COUNTER_FRAME,
    ),
}
