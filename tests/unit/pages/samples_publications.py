"""What is published: for everybody, for the handler, at its desk."""

from __future__ import annotations

from datetime import date

from hpf.casework.review import ReviewState
from hpf.faces.counter.publication_editor import ContentForm
from hpf.faces.counter.publications import TakeDownForm
from hpf.faces.counter.reviews import Decision
from hpf.faces.portal.acknowledging import AcknowledgementForm
from hpf.faces.web import forms
from hpf.faces.web.markdown import rendered
from hpf.faces.web.shapes import publications as shapes
from hpf.faces.web.shapes.counter import ReviewTurn, ReviewView
from hpf.faces.web.shapes.frame import Download, Link, Pager
from hpf.kernel import Refusal
from hpf.publications.rules import DraftState, Kind
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PROBE, PUBLIC_FRAME, Sample

TEXT = f"""## 一、办理条件

已在柜台登记，{PROBE}。见[办事指南](/publications/)和[外站](https://example.com/)。

| 材料 | 份数 |
|---|--:|
| 申请表 | 2 |

1. 填写申请表
2. 到网点办理
"""

READING = shapes.Reading(
    "公告",
    f"关于调整缴存基数的公告{PROBE}",
    2,
    date(2026, 12, 1),
    NOW,
    rendered(TEXT),
    f"写明依据{PROBE}",
    "66c7f0f4" * 8,
    (Download(f"附件1{PROBE}.pdf", "/publications/7/2/0/", "PDF", "120 KB"),),
)
VERSIONS = (
    shapes.VersionRow("/publications/7/2/", 2, NOW, date(2026, 12, 1), f"写明依据{PROBE}", current=True),
    shapes.VersionRow("/publications/7/1/", 1, NOW, date(2026, 11, 1), "", current=False),
)
ROWS = tuple(
    shapes.PublicationRow(
        f"/publications/{at}/", "公告", f"第{at}号公告{PROBE}", at == 1, NOW, date(2026, 12, at), at == 2
    )
    for at in range(1, 5)
)
TABS = (Link("全部", "/publications/"), *(Link(kind.label, f"/publications/?kind={kind}") for kind in Kind))
WRONG = Refusal("PUBLICATION-TITLE", "未填写标题", remedy="请填写标题", where="title")
REVIEW = ReviewView(
    turns=(ReviewTurn(ReviewState.PENDING, PROBE, NOW, "", None, ""),),
    decide="/counter/drafts/7/decide/",
    own=False,
    note=forms.inputs(Decision)["note"],
    key=KEY,
)

SAMPLES: dict[str, Sample] = {
    "publications": Sample(
        "public/publications.html",
        shapes.PublicationsPage(
            ROWS, Pager(1, 4, None, "", "/publications/?after=4"), TABS, TABS[1].href, "announcement", PROBE
        ),
        PUBLIC_FRAME,
        ("publication-rows",),
    ),
    "publications-none": Sample(
        "public/publications.html",
        shapes.PublicationsPage((), Pager(0, 0, 0), TABS, TABS[0].href, "", PROBE),
        PUBLIC_FRAME,
    ),
    "publication": Sample(
        "public/publication.html",
        shapes.PublicationPage(READING, Link("公告", TABS[1].href), VERSIONS, upcoming=True),
        PUBLIC_FRAME,
    ),
    "publication-former": Sample(
        "public/publication.html",
        shapes.PublicationPage(READING, TABS[1], VERSIONS, superseded=Link(f"现行{PROBE}", "/publications/7/")),
        PUBLIC_FRAME,
    ),
    "acknowledge": Sample(
        "portal/acknowledge.html",
        shapes.AcknowledgePage(forms.inputs(AcknowledgementForm), KEY, READING, 7, 2),
        PUBLIC_FRAME,
    ),
    "counter-publications": Sample(
        "counter/publications.html",
        shapes.PublicationDeskPage(
            tuple(
                shapes.DeskLine("/counter/publications/7/", "公告", PROBE, state, PROBE, NOW, "第2版，登录后须确认")
                for state in DraftState
            ),
            Pager(1, 4, None),
            (("", "全部"), *((one.value, one.label) for one in Kind)),
            "",
            tuple(Link(one.label, f"/counter/publications/new/{one}/") for one in Kind),
        ),
        COUNTER_FRAME,
        ("publication-desk",),
    ),
    "counter-publication": Sample(
        "counter/publication.html",
        shapes.PublicationHistoryPage(
            "公告",
            PROBE,
            VERSIONS,
            (shapes.DraftLine("/counter/drafts/7/", PROBE, DraftState.PUBLISHED, PROBE, NOW),),
            "/counter/publications/7/revise/",
            forms.inputs(TakeDownForm),
            "/counter/publications/7/take-down/",
            KEY,
            "现行第2版已有 3 名经办人确认",
        ),
        COUNTER_FRAME,
    ),
    "counter-draft": Sample(
        "counter/publication_draft.html",
        shapes.DraftPage(
            DraftState.SUBMITTED,
            "/counter/publications/7/",
            READING,
            (("发布时间", "复核通过即发布"), ("生效日期", "2026-12-01"), ("本版说明", PROBE)),
            REVIEW,
            "",
            "/counter/drafts/7/turn/",
            (("take_back", "撤回"),),
            KEY,
            "共812字，其中721字（88%）在新文本中不再出现",
            "/counter/messages/drafts/7/",
        ),
        COUNTER_FRAME,
    ),
    "counter-editor": Sample(
        "counter/publication_editor.html",
        shapes.EditorPage(
            "新拟公告",
            "/counter/publications/new/announcement/",
            "/counter/publications/",
            forms.inputs(ContentForm, {"title": PROBE, "text": TEXT}, (WRONG,)),
            (("66" * 32, f"附件1{PROBE}.pdf", True),),
            KEY,
            READING,
            True,
            (WRONG,),
        ),
        COUNTER_FRAME,
    ),
}
