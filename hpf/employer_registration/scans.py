"""Scans of what came with an application: attached and taken off while it lies at the clerk.

They belong to the application, whether or not an employer comes of it; the register finds an employer's through its
application. The portal never sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hpf import evidence
from hpf.casework.attachments import discard
from hpf.casework.scans import MOST, TOO_MANY, Scan, keep_scans_before, write_scans
from hpf.employer_registration.models import KIND, PAPERS, ApplicationState
from hpf.employer_registration.operations import locked, recorded
from hpf.employer_registration.queries import scans_of
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.policy import law_on
from hpf.registry.codes import Role
from hpf.registry.models import Center
from hpf.registry.roles import require
from hpf.storage import Statements, durable

LEAST = timedelta(days=180)
"""So long the database keeps them at least, whatever the center has decided."""
LOOKED_BACK = timedelta(days=30)
"""So far back the worker looks for what was taken off, should it have stood still for some nights."""
statements = Statements(__package__)

NOTHING_CHOSEN = Refusal(
    "REGISTER-NO-SCAN", "没有选择文件", remedy="请先选择要附上的扫描件，再保存", where=next(iter(PAPERS)).value
)
NO_SUCH_SCAN = Refusal("REGISTER-SCAN-GONE", "没有这个扫描件", "它已被移除", "请刷新页面")


def attach_scans(application_id: int, scans: Sequence[Scan], *, by: Actor, today: date, key: Key) -> Receipt:
    """Attach scans to an application that a clerk has accepted (附扫描件); ``paper`` of each is a `Material`.

    Raises ``Refused`` with everything that is wrong with the files (SCAN-…), or that there are none or too many.
    """
    require(by, Role.CLERK)
    if not scans:
        raise Refused(NOTHING_CHOSEN)
    written = write_scans(scans)
    papers = [[scan.paper, scan.name, scan.written.digest.hex()] for scan in written]
    content = {"application_id": application_id, "scans": papers}
    with durable(by):
        if done := evidence.receipt(key, content, by, "attach_scans"):
            return done
        application = locked(application_id, (ApplicationState.ACCEPTED,))
        if len(scans_of(application_id)) + len(written) > MOST:
            raise Refused(TOO_MANY)
        keep_scans_before(written, KIND, application_id)
        detail = {"scans": [[paper, name] for paper, name, _ in papers]}
        return recorded("attach_scans", application, by=by, today=today, key=key, content=content, detail=detail)


def take_scan_off(application_id: int, scan_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take a scan off an application that still lies at the clerk (移除扫描件): of the wrong paper, or not legible."""
    require(by, Role.CLERK)
    content = {"application_id": application_id, "scan_id": scan_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "take_scan_off"):
            return done
        application = locked(application_id, (ApplicationState.ACCEPTED,))
        found = next((one for one in scans_of(application_id) if one.pk == scan_id), None)
        if found is None:
            raise Refused(NO_SUCH_SCAN)
        detail = {"scan": found.name, "digest": bytes(found.digest).hex()}
        found.delete()
        return recorded("take_scan_off", application, by=by, today=today, key=key, content=content, detail=detail)


def forget_scans(*, today: date, now: datetime) -> int:
    """Delete the scans of applications that came to nothing, after the days that the center keeps them.

    Refused, withdrawn, or left lying at the clerk or with the employer. Returns how many. The files of those that a
    clerk has taken off go the night after. That they were there stays in the log. Every night; safe to repeat.
    """
    with durable(Actor.SYSTEM):
        kept = timedelta(days=law_on(today, Center.objects.get().place).application_scan_days)
        rows = statements("forget_scans", kind=KIND, before=now - max(kept, LEAST)).rows()
        taken_off = statements("taken_off", since=today - LOOKED_BACK).rows()
        if gone := {bytes(digest) for digest in [*(row[1] for row in rows), *(row[0] for row in taken_off)]}:
            discard(gone, unused_since=now - timedelta(days=1))
        if rows:
            applications = sorted({number for number, _ in rows})
            result = {"count": len(rows), "applications": applications}
            evidence.record("forget_scans", by=Actor.SYSTEM, today=today, result=result)
    return len(rows)
