"""The center's branches and the foot of its pages, as the counter keeps them."""

from __future__ import annotations

from hpf.faces.counter.details import CenterForm, NewBranchForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import details as shapes
from hpf.kernel import Refusal
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PROBE, Sample
from tests.unit.pages.samples_publications import REVIEW

WRONG = Refusal("DETAILS-DIGITS", "网站标识码“12”不符", "应为10位数字", "请改正", where="site_code")

SAMPLES: dict[str, Sample] = {
    "counter-details": Sample(
        "counter/details.html",
        shapes.DetailsPage(
            (("主办单位", PROBE), ("ICP备案号", "")),
            (shapes.BranchLine(PROBE, PROBE, "周一至周五", "0833-2123456", "/counter/details/branches/1/"),),
            (shapes.ChangeLine("/counter/details/changes/7/", f"网点变更：{PROBE}", PROBE, PROBE, NOW, None),),
            edits=True,
        ),
        COUNTER_FRAME,
    ),
    "counter-details-none": Sample("counter/details.html", shapes.DetailsPage((), (), (), edits=False), COUNTER_FRAME),
    "counter-details-form": Sample(
        "counter/details_form.html",
        shapes.DetailsFormPage(
            "更正页脚和中心信息",
            forms.inputs(CenterForm, {"name": PROBE, "site_code": "12"}, (WRONG,)),
            "/counter/details/center/",
            KEY,
            (WRONG,),
        ),
        COUNTER_FRAME,
    ),
    "counter-details-new": Sample(
        "counter/details_form.html",
        shapes.DetailsFormPage("新增网点", forms.inputs(NewBranchForm), "/counter/details/branches/new/", KEY),
        COUNTER_FRAME,
    ),
    "counter-details-change": Sample(
        "counter/details_change.html",
        shapes.DetailsChangePage(
            f"网点变更：{PROBE}",
            (("地址", PROBE, "嘉定中路2号", True), ("电话", "", "", False)),
            PROBE,
            f"{PROBE} 2026-11-10 09:12 提出",
            REVIEW,
        ),
        COUNTER_FRAME,
    ),
}
