"""Rules of publishing: what a text must have before anybody else looks at it, and by which words it is found. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from hpf.kernel import Refusal
from hpf.kernel.loss import loss

BASIS = "《单位公积金缴存网上业务大厅服务协议》2.7(4)、9.1"
LONGEST_TITLE = 60
LONGEST_TEXT = 100_000
MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024


class Kind(StrEnum):
    """What is published, in the order of the public page."""

    ANNOUNCEMENT = "announcement"
    POLICY = "policy"
    GUIDE = "guide"
    MANUAL = "manual"
    FORM = "form"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _LABELS[self]


_LABELS = {
    Kind.ANNOUNCEMENT: "公告",
    Kind.POLICY: "政策",
    Kind.GUIDE: "办事指南",
    Kind.MANUAL: "操作手册",
    Kind.FORM: "表格下载",
    Kind.QUESTION: "常见问题",
}

MAY_BE_IMPORTANT = frozenset({Kind.ANNOUNCEMENT, Kind.POLICY})
"""What a handler can be made to acknowledge: what changes what holds between him and the center."""


class DraftState(StrEnum):
    """Where a draft stands."""

    WRITING = "writing"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _DRAFT_LABELS[self]


_DRAFT_LABELS = {
    DraftState.WRITING: "拟稿中",
    DraftState.SUBMITTED: "待复核",
    DraftState.PUBLISHED: "已发布",
    DraftState.DROPPED: "已作废",
}


class AnnouncementState(StrEnum):
    """Where the announcement of a message (网页公告) stands."""

    WAITING = "waiting"
    SHOWN = "shown"
    REPLACED = "replaced"
    TAKEN_DOWN = "taken_down"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _ANNOUNCEMENT_LABELS[self]


_ANNOUNCEMENT_LABELS = {
    AnnouncementState.WAITING: "待发布",
    AnnouncementState.SHOWN: "展示中",
    AnnouncementState.REPLACED: "已改版",
    AnnouncementState.TAKEN_DOWN: "已下线",
    AnnouncementState.DROPPED: "未发布",
}


class FileType(StrEnum):
    """The files that may be offered for download: media type by its value."""

    PDF = "application/pdf"
    WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {FileType.PDF: "PDF", FileType.WORKBOOK: "Excel", FileType.DOCUMENT: "Word"}[self]


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that comes with a text; its content lies among the attachments under ``digest`` (SM3, hex)."""

    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be published. ``text`` is Markdown.

    Without ``publish_at`` it goes out when it is approved; without ``effective_on`` it holds from that day; without
    ``take_down_at`` it stays. ``change_summary`` says what has changed since the version before.
    """

    title: str
    text: str
    change_summary: str = ""
    important: bool = False
    effective_on: date | None = None
    publish_at: datetime | None = None
    take_down_at: datetime | None = None
    files: tuple[FileEntry, ...] = field(default=())

    @property
    def canonical(self) -> Mapping[str, object]:
        """What a reader sees, for the digest."""
        return {"title": self.title, "text": self.text, "files": [asdict(file) for file in self.files]}


WROTE_IT = Refusal(
    "PUBLICATION-OWN-WORK",
    "不能复核自己参与撰写的稿件",
    "撰写与复核须为两人，参与过修改的都算撰写人",
    "请由没有参与撰写的工作人员复核",
    "中心业务规则，经办与复核分离",
)
NOT_WRITING = Refusal(
    "PUBLICATION-NOT-WRITING",
    "这一稿现在不能修改",
    "已提交复核、已发布或已作废的稿件不再改动",
    "提交复核的可先撤回，已发布的请另拟新版",
)
OPEN_DRAFT = Refusal(
    "PUBLICATION-OPEN-DRAFT",
    "这项内容已有一稿在拟",
    "同一项内容同时只拟一稿",
    "请在已有的那一稿上修改",
)
NOT_UP = Refusal("PUBLICATION-NOT-UP", "这项内容现在没有对外发布", remedy="请刷新页面，核对现在的状态")
REASON_MISSING = Refusal(
    "PUBLICATION-REASON", "未填写下线原因", "下线须说明理由，并留存备查", "请写明下线原因", where="reason"
)
NOTHING_TO_ACKNOWLEDGE = Refusal(
    "PUBLICATION-ACKNOWLEDGED",
    "这份公告不需要您确认",
    "您已确认过，或公告已更新、已下线",
    "请刷新页面，按现在显示的公告办理",
)


def against(kind: Kind, content: Content, *, former: str | None = None, loss_confirmed: bool = False) -> list[Refusal]:
    """Everything that keeps a content from being kept as a draft. ``where`` is the field's name in `Content`.

    ``former`` is the text of the version before, ``loss_confirmed`` says that most of it is meant to go.
    """
    return [
        *_against_words(content, is_first=former is None),
        *([] if former is None or loss_confirmed else _against_loss(former, content.text)),
        *_against_times(content),
        *_against_files(kind, content),
        *_against_importance(kind, content),
    ]


def against_day(content: Content, published_on: date) -> list[Refusal]:
    """That nothing holds before it is known: what keeps a content from going out on a day."""
    if content.effective_on is None or content.effective_on >= published_on:
        return []
    return [
        Refusal(
            "PUBLICATION-BACKDATED",
            f"生效日期{content.effective_on}早于发布日期{published_on}",
            "通告、声明在发布后生效",
            "请退回修改：改为发布当日或以后的日期，或留空",
            BASIS,
            where="effective_on",
        )
    ]


def _against_loss(former: str, text: str) -> list[Refusal]:
    found = loss(former, text)
    if not found.is_heavy:
        return []
    return [
        Refusal(
            "PUBLICATION-LOSS",
            f"上一版正文{found.sentence}",
            "少了一半以上，可能是贴错了文字，或没有贴全",
            "请核对正文；确实要改成这样的，请勾选确认后重新保存",
            where="loss_confirmed",
        )
    ]


def _against_words(content: Content, *, is_first: bool) -> list[Refusal]:
    refusals = []
    if not content.title.strip():
        refusals.append(Refusal("PUBLICATION-TITLE", "未填写标题", remedy="请填写标题", where="title"))
    if len(content.title) > LONGEST_TITLE:
        refusals.append(
            Refusal("PUBLICATION-TITLE", f"标题超过{LONGEST_TITLE}字", remedy="请缩短标题", where="title"),
        )
    if not content.text.strip():
        refusals.append(Refusal("PUBLICATION-TEXT", "未填写正文", remedy="请填写正文", where="text"))
    if len(content.text) > LONGEST_TEXT:
        refusals.append(
            Refusal("PUBLICATION-TEXT", f"正文超过{LONGEST_TEXT:,}字", remedy="请分篇，或改为附件", where="text")
        )
    if not is_first and not content.change_summary.strip():
        refusals.append(
            Refusal(
                "PUBLICATION-CHANGE",
                "未说明本版改动",
                "新版须写明与上一版的不同",
                "请用一两句话说明改了什么",
                where="change_summary",
            )
        )
    return refusals


def _against_times(content: Content) -> list[Refusal]:
    begins, ends = content.publish_at, content.take_down_at
    if begins is None or ends is None or begins < ends:
        return []
    return [
        Refusal(
            "PUBLICATION-TIMES",
            "下线时间不晚于发布时间",
            "内容要先发布才能下线",
            "请改正发布或下线时间",
            where="take_down_at",
        )
    ]


def _against_files(kind: Kind, content: Content) -> list[Refusal]:
    if kind is Kind.FORM and not content.files:
        return [Refusal("PUBLICATION-FILES", "表格没有附件", remedy="请上传供下载的表格文件", where="file")]
    if len(content.files) > MOST_FILES:
        return [Refusal("PUBLICATION-FILES", f"附件超过{MOST_FILES}个", remedy="请减少附件", where="file")]
    return []


def _against_importance(kind: Kind, content: Content) -> list[Refusal]:
    if not content.important or kind in MAY_BE_IMPORTANT:
        return []
    return [
        Refusal(
            "PUBLICATION-IMPORTANT",
            f"{kind.label}不能设为登录后须确认",
            "只有公告和政策可以要求经办人确认",
            "请取消勾选，需要时另发公告",
            where="important",
        )
    ]


# --- Plain texts -----------------------------------------------------------------------------------------------------

_SIGNS = re.compile(r"[\\`*_\[\]<>#|~&!]")
_LEADING = re.compile(r"^(\d*)([-+=.)])")


def plain(text: str) -> str:
    """A plain text as Markdown that shows every sign as it stands, and every line as one.

    >>> print(plain("1. 带*号的\\n2. 不带的\\n\\n- 完"))
    1\\. 带\\*号的\\
    2\\. 不带的
    <BLANKLINE>
    \\- 完
    """
    lines = [_LEADING.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", line.strip())) for line in text.strip().splitlines()]
    breaks = ["\\\n" if line and after else "\n" for line, after in pairwise(lines)]
    return "".join(line + end for line, end in zip(lines, [*breaks, ""], strict=True))


# --- Search ----------------------------------------------------------------------------------------------------------

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[a-z0-9]+")


def tokens(text: str) -> frozenset[str]:
    """What a text is found by: words of letters and digits, and every two Chinese characters side by side.

    >>> sorted(tokens("调整2026年基数"))
    ['2026', '基数', '年基', '调整']
    """
    found: set[str] = set()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        is_word = run[0].isascii()
        found |= {run[:40]} if is_word or len(run) == 1 else {run[at : at + 2] for at in range(len(run) - 1)}
    return frozenset(found)


def title_tokens(title: str) -> frozenset[str]:
    """Those of a title, and its characters one by one: a single character is looked for in titles."""
    return tokens(title) | frozenset(char for run in _RUNS.findall(title.lower()) for char in run if not char.isascii())
