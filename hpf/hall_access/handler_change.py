"""Change of handler, or of his mobile, at the counter (经办人变更, agreement §2.5).

One transaction: the old handler's acts are done before it or not at all; with it all his ways in are dead, the new one
is registered, and both telephones are told. What the old one began stays: cases belong to the employer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from hpf import evidence
from hpf.casework import cases
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.scans import Scan, WrittenScan, keep_scans, write_scans
from hpf.evidence import Receipt
from hpf.evidence.events import canonical
from hpf.hall_access.ending import end_handler, hold_employers, hold_with_served, retire
from hpf.hall_access.models import ChangeKind, HandlerChange, SessionEnd
from hpf.hall_access.rules import NO_HANDLER
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.notices.messages import Audience, tell
from hpf.notices.sending import give_up
from hpf.notices.sms import send_sms
from hpf.registry import handlers
from hpf.registry.codes import Duty, Role
from hpf.registry.handlers import HandlerApplication, create_handler
from hpf.registry.models import Handler, UnitAccount
from hpf.registry.roles import require
from hpf.storage import durable, keyring, refusing

_BASIS = "《单位网上业务大厅服务协议》，变更经办人及其联系电话须持单位介绍信及经办人身份证到柜台办理"
LETTER_MISSING = Refusal(
    "CHANGE-LETTER", "未核对单位介绍信", remedy="请核对加盖公章的介绍信后勾选", basis=_BASIS, where="letter_seen"
)
CARD_MISSING = Refusal(
    "CHANGE-CARD", "未核对经办人身份证原件", remedy="请核对原件后勾选", basis=_BASIS, where="card_seen"
)
SAME_PERSON = Refusal(
    "CHANGE-SAME-PERSON",
    "新经办人与现任经办人是同一人",
    "身份证号码相同",
    "只更换手机号码的，请办理手机号码变更",
    where="handler_identity_number",
)
SAME_MOBILE = Refusal(
    "CHANGE-SAME-MOBILE", "新手机号码与现在绑定的相同", remedy="请核对新手机号码", where="handler_mobile"
)
NOTHING_TO_PUT_AWAY = Refusal("CHANGE-PUT-AWAY", "没有待交接的清单", remedy="请返回首页继续办理业务")


@dataclass(frozen=True, slots=True)
class PapersSeen:
    """What the clerk has held in his hands, and its scans."""

    letter_seen: bool
    card_seen: bool
    scans: Sequence[Scan] = ()

    @property
    def seen(self) -> tuple[bool, bool]:
        """Letter and identity card, as they were ticked."""
        return self.letter_seen, self.card_seen

    @property
    def refusals(self) -> list[Refusal]:
        missing = ((self.letter_seen, LETTER_MISSING), (self.card_seen, CARD_MISSING))
        return [refusal for seen, refusal in missing if not seen]


def change_handler(
    employer_id: int,
    application: HandlerApplication,
    papers: PapersSeen,
    *,
    by: Actor,
    today: date,
    now: datetime,
    key: Key,
) -> Receipt:
    """Put a new handler in the place of the present one; where there is none, the hall is opened anew.

    His initial password is made when it is handed out. ``result`` names ``change_id``, ``case_no``, ``handler_id`` and
    ``user_name``.

    Raises ``Refused`` with every reason at once: papers not seen, details that do not hold, the same person. ``now`` is
    the real moment.
    """
    require(by, Role.CLERK)
    content = _content(employer_id, papers, asdict(application))
    scans = write_scans(papers.scans)
    with durable(by):
        if done := evidence.receipt(key, content, by, "change_handler"):
            return done
        hold_with_served(employer_id)
        old = held_handler(employer_id)
        details, findings = handlers.examine(application, today)
        findings += handlers.mobile_taken(details.mobile, employer_id, besides=old)
        if old and keyring().digest("identity", details.identity_number) == bytes(old.identity_digest):
            findings.append(SAME_PERSON)
        if refusals := papers.refusals + findings:
            raise Refused(refusals)
        if old:
            retire(old, SessionEnd.HANDLER_CHANGED, by, today, now)
        unit = unit_of(employer_id)
        new = create_handler(details, unit, today)
        title = f"经办人由{old.name}变更为{new.name}" if old else f"登记经办人{new.name}"
        change = HandlerChange(
            kind=ChangeKind.HANDLER if old else ChangeKind.ANEW,
            case=_case(CaseKind.HANDLER_CHANGE, title, unit, scans, by, today),
            old_handler=old,
            new_handler=new,
            old_mobile_masked=mask_mobile(old.mobile) if old else "",
        )
        _tell_of_handler(old, new, by, today, now)
        return _recorded("change_handler", change, papers, by=by, today=today, now=now, key=key, content=content)


def change_mobile(
    employer_id: int, mobile: str, papers: PapersSeen, *, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Bind another mobile to the present handler. There is no other way to it (settled 21).

    Raises ``Refused`` with every reason at once: papers not seen, a number that is none, the bound one, or that
    of somebody else who acts for the employer, or for one whose agent the handler is.
    """
    require(by, Role.CLERK)
    content = _content(employer_id, papers, {"handler_mobile": mobile})
    scans = write_scans(papers.scans)
    with durable(by):
        if done := evidence.receipt(key, content, by, "change_mobile"):
            return done
        handler = held_handler(employer_id)
        if handler is None:
            raise Refused(NO_HANDLER)
        old_mobile = handler.mobile
        new_mobile, findings = handlers.examine_mobile(mobile)
        if new_mobile == old_mobile:
            findings.append(SAME_MOBILE)
        findings += handlers.mobile_taken(new_mobile, employer_id, besides=handler)
        if refusals := papers.refusals + findings:
            raise Refused(refusals)
        end_handler(handler, SessionEnd.MOBILE_CHANGED, now)
        give_up(now, mobile=old_mobile)
        handler.mobile, handler.mobile_digest = new_mobile, keyring().digest("mobile", new_mobile)
        agents = Handler.objects.filter(login=handler, active=True)
        with refusing({"registry_handler_mobile": handlers.MOBILE_TWICE}):
            handler.save(update_fields=["mobile", "mobile_digest"])
            agents.update(mobile=new_mobile, mobile_digest=handler.mobile_digest)
        change = HandlerChange(
            kind=ChangeKind.MOBILE,
            case=_case(
                CaseKind.MOBILE_CHANGE, f"经办人{handler.name}变更手机号码", unit_of(employer_id), scans, by, today
            ),
            old_handler=handler,
            new_handler=handler,
            old_mobile_masked=mask_mobile(old_mobile),
        )
        told = {"employer": handler.employer.name, "mobile": mask_mobile(new_mobile)}
        for number in (old_mobile, new_mobile):
            send_sms(number, "mobile-changed", told, today=today, now=now)
        return _recorded("change_mobile", change, papers, by=by, today=today, now=now, key=key, content=content)


def put_away(*, by: Actor, today: date, now: datetime, key: Key) -> Receipt:
    """The new handler has gone through the hand-over pack (交接清单): it leaves his first page.

    Raises ``Refused`` (CHANGE-PUT-AWAY) where there is none to put away.
    """
    content = {"put_away": by.id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "put_hand_over_away"):
            return done
        waiting = HandlerChange.objects.filter(new_handler_id=by.id, put_away_at=None)
        if not waiting.exclude(kind=ChangeKind.MOBILE).update(put_away_at=now):
            raise Refused(NOTHING_TO_PUT_AWAY)
        return evidence.record(
            "put_hand_over_away", by=by, today=today, subject=f"handler:{by.id}", key=key, content=content
        )


def _content(employer_id: int, papers: PapersSeen, details: Mapping[str, str]) -> dict[str, object]:
    """What was asked for. The event keeps a plain digest of it: numbers of people are in it under the center's key."""
    typed, names = keyring().digest("handler_change", canonical(details)).hex(), [scan.name for scan in papers.scans]
    seen = {"letter": papers.letter_seen, "card": papers.card_seen}
    return {"employer_id": employer_id, "typed": typed, **seen, "of": names}


def held_handler(employer_id: int) -> Handler | None:
    """The present handler, once nobody acts for the employer. The lock comes before all others."""
    hold_employers([employer_id])
    active = Handler.objects.filter(employer_id=employer_id, active=True, duty=Duty.HANDLER)
    return active.select_related("employer").select_for_update(of=("self",)).first()


def unit_of(employer_id: int) -> UnitAccount:
    """The employer's first unit account: what is about the whole employer stands under it."""
    return UnitAccount.objects.select_related("employer").filter(employer_id=employer_id).earliest("pk")


def _case(kind: CaseKind, title: str, unit: UnitAccount, scans: Sequence[WrittenScan], by: Actor, today: date) -> Case:
    """The case of a change: done as it is opened, with number and scans."""
    case = cases.open_case(
        kind,
        CaseState.DONE,
        employer_id=unit.employer_id,
        unit_account_id=unit.pk,
        title=title,
        by=by,
        today=today,
    )
    keep_scans(scans, case)
    return case


def _tell_of_handler(old: Handler | None, new: Handler, by: Actor, today: date, now: datetime) -> None:
    employer = new.employer.name
    told = {"employer": employer, "user_name": new.user_name}
    send_sms(new.mobile, "handler-changed-new", told, today=today, now=now)
    if old:
        send_sms(old.mobile, "handler-changed-old", {"employer": employer}, today=today, now=now)
        names = {"old": old.name, "new": new.name}
        tell("handler-changed", names, to=Audience(new.employer_id, label=employer), by=by, today=today, now=now)


def _recorded(
    act: str,
    change: HandlerChange,
    papers: PapersSeen,
    *,
    by: Actor,
    today: date,
    now: datetime,
    key: Key,
    content: Mapping[str, object],
) -> Receipt:
    """Keep the change and its event."""
    handler = change.new_handler
    change.employer_id, change.new_mobile_masked = handler.employer_id, mask_mobile(handler.mobile)
    change.changed_on, change.changed_at, change.changed_by = today, now, by.name
    change.save()
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"case:{change.case_id}",
        key=key,
        content=content,
        employer_id=change.employer_id,
        detail={
            "old_handler_id": change.old_handler_id,
            "old_handler": change.old_handler.name if change.old_handler else "",
            "old_mobile": change.old_mobile_masked,
            "new_handler": handler.name,
            "new_mobile": change.new_mobile_masked,
            "papers_seen": ["介绍信", "身份证原件"],
            "scans": len(papers.scans),
        },
        result={
            "change_id": change.pk,
            "case_no": change.case_id,
            "handler_id": handler.pk,
            "user_name": handler.user_name,
        },
    )
