"""Pages about who acts for an employer."""

from __future__ import annotations

from django.http import QueryDict

from hpf.casework.models import CaseState
from hpf.faces.counter.access import HandlerForm, MobileForm
from hpf.faces.counter.termination import Form
from hpf.faces.web import forms
from hpf.faces.web.shapes import access
from hpf.faces.web.shapes.frame import Link
from hpf.hall_access.handler_change import CARD_MISSING, LETTER_MISSING
from hpf.hall_access.termination import FORM_MISSING
from tests.unit.pages.ground import AT_FLOOR, COUNTER_FRAME, GAP, KEY, PORTAL_FRAME, PROBE, TODAY, YUAN, Sample

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
    "termination": Sample(
        "counter/termination.html",
        access.TerminationPage(1, PROBE, "51110000021401", "陈明", (), (), forms.inputs(Form), KEY),
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
            forms.inputs(Form, QueryDict(), (FORM_MISSING,)),
            KEY,
            (FORM_MISSING,),
        ),
        COUNTER_FRAME,
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
