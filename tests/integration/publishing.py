"""Publishing for tests that need something published: written by one, approved by another, out at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hpf.casework.review import ReviewState
from hpf.kernel import Actor, Key
from hpf.publications import operations
from hpf.publications.files import take_in
from hpf.publications.models import Draft
from hpf.publications.rules import Content, Kind
from hpf.storage import reading
from tests.integration.hall import TODAY
from tests.office import SYSTEM

CHINA = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 8, 10, tzinfo=CHINA)
NOW = datetime(2026, 8, 10, 9, 0, tzinfo=CHINA)
PDF = b"%PDF-1.7\nempty\n%%EOF\n"
NOTICE = Content("关于调整2026年度缴存基数的公告", "## 内容\n\n自7月1日起调整**缴存基数**。")


def form() -> Content:
    """A form with its file."""
    return Content("单位开户登记申请表", "一式二份。", files=(take_in([PDF], "附件1.pdf"),))


def draft(content: Content, by: Actor, kind: Kind | None = None) -> int:
    kind = kind or (Kind.FORM if content.files else Kind.ANNOUNCEMENT)
    started = operations.start(kind, content, by=by, today=TODAY, key=Key.fresh())
    return int(started.result["draft_id"])


def digest_of(draft_id: int) -> str:
    with reading(SYSTEM):
        return bytes(Draft.objects.get(pk=draft_id).digest).hex()


def decide(
    draft_id: int,
    by: Actor,
    verdict: ReviewState = ReviewState.APPROVED,
    *,
    now: datetime = NOW,
    note: str = "",
    turn: int | None = None,
) -> dict[str, Any]:
    done = operations.decide(
        draft_id,
        verdict,
        note=note,
        by=by,
        today=now.date(),
        now=now,
        key=Key.fresh(),
        turn=turn,
    )
    return dict(done.result)


def submit(draft_id: int, by: Actor) -> None:
    operations.submit(draft_id, by=by, today=TODAY, key=Key.fresh())


def publish(content: Content, by: Actor, checker: Actor, *, now: datetime = NOW) -> dict[str, Any]:
    """From the first word to the public page."""
    written = draft(content, by)
    submit(written, by)
    return decide(written, checker, now=now)


def publish_next(publication_id: int, content: Content, by: Actor, checker: Actor, *, now: datetime = NOW) -> Any:
    """The next version of what is out."""
    content = content if content.change_summary else replace(content, change_summary="改了一处")
    revised = operations.revise(publication_id, content, loss_confirmed=True, by=by, today=TODAY, key=Key.fresh())
    written = int(revised.result["draft_id"])
    submit(written, by)
    return decide(written, checker, now=now)


def acknowledge(version_id: int, digest: str, by: Actor, *, now: datetime = NOW) -> None:
    """A handler acknowledges what is important."""
    operations.acknowledge(
        version_id,
        digest,
        by=by,
        today=TODAY,
        now=now,
        at=now,
        address="203.0.113.7",
        agent="Firefox",
        key=Key.fresh(),
    )
