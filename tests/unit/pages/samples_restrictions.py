"""What is withheld for breach: for the handler, and at the counter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hpf.access_restriction.rules import AppealState, Standing, withheld
from hpf.faces.counter.restrictions import AnswerForm, LiftingForm, PaperAppealForm, ProposalForm
from hpf.faces.portal.restriction import AppealForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import errors
from hpf.faces.web.shapes import restrictions as shapes
from hpf.faces.web.shapes.frame import Download
from hpf.kernel import Refusal
from hpf.registry.codes import HallFunction
from tests.unit.pages.ground import COUNTER_FRAME, KEY, PORTAL_FRAME, PROBE, PUBLIC_FRAME, Sample
from tests.unit.pages.samples_publications import REVIEW

DAY = date(2026, 11, 10)
FACTS = shapes.RestrictionFacts(
    7,
    Standing.IN_FORCE,
    "限制单项业务",
    "开户、汇缴",
    f"{PROBE}用程序批量抓取页面",
    "第6.1(1)条",
    "(1) 使用程序批量抓取页面，或绕过页面提交数据；",
    "自2026年11月10日起，至中心解除为止",
)
PAST = replace(FACTS, id=6, standing=Standing.LIFTED, lifted=f"2026-11-03 解除：{PROBE}")
APPEAL = shapes.AppealView(AppealState.OPEN, PROBE, "2026-11-10 在网厅提交", DAY, 0)
ANSWERED = replace(APPEAL, state=AppealState.REJECTED, answer=PROBE, answered="2026-11-12 答复")
WRONG = Refusal("APPEAL-TEXT", "未填写申诉理由", remedy="请写明申诉理由", where="text")
TOLD = (shapes.RestrictionTold(FACTS, None, DAY, True), shapes.RestrictionTold(FACTS, APPEAL, DAY, False))
PAGE = shapes.RestrictionPage(
    facts=FACTS,
    employer_id=3,
    employer=PROBE,
    version="一",
    proposed=f"{PROBE} 2026-11-10",
    evidence=(Download(PROBE, "/counter/restrictions/7/evidence/0/", "PNG"),),
    has_paper=True,
    review=REVIEW,
    can_withdraw=False,
    appeal=APPEAL,
    appeal_id=9,
    answering=forms.inputs(AnswerForm),
    appealing={},
    liftings=(),
    lift=forms.inputs(LiftingForm),
    history=(("2026-11-10 09:12", "提出限制使用", PROBE),),
    key=KEY,
)

SAMPLES: dict[str, Sample] = {
    "restriction": Sample(
        "portal/restriction.html",
        shapes.RestrictionsToldPage(False, TOLD, (shapes.RestrictionTold(PAST, ANSWERED, DAY, False),)),
        PORTAL_FRAME,
    ),
    "restriction-suspended": Sample(
        "portal/restriction.html",
        shapes.RestrictionsToldPage(True, (replace(TOLD[0], facts=replace(FACTS, title="中止使用")),), ()),
        PUBLIC_FRAME,
    ),
    "restriction-none": Sample("portal/restriction.html", shapes.RestrictionsToldPage(False, (), ()), PORTAL_FRAME),
    "restriction-appeal": Sample(
        "portal/restriction_appeal.html",
        shapes.AppealPage(False, FACTS, DAY, DAY, forms.inputs(AppealForm, None, (WRONG,)), KEY, (WRONG,)),
        PORTAL_FRAME,
    ),
    "withheld": Sample(
        "errors/withheld.html",
        errors.ErrorPage(
            "汇缴现在不能在网厅办理",
            "您刚才的操作没有办理。",
            "",
            "7F3A-92C4",
            "/restriction/",
            (withheld(HallFunction.REMITTANCE),),
        ),
        PUBLIC_FRAME,
    ),
    "counter-restrictions": Sample(
        "counter/restrictions.html",
        shapes.RestrictionDeskPage(
            (shapes.RestrictionRow(7, PROBE, FACTS.scope, FACTS.clause, FACTS.until, FACTS.standing, PROBE),),
            tuple(shapes.AppealRow(7, PROBE, FACTS.scope, DAY, DAY, left) for left in (-2, 0, 4)),
            over=False,
        ),
        COUNTER_FRAME,
    ),
    "counter-restrictions-past": Sample(
        "counter/restrictions.html", shapes.RestrictionDeskPage((), (), over=True), COUNTER_FRAME
    ),
    "counter-restriction-new": Sample(
        "counter/restriction_new.html",
        shapes.RestrictionNewPage(3, PROBE, "一", forms.inputs(ProposalForm), KEY),
        COUNTER_FRAME,
    ),
    "counter-restriction": Sample("counter/restriction.html", PAGE, COUNTER_FRAME),
    "counter-restriction-lifting": Sample(
        "counter/restriction.html",
        replace(
            PAGE,
            appeal=None,
            answering={},
            appealing=forms.inputs(PaperAppealForm),
            review=replace(REVIEW, decide=""),
            liftings=(shapes.LiftingView(PROBE, f"{PROBE} 2026-11-10 提出", REVIEW),),
            lift={},
            can_withdraw=True,
        ),
        COUNTER_FRAME,
    ),
}
