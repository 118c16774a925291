"""Pages about who acts for an employer."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from hpf.casework.models import CaseState, PreparedState
from hpf.casework.prepared import NOTE_MISSING
from hpf.casework.review import ReviewState
from hpf.faces.counter.access import HandlerForm, MobileForm
from hpf.faces.counter.grants import EndForm, GrantForm, OwnHandOverForm
from hpf.faces.counter.reviews import Decision
from hpf.faces.counter.termination import Form
from hpf.faces.counter.unlocking import UnlockForm
from hpf.faces.portal.prepared import ReturnForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import access
from hpf.faces.web.shapes.counter import ReviewTurn, ReviewView
from hpf.faces.web.shapes.frame import Download, Link
from hpf.faces.web.shapes.prepared import PreparedPage, PreparedRow, PreparedRowsPage
from hpf.hall_access.access_grant import BAD_DAY, NO_AGENT, VIEWERS_LEFT
from hpf.hall_access.handler_change import CARD_MISSING, LETTER_MISSING
from hpf.hall_access.models import GrantState
from hpf.hall_access.rules import NO_CHOICE, EmployerChoice
from hpf.hall_access.termination import FORM_MISSING, UNCONFIRMED
from hpf.hall_access.unlocking import CARD, REASON
from tests.unit.pages.ground import AT_FLOOR, COUNTER_FRAME, GAP, KEY, NOW, PORTAL_FRAME, PROBE, TODAY, YUAN, Sample

_MISSING = (LETTER_MISSING, CARD_MISSING)
_CASES = (
    access.HandoverCase(
        "26111000012",
        TODAY,
        "汇缴",
        "2026年11月汇缴",
        YUAN("415902.40"),
        "陈明",
        CaseState.AWAITING_PAYMENT,
        Link("查看", "/"),
    ),
    access.HandoverCase("26111000011", TODAY, "封存", PROBE, None, PROBE, CaseState.DONE, Link("回执", "/")),
)

_CONSEQUENCES = (f"{PROBE}的用户名 51110000021401 立即停用", "不能撤销")

_PREPARED = PreparedRow("/prepared/1/", PROBE, PROBE, NOW, "", None, "", PreparedState.WAITING)
_RETURNED = replace(_PREPARED, decider=PROBE, decided_at=NOW, note=PROBE, state=PreparedState.RETURNED)
_NOTE = forms.inputs(Decision)["note"]
_APPROVED = (ReviewTurn(ReviewState.APPROVED, PROBE, NOW, PROBE, NOW, PROBE),)
_DECIDED = ReviewView(_APPROVED, "", own=False, note=_NOTE, key=KEY)
_WAITING = ReviewView((ReviewTurn(ReviewState.PENDING, PROBE, NOW, "", None, ""),), "/decide/", False, _NOTE, KEY)
_GRANT = access.GrantPage(
    id=1,
    employer_id=1,
    employer=PROBE,
    title=f"复核人{PROBE}",
    state=GrantState.GRANTED,
    details=(("权限", "复核人"), ("姓名", PROBE)),
    files=(Download(PROBE, "/scan/", "PDF"),),
    review=_DECIDED,
    end_review=None,
    end_inputs=forms.inputs(EndForm),
    hand_over_inputs=forms.inputs(OwnHandOverForm),
    handed_out=True,
    key=KEY,
)

SAMPLES: dict[str, Sample] = {
    "handler": Sample(
        "counter/handler.html",
        access.HandlerPage(1, PROBE, "变更经办人", f"{PROBE}，手机 138****1234", forms.inputs(HandlerForm), KEY),
        COUNTER_FRAME,
    ),
    "handler-refused": Sample(
        "counter/handler.html",
        access.HandlerPage(
            1, PROBE, "登记经办人", "", forms.inputs(HandlerForm, QueryDict("handler_name=x"), _MISSING), KEY, _MISSING
        ),
        COUNTER_FRAME,
    ),
    "mobile": Sample(
        "counter/mobile.html",
        access.HandlerPage(1, PROBE, "变更手机号码", "陈明，手机 138****1234", forms.inputs(MobileForm), KEY),
        COUNTER_FRAME,
    ),
    "unlock": Sample(
        "counter/unlock.html",
        access.UnlockPage(
            1, 1, PROBE, (("姓名", PROBE),), (("输错验证码的次数过多", NOW),), forms.inputs(UnlockForm), KEY
        ),
        COUNTER_FRAME,
    ),
    "unlock-refused": Sample(
        "counter/unlock.html",
        access.UnlockPage(
            1,
            1,
            PROBE,
            (("姓名", "陈明"),),
            (("登录失败的次数过多", NOW),),
            forms.inputs(UnlockForm, QueryDict(), (CARD, REASON)),
            KEY,
            (CARD, REASON),
        ),
        COUNTER_FRAME,
    ),
    "unlock-nothing": Sample(
        "counter/unlock.html",
        access.UnlockPage(1, 1, PROBE, (("姓名", "陈明"),), (), {}, KEY),
        COUNTER_FRAME,
    ),
    "termination": Sample(
        "counter/termination.html",
        access.TerminationPage(1, PROBE, "51110000021401", "陈明", (), (), _CONSEQUENCES, forms.inputs(Form), KEY),
        COUNTER_FRAME,
    ),
    "termination-blocked": Sample(
        "counter/termination.html",
        access.TerminationPage(
            1,
            PROBE,
            "51110000021401",
            PROBE,
            (GAP,),
            (AT_FLOOR,),
            _CONSEQUENCES,
            forms.inputs(Form, QueryDict(), (FORM_MISSING, UNCONFIRMED)),
            KEY,
            (FORM_MISSING, UNCONFIRMED),
        ),
        COUNTER_FRAME,
    ),
    "grant-new": Sample(
        "counter/grant_new.html",
        access.NewGrantPage(
            1,
            PROBE,
            forms.inputs(GrantForm, QueryDict("duty=agent&starts_on=x"), (*_MISSING, NO_AGENT, BAD_DAY)),
            KEY,
            (*_MISSING, NO_AGENT, BAD_DAY),
        ),
        COUNTER_FRAME,
    ),
    "grant": Sample("counter/grant.html", _GRANT, COUNTER_FRAME),
    "grant-ending": Sample(
        "counter/grant.html",
        replace(_GRANT, end_review=_WAITING, end_inputs={}, hand_over_inputs={}, files=(), refusals=(VIEWERS_LEFT,)),
        COUNTER_FRAME,
    ),
    "choose": Sample(
        "portal/choose.html",
        access.ChoosePage(
            (
                EmployerChoice(1, PROBE, "511100000214", is_own=True, is_chosen=True),
                EmployerChoice(2, "另一个单位", "511100000215", is_own=False, is_chosen=False),
            ),
            "/roster/",
            (NO_CHOICE,),
        ),
        replace(PORTAL_FRAME, handler=replace(PORTAL_FRAME.handler, employer="", duty="", chooses=True), menu=()),
    ),
    "prepared": Sample("portal/prepared.html", PreparedRowsPage((_PREPARED, _RETURNED)), PORTAL_FRAME),
    "prepared-none": Sample("portal/prepared.html", PreparedRowsPage(()), PORTAL_FRAME),
    "prepared-approving": Sample(
        "portal/prepared_act.html",
        PreparedPage(
            1,
            _PREPARED,
            (("年月", "2026年11月"), ("职工", PROBE)),
            Link("看本月试算", "/declare/"),
            None,
            True,
            False,
            forms.inputs(ReturnForm, QueryDict("note="), (NOTE_MISSING,)),
            KEY,
            (NOTE_MISSING,),
        ),
        PORTAL_FRAME,
    ),
    "prepared-preparing": Sample(
        "portal/prepared_act.html",
        PreparedPage(1, _PREPARED, (), Link("看花名册", "/roster/"), None, False, True, {}, KEY),
        PORTAL_FRAME,
    ),
    "prepared-own": Sample(
        "portal/prepared_act.html",
        PreparedPage(1, _PREPARED, (), Link("看花名册", "/roster/"), None, False, False, {}, KEY, is_own=True),
        PORTAL_FRAME,
    ),
    "prepared-returned": Sample(
        "portal/prepared_act.html",
        PreparedPage(1, _RETURNED, (), Link("看花名册", "/roster/"), Link("查看", "/"), False, False, {}, KEY),
        PORTAL_FRAME,
    ),
    "handover": Sample(
        "portal/handover.html",
        access.HandoverPage(
            f"您自2026-11-10起担任贵单位的网厅经办人，前任经办人{PROBE}。",
            _CASES,
            (("单位账户 511100000214 应汇缴年月", "2026年11月"), ("2026年11月汇缴期限", "2026-11-15")),
            (("单位账户 511100000214 暂存款余额", "1,204.00 元"),),
            _CASES,
            140,
            KEY,
        ),
        PORTAL_FRAME,
    ),
    "handover-empty": Sample(
        "portal/handover.html", access.HandoverPage("没有交接。", (), (), (), (), 0), PORTAL_FRAME
    ),
}
