"""Who acts for an employer beside its handler (办理权限): an approver, viewers, agents. Settled 19.

Everything here is done by two persons of the center: one sees letter and identity card and proposes, another decides.
An approver (复核人) makes two steps of what the employer submits; a viewer (查询人) looks and does not act; an agent
(代办人) is another employer's handler, who logs in as ever and chooses for whom he acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from hpf import evidence
from hpf.casework import cases, review
from hpf.casework.models import CaseKind, CaseState
from hpf.casework.prepared import waiting_in
from hpf.casework.review import ReviewState
from hpf.casework.scans import keep_scans, write_scans
from hpf.evidence import Receipt
from hpf.evidence.events import canonical
from hpf.hall_access.ending import end_grant, hold_employers, lapse_grant, tell_of_grant
from hpf.hall_access.handler_change import LETTER_MISSING, PapersSeen, held_handler, unit_of
from hpf.hall_access.models import Grant, GrantState
from hpf.hall_access.rules import NO_HANDLER, typed_name
from hpf.kernel import Actor, Key, Refusal, Refused, typed_day
from hpf.registry import handlers
from hpf.registry.codes import Duty, Role
from hpf.registry.handlers import PERSON_TWICE, HandlerApplication, HandlerDetails, create_handler
from hpf.registry.models import Employer, Handler
from hpf.registry.roles import require
from hpf.storage import durable, keyring, refusing

REVIEW, END_REVIEW = "access_grant", "access_grant_end"
DUTIES = (Duty.APPROVER, Duty.VIEWER, Duty.AGENT)
"""What can be granted."""

_BASIS = "中心业务规则，单位的网厅用户经中心准许"
NO_DUTY = Refusal("GRANT-DUTY", "未选择权限", remedy="请选择复核人、查询人或代办人", where="duty")
NO_AGENT = Refusal(
    "GRANT-NO-AGENT",
    "没有使用这个用户名的经办人",
    "代办人须是其他单位在册的经办人",
    "请核对代办人的用户名",
    _BASIS,
    where="agent_user_name",
)
OWN_HANDLER = Refusal(
    "GRANT-OWN-HANDLER", "该用户是本单位的用户", "代办人须是其他单位的经办人", "请核对用户名", where="agent_user_name"
)
NEEDS_TWO_STEP = Refusal(
    "GRANT-NO-TWO-STEP",
    "本单位没有启用内部复核",
    "查询人随内部复核设立",
    "请先为单位设立复核人",
    _BASIS,
    where="duty",
)
BAD_DAY = Refusal("GRANT-DAY", "生效日期不是有效日期", remedy="请按“2026-07-01”的样子填写", where="starts_on")
PAST_DAY = Refusal("GRANT-PAST-DAY", "生效日期已经过去", remedy="请填写今天或以后的日期", where="starts_on")
IN_THE_WAY = replace(PERSON_TWICE, code="GRANT-PERSON", what="该人在本单位已有权限，或正在办理")
NO_REASON = Refusal("GRANT-REASON", "未填写终止原因", remedy="请按单位介绍信填写", where="reason")
NOT_GRANTED = Refusal("GRANT-OVER", "该权限不在有效状态", "该权限尚未准许，或已经终止", "请刷新页面")
APPROVER_AT_WORK = Refusal(
    "GRANT-APPROVER-AT-WORK",
    "现有复核人在任，新复核人不能自以后的日期起生效",
    "新复核人一经准许即接替现有复核人，其间不能没有复核人",
    "请退回，改为自办理当天起生效后重新申请",
    _BASIS,
)
VIEWERS_LEFT = Refusal(
    "GRANT-VIEWERS",
    "本单位还有查询人",
    "查询人随内部复核设立，须先于复核人终止",
    "请先终止查询人的权限",
    _BASIS,
)


@dataclass(frozen=True, slots=True)
class GrantApplication:
    """A grant as the form says. The person is typed for an approver or a viewer; an agent is named by his user name."""

    duty: str = ""
    handler: HandlerApplication = field(default_factory=HandlerApplication)
    agent_user_name: str = ""
    starts_on: str = ""


@dataclass(frozen=True, slots=True)
class _Person:
    details: HandlerDetails
    login: Handler | None = None


def propose_grant(
    employer_id: int,
    application: GrantApplication,
    papers: PapersSeen,
    *,
    by: Actor,
    today: date,
    now: datetime,
    key: Key,
) -> Receipt:
    """Propose somebody beside the handler (申请准许) and hand it to a second person. ``result``: ``grant_id``.

    Raises ``Refused`` with every reason at once: papers not seen, a person whose details do not hold or who has a user
    name of the employer already, a day that is over, viewers without an approver.
    """
    require(by, Role.CLERK)
    names = [scan.name for scan in papers.scans]
    typed = keyring().digest("access_grant", canonical(asdict(application))).hex()  # the event keeps a plain digest
    content = {"employer_id": employer_id, "typed": typed, "papers": papers.seen, "scans": names}
    written = write_scans(papers.scans)
    with durable(by):
        if done := evidence.receipt(key, content, by, "propose_grant"):
            return done
        handler = held_handler(employer_id)
        duty, starts_on, faults = _examined(application, today)
        person, about = _person(duty, application, employer_id, today)
        found = papers.refusals + faults + about + ([] if handler else [NO_HANDLER])
        if duty is Duty.VIEWER and not in_two_steps(employer_id):
            found.append(NEEDS_TWO_STEP)
        if found or duty is None or starts_on is None or person is None:
            raise Refused(found)
        unit = unit_of(employer_id)
        title = f"{duty.label}{person.details.name}"
        case = cases.open_case(
            CaseKind.ACCESS_GRANT,
            CaseState.WORKING,
            employer_id=employer_id,
            unit_account_id=unit.pk,
            title=f"设立{title}",
            by=by,
            today=today,
        )
        keep_scans(written, case)
        in_the_way = replace(IN_THE_WAY, where="agent_user_name") if duty is Duty.AGENT else IN_THE_WAY
        with refusing({"hall_access_grant_once": in_the_way}):
            grant = Grant.objects.create(
                employer_id=employer_id,
                duty=duty,
                name=person.details.name,
                identity_number=person.details.identity_number,
                identity_digest=keyring().digest("identity", person.details.identity_number),
                mobile=person.details.mobile,
                login=person.login,
                starts_on=starts_on,
                case=case,
                proposed_by=by.name,
                proposed_at=now,
            )
        review.submit(
            REVIEW,
            grant.pk,
            title=f"{unit.employer.name}：{title}",
            by=by,
            today=today,
            branch_id=unit.employer.branch_id,
        )
        return _recorded("propose_grant", grant, by=by, today=today, key=key, content=content)


def decide_grant(
    grant_id: int, verdict: ReviewState, *, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Say the second person's word. Granted, the person is a user of the employer's, and both he and its handler are
    told; an approver takes the place of the one before. What is returned or refused is over: it is proposed anew.
    """
    require(by, Role.REVIEWER)
    content = {"grant_id": grant_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, "decide_grant"):
            return done
        grant = _locked(grant_id)
        handler = held_handler(grant.employer_id)
        review.decide(REVIEW, grant_id, verdict, note=note, by=by)
        if verdict is not ReviewState.APPROVED:
            _move(grant, GrantState.REFUSED)
            cases.move(grant.case_id, CaseState.REFUSED, origins=[CaseState.WORKING])
        else:
            if handler is None:
                raise Refused(NO_HANDLER)
            _grant(grant, by, today, now)
            cases.move(grant.case_id, CaseState.DONE, origins=[CaseState.WORKING])
            tell_of_grant("access-granted", grant, grant.starts_on, today, now)
        return _recorded("decide_grant", grant, by=by, today=today, key=key, content=content)


def propose_end(grant_id: int, reason: str, letter_seen: bool, *, by: Actor, today: date, key: Key) -> Receipt:
    """Propose that a grant end (申请终止) and hand it to a second person. Raises ``Refused`` with every reason."""
    require(by, Role.CLERK)
    content = {"grant_id": grant_id, "reason": reason, "letter": letter_seen}
    with durable(by):
        if done := evidence.receipt(key, content, by, "propose_grant_end"):
            return done
        grant = _locked(grant_id)
        found = [] if letter_seen else [LETTER_MISSING]
        if not reason.strip():
            found.append(NO_REASON)
        found += _against_end(grant)
        if found:
            raise Refused(found)
        grant.end_reason = reason.strip()[:500]
        grant.save(update_fields=["end_reason"])
        employer = Employer.objects.get(pk=grant.employer_id)
        title = f"{employer.name}：终止{Duty(grant.duty).label}{grant.name}"
        review.submit(END_REVIEW, grant_id, title=title, by=by, today=today, branch_id=employer.branch_id)
        return _recorded("propose_grant_end", grant, by=by, today=today, key=key, content=content)


def decide_end(
    grant_id: int, verdict: ReviewState, *, turn: int, note: str, by: Actor, today: date, now: datetime, key: Key
) -> Receipt:
    """Say the second person's word. Ended, the person's way to this employer is cut with the transaction; whatever he
    does for another employer stays as it is. ``turn`` is the application that he looked at: what was returned can be
    proposed anew. Raises ``Refused``: another one waits (REVIEW-CHANGED), prepared acts still wait for their approver.
    """
    require(by, Role.REVIEWER)
    content = {"grant_id": grant_id, "end": verdict.value, "turn": turn, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, "decide_grant_end"):
            return done
        grant = _locked(grant_id)
        review.decide(END_REVIEW, grant_id, verdict, note=note, by=by, turn=turn)
        if verdict is ReviewState.APPROVED:
            if found := _against_end(grant):
                raise Refused(found)
            end_grant(grant, by, today, now)
        return _recorded("decide_grant_end", grant, by=by, today=today, key=key, content=content)


def in_two_steps(employer_id: int) -> bool:
    """Whether an approver is granted, from whatever day on."""
    return Grant.objects.filter(employer_id=employer_id, duty=Duty.APPROVER, state=GrantState.GRANTED).exists()


def grants_of(employer_id: int) -> list[Grant]:
    """All grants of an employer, newest first."""
    return list(Grant.objects.filter(employer_id=employer_id).select_related("login__employer").order_by("-pk"))


def _examined(application: GrantApplication, today: date) -> tuple[Duty | None, date | None, list[Refusal]]:
    """What was chosen, and from when on it is to hold."""
    found = [] if application.duty in DUTIES else [NO_DUTY]
    duty = None if found else Duty(application.duty)
    try:
        starts_on = typed_day(application.starts_on)
    except ValueError:
        return duty, None, [*found, BAD_DAY]
    return duty, starts_on, [*found, PAST_DAY] if starts_on < today else found


def _person(
    duty: Duty | None, application: GrantApplication, employer_id: int, today: date
) -> tuple[_Person | None, list[Refusal]]:
    """Whom a grant is for, and what speaks against him."""
    if duty is None:
        return None, []
    if duty is not Duty.AGENT:
        details, found = handlers.examine(application.handler, today, called="")
        found += _known(employer_id, details.identity_number, PERSON_TWICE)
        found += handlers.mobile_taken(details.mobile, employer_id, besides=_leaving(duty, employer_id))
        return _Person(details), found
    name = typed_name(application.agent_user_name)
    login = Handler.objects.filter(user_name=name, active=True, duty=Duty.HANDLER).first()
    if login is None:
        return None, [NO_AGENT]
    person = _Person(HandlerDetails(login.name, login.identity_number, login.mobile), login)
    telephone = [replace(one, where="agent_user_name") for one in handlers.mobile_taken(login.mobile, employer_id)]
    return person, _known(employer_id, login.identity_number, OWN_HANDLER) or telephone


def _leaving(duty: Duty, employer_id: int) -> Handler | None:
    """Whose place somebody with a duty takes: there is one approver at a time."""
    approvers = Handler.objects.filter(employer_id=employer_id, active=True, duty=Duty.APPROVER)
    return approvers.first() if duty is Duty.APPROVER else None


def _known(employer_id: int, identity_number: str, refusal: Refusal) -> list[Refusal]:
    digest = keyring().digest("identity", identity_number)
    users = Handler.objects.filter(employer_id=employer_id, active=True, identity_digest=digest)
    return [refusal] if users.exists() else []


def _grant(grant: Grant, by: Actor, today: date, now: datetime) -> None:
    """Let the person in; of approvers the last granted takes over."""
    _move(grant, GrantState.GRANTED)
    if grant.duty == Duty.APPROVER:
        before = Grant.objects.filter(employer_id=grant.employer_id, duty=Duty.APPROVER, state=GrantState.GRANTED)
        for one in before.exclude(pk=grant.pk).select_for_update():
            if grant.starts_on > today:
                raise Refused(APPROVER_AT_WORK)
            lapse_grant(one, by, today, now)
    if grant.duty == Duty.VIEWER and not in_two_steps(grant.employer_id):
        raise Refused(NEEDS_TWO_STEP)
    login = Handler.objects.get(pk=grant.login_id) if grant.login_id else None
    if login and not login.active:
        raise Refused(NO_AGENT)
    details = HandlerDetails(grant.name, grant.identity_number, login.mobile if login else grant.mobile)
    create_handler(
        details, unit_of(grant.employer_id), grant.starts_on, duty=Duty(grant.duty), grant_id=grant.pk, login=login
    )


def _against_end(grant: Grant) -> list[Refusal]:
    if grant.state != GrantState.GRANTED:
        return [NOT_GRANTED]
    if grant.duty != Duty.APPROVER:
        return []
    viewers = Grant.objects.filter(employer_id=grant.employer_id, duty=Duty.VIEWER, state=GrantState.GRANTED)
    found = [VIEWERS_LEFT] if viewers.exists() else []
    return found + ([_acts_left(count)] if (count := waiting_in(grant.employer_id)) else [])


def _acts_left(count: int) -> Refusal:
    return Refusal(
        "GRANT-ACTS",
        f"本单位还有{count}件业务在等复核",
        "停用内部复核前，尚未复核的业务须先办结或收回",
        "请单位的复核人处理，或由经办人收回",
        "单位内部复核专项规则",
    )


def _locked(grant_id: int) -> Grant:
    """A grant, once nobody acts for its employer, nor for an agent's own."""
    found = Grant.objects.filter(pk=grant_id).values_list("login__employer_id", "employer_id").first()
    if found is None:
        raise Refused(NOT_GRANTED)
    hold_employers(filter(None, found))
    return Grant.objects.select_for_update().get(pk=grant_id)


def _move(grant: Grant, state: GrantState) -> None:
    grant.state = state
    grant.save(update_fields=["state"])


def _recorded(act: str, grant: Grant, *, by: Actor, today: date, key: Key, content: Mapping[str, object]) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"grant:{grant.pk}",
        key=key,
        content=content,
        employer_id=grant.employer_id,
        detail={
            "duty": Duty(grant.duty).label,
            "person": grant.name,
            "starts_on": grant.starts_on,
            "state": GrantState(grant.state).label,
            "end_reason": grant.end_reason,
        },
        result={"grant_id": grant.pk, "case_no": grant.case_id},
    )
