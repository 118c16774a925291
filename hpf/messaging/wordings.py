"""A center's own words for its messages: edited, reviewed, published from a day on; and the ways it leaves out."""

from __future__ import annotations

from datetime import date, datetime

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.messaging import rules
from hpf.messaging.models import Wording
from hpf.messaging.operations import OUTCOMES
from hpf.notices.models import PublishedVersion, SwitchedOff
from hpf.notices.templates import Version, Way, template
from hpf.registry.codes import Role
from hpf.registry.roles import require
from hpf.storage import durable, lock_key

WORDING = "message_wording"
NOT_SWITCHABLE = Refusal(
    code="TEMPLATE-FIXED",
    what="这种消息的这个送达方式不能停发",
    why="站内消息总要留存，关系账号安全和权益的消息必须送达",
    remedy="无需办理",
)
SWITCH_REASON = Refusal(
    code="TEMPLATE-SWITCH-REASON", what="未填写原因", why="停发或恢复须留下理由", remedy="请写明原因", where="reason"
)


def draft_wording(code: str, version: Version, *, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """Hand a center's own wording of a template to a second person. Its number is given when it is published.

    Raises ``Refused`` with everything that is wrong with it (TEMPLATE-…).
    """
    require(by, Role.PUBLISHER)
    content = {"code": code, "title": version.title, "sms": version.sms, "text": version.text}
    content["effective_on"] = str(version.effective_on)
    with durable(by):
        if done := evidence.receipt(key, content, by, "draft_wording"):
            return done
        _check(code, version, today)
        row = Wording.objects.create(
            code=code,
            effective_on=version.effective_on,
            title=version.title,
            sms=version.sms,
            text=version.text,
            made_by=by.name,
            made_at=now,
        )
        review.submit(WORDING, row.pk, title=f"消息模板“{template(code).name}”", by=by, today=today)
        subject, result = f"template:{code}", {"draft": row.pk}
        return evidence.record(
            "draft_wording", by=by, today=today, subject=subject, key=key, content=content, result=result
        )


def decide_wording(
    draft_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """A second person's word on a wording; approved, it is the next version and holds from its day on.

    Raises ``Refused``: as `review.decide`, and on approval everything that is wrong by now.
    """
    require(by, Role.REVIEWER, Role.PUBLISHER)
    content = {"draft": draft_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, f"{verdict.value}_wording"):
            return done
        review.decide(WORDING, draft_id, verdict, note=note, by=by)
        row = Wording.objects.select_for_update().get(pk=draft_id)
        row.state = OUTCOMES[verdict]
        if verdict is ReviewState.APPROVED:
            lock_key(f"wording:{row.code}")  # versions of a template are published one after the other
            version = Version(0, row.effective_on, row.title, row.sms, row.text)
            _check(row.code, version, today)
            row.number = _next_number(row.code)
            PublishedVersion.objects.create(
                draft_no=row.pk,
                code=row.code,
                number=row.number,
                effective_on=row.effective_on,
                title=row.title,
                sms=row.sms,
                text=row.text,
                published_at=now,
                drafted_by=row.made_by,
                approved_by=by.name,
            )
        row.save()
        return evidence.record(
            f"{verdict.value}_wording",
            by=by,
            today=today,
            subject=f"template:{row.code}",
            key=key,
            content=content,
            result={"number": row.number},
        )


def switch_way(
    code: str, way: Way, reason: str, *, on: bool, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Send a template by a way no more, or again. Raises ``Refused``: TEMPLATE-FIXED, TEMPLATE-SWITCH-REASON."""
    require(by, Role.PUBLISHER)
    content = {"code": code, "way": way.value, "on": on, "reason": reason}
    with durable(by):
        if done := evidence.receipt(key, content, by, "switch_way"):
            return done
        refusals = [] if way in template(code).switchable else [NOT_SWITCHABLE]
        if not reason.strip():
            refusals.append(SWITCH_REASON)
        if refusals:
            raise Refused(refusals)
        if on:
            SwitchedOff.objects.filter(code=code, way=way).delete()
        else:
            values = {"reason": reason.strip(), "switched_by": by.name, "switched_at": now}
            SwitchedOff.objects.get_or_create(code=code, way=way, defaults=values)
        return evidence.record(
            "switch_way",
            by=by,
            today=today,
            subject=f"template:{code}",
            key=key,
            content=content,
            detail={"way": way.value, "on": on, "reason": reason.strip()},
        )


def published(code: str) -> list[PublishedVersion]:
    """The center's own versions of a template, latest first."""
    return list(PublishedVersion.objects.filter(code=code).order_by("-effective_on", "-number"))


def _check(code: str, version: Version, today: date) -> None:
    versions = [Version(one.number, one.effective_on, one.title, one.sms, one.text) for one in published(code)]
    if refusals := rules.wording_refusals(template(code), version, versions, today):
        raise Refused(refusals)


def _next_number(code: str) -> int:
    shipped = [one.number for one in template(code).versions]
    return max([*shipped, *(one.number for one in published(code))]) + 1
