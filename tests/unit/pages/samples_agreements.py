"""The pages about the agreement: read, compared, accepted, refused, drafted, reviewed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from hpf.agreement.differences import difference
from hpf.agreement.queries import demonstration_text
from hpf.casework.review import ReviewState
from hpf.faces.web import forms
from hpf.faces.web.components_page import sample as components
from hpf.faces.web.forms import Reader, ask
from hpf.faces.web.shapes import agreements, public
from hpf.kernel import Refusal
from hpf.kernel.wording import wording
from hpf.registry.codes import AgreementDocument
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PROBE, PUBLIC_FRAME, TODAY, Sample, refusals_of


@dataclass(frozen=True, slots=True)
class Accept:
    accepted: bool = ask("我已阅读并代表本单位接受以上协议，特别注意到免除或限制责任的条款", forms.tick())


@dataclass(frozen=True, slots=True)
class Version:
    document: str = ask("文件", forms.choice(AgreementDocument.choices))
    number: str = ask("版本号", forms.text(40), hint="如 2026-1")
    effective_on: date = ask("生效日期", forms.day())
    summary: str = ask("变更说明", forms.text(500, kind="textarea"))
    file: object = ask("选择文件，或拖到这里", forms.file(), required=False)
    text: str = ask("或粘贴正文", Reader(str, kind="textarea", max_length=200_000, style="long"))
    binding: str = ask("约束单位的条款", forms.text(200, kind="textarea"), required=False)
    loss_confirmed: bool = ask("我已核对新文本：原文的一半以上确实不再需要", forms.tick(), required=False)


OLD = demonstration_text()
NEW = OLD.replace("网厅实际提供的事项以页面所列为准。", f"网厅实际提供的事项以公告为准。{PROBE}").replace(
    "8.3 不接受", "8.3 历次版本由中心长期保存。\n\n8.4 不接受"
)
DIGEST = "66c7f0f4" * 8
TEXT = wording(OLD)
READ = public.AgreementPage(
    inputs=forms.inputs(Accept),
    key=KEY,
    refusal_key=KEY,
    document=AgreementDocument.AGREEMENT,
    action="/agreement/",
    next="/",
    title=TEXT.title,
    version="演示-1",
    effective_on=date(2026, 7, 1),
    summary="首次公布",
    digest=DIGEST,
    chapters=TEXT.chapters,
)
ROWS = tuple(
    public.VersionRow(number, "服务协议", f"2026-{number}", TODAY, TODAY, state, f"改了一条。{PROBE}", DIGEST)
    for number, state in ((3, "即将生效"), (2, "现行"), (1, "历史"))
)
LISTED = (public.DocumentVersions("服务协议", ROWS), public.DocumentVersions("程序接入专项规则", ROWS[1:2]))
COMING = public.ComingVersion("服务协议", "2026-3", TODAY, "调整了热线的开通时间。", "/agreements/3/")
REVIEW = components().review
DRAFT = agreements.DraftPage(
    document="服务协议",
    number="2026-3",
    effective_on=TODAY,
    summary=f"调整了热线的开通时间。{PROBE}",
    digest=DIGEST,
    title=TEXT.title,
    chapters=TEXT.chapters,
    clause_count=TEXT.clause_count,
    compared_with="2026-2",
    difference=difference(OLD, NEW),
    review=REVIEW,
    key=KEY,
    binding=(("1.2", "用户应当保密。"), ("6.1(1)", PROBE)),
    loss="共8,412字，其中7,209字（85%）在新文本中不再出现",
    loss_confirmed="版本2026-2的原文共8,412字，其中7,209字（85%）在新文本中不再出现",
    asked=forms.inputs(Version)["loss_confirmed"],
    withdraw="/counter/agreements/3/withdraw/",
)
FORM = agreements.DraftForm(
    forms.inputs(Version), KEY, "/counter/agreements/new/", "/counter/agreements/", TODAY, 7, True
)
TYPED = QueryDict("number=2026-3&effective_on=x")

SAMPLES: dict[str, Sample] = {
    "agreement": Sample("public/agreement.html", READ, PUBLIC_FRAME),
    "agreement-changed": Sample(
        "public/agreement.html",
        replace(READ, compared_with="演示-1", difference=difference(OLD, NEW), summary=f"改了两条。{PROBE}"),
        PUBLIC_FRAME,
    ),
    "agreement-same-words": Sample(
        "public/agreement.html", replace(READ, compared_with="演示-1", difference=difference(OLD, OLD)), PUBLIC_FRAME
    ),
    "agreement-accepted": Sample(
        "public/agreement.html",
        replace(READ, summary="", accepted_at=NOW, accepted_by="陈思远", certificate="/agreement/acceptances/7/"),
        PUBLIC_FRAME,
    ),
    "agreement-rule": Sample(
        "public/agreement.html",
        replace(READ, document=AgreementDocument.TWO_STEP, action="/agreement/rules/two_step/", next="/sheet/1/"),
        PUBLIC_FRAME,
    ),
    "agreement-refused": Sample(
        "public/agreement_refused.html",
        public.AgreementRefusedPage((("市中区管理部", "示范路1号", "工作日 9:00—17:00"), (PROBE, "", ""))),
        PUBLIC_FRAME,
    ),
    "agreements": Sample("public/agreements.html", public.AgreementsPage(LISTED), PUBLIC_FRAME),
    "agreements-none": Sample("public/agreements.html", public.AgreementsPage(()), PUBLIC_FRAME),
    "agreement-version": Sample(
        "public/agreement_version.html",
        public.AgreementVersionPage(ROWS[1], TEXT.title, TEXT.chapters, "/agreements/2/text/"),
        PUBLIC_FRAME,
    ),
    "counter-agreements": Sample(
        "counter/agreements.html",
        agreements.VersionsPage(
            tuple(
                agreements.DraftRow(number, "服务协议", f"2026-{number}", TODAY, PROBE, state)
                for number, state in enumerate((ReviewState.PENDING, ReviewState.RETURNED, None), start=4)
            ),
            LISTED,
            may_draft=True,
        ),
        COUNTER_FRAME,
    ),
    "counter-agreements-none": Sample(
        "counter/agreements.html", agreements.VersionsPage((), (), may_draft=False), COUNTER_FRAME
    ),
    "counter-agreement-version": Sample(
        "counter/agreement_version.html",
        public.AgreementVersionPage(ROWS[1], TEXT.title, TEXT.chapters, ""),
        COUNTER_FRAME,
    ),
    "agreement-edit": Sample("counter/agreement_edit.html", FORM, COUNTER_FRAME),
    "agreement-edit-refused": Sample(
        "counter/agreement_edit.html",
        replace(
            FORM,
            inputs=forms.inputs(Version, TYPED, refusals_of(Version, TYPED)),
            refusals=refusals_of(Version, TYPED),
            is_new=False,
            asks_loss=True,
        ),
        COUNTER_FRAME,
    ),
    "agreement-draft": Sample("counter/agreement_draft.html", DRAFT, COUNTER_FRAME),
    "agreement-draft-back": Sample(
        "counter/agreement_draft.html",
        replace(
            DRAFT,
            withdraw="",
            edit="/counter/agreements/3/edit/",
            published="/counter/agreements/versions/3/",
            difference=None,
            refusals=(Refusal("REVIEW-OWN-WORK", "不能复核自己经办的业务"),),
        ),
        COUNTER_FRAME,
    ),
}
