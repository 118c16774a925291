"""From the counter's first look at an application to the employer in the register.

An application (登记申请) is accepted by a clerk, corrected while it lies at the counter, handed to a second person with
its materials, and decided by him. Only his approval registers. The handler has no password by then: it is made when
it is handed out (``hall_access``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models.functions import Now

from hpf import evidence
from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.employer_registration import rules
from hpf.employer_registration.models import KIND, PAPERS, Application, ApplicationState, Material
from hpf.employer_registration.numbers import fresh_number
from hpf.employer_registration.queries import CODE_UNDER_WAY, NAME_UNDER_WAY, examination, form_of, lacking, scans_of
from hpf.employer_registration.registering import new_employer, new_unit_account
from hpf.employer_registration.rules import EmployerApplication, Registration
from hpf.evidence import Receipt
from hpf.evidence.events import canonical
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.kernel.identity import mask_mobile
from hpf.registry.codes import Role
from hpf.registry.handlers import create_handler
from hpf.registry.models import Branch
from hpf.registry.roles import require
from hpf.storage import durable, keyring, refusing

MATERIALS_MISSING = Refusal(
    "REGISTER-MATERIALS",
    "材料没有核对齐全",
    "复核前须逐项核对单位带来的材料",
    "请对照纸质材料逐项勾选；缺少的，请单位补齐",
    "《单位网上业务大厅服务协议》，帐号注册",
    where="materials",
)
_UNDER_WAY = {
    "employer_registration_name_under_way": NAME_UNDER_WAY,
    "employer_registration_code_under_way": CODE_UNDER_WAY,
    "employer_registration_organisation_under_way": CODE_UNDER_WAY,
}


def accept_application(form: EmployerApplication, *, by: Actor, today: date, key: Key) -> Receipt:
    """Accept an application on paper at the counter (受理). ``result`` names ``application_id`` and ``number``.

    Raises ``Refused`` with every reason at once, among them that the name or the code is registered or under way.
    """
    require(by, Role.CLERK)
    content = _content(form)
    with durable(by):
        if done := evidence.receipt(key, content, by, "accept_application"):
            return done
        registration, findings = examination(form, today)
        if registration is None:
            raise Refused(findings)
        with refusing(_UNDER_WAY):
            application = Application.objects.create(
                number=fresh_number(),
                state=ApplicationState.ACCEPTED,
                accepted_by=by.name,
                accepted_on=today,
                **columns_of(registration),
            )
        detail = {"name": application.name, "credit_code": application.credit_code}
        return recorded("accept_application", application, by=by, today=today, key=key, content=content, detail=detail)


def open_application(application_id: int, *, by: Actor, today: date, printing: bool = False) -> Receipt:
    """Look at the whole of an application, numbers of people unmasked, or print it: an act of its own, and logged.

    Takes no key: each look is one, whoever looked before.
    """
    require(by, Role.CLERK, Role.REVIEWER)
    content, act = {"application_id": application_id}, "print_application" if printing else "open_application"
    with durable(by):
        application = locked(application_id, tuple(ApplicationState))
        return recorded(act, application, by=by, today=today, content=content)


def correct_application(application_id: int, form: EmployerApplication, *, by: Actor, today: date, key: Key) -> Receipt:
    """Correct an application that lies at the counter; one that was prefilled or sent back is accepted by it.

    What was changed stands in the event, before and after. Raises ``Refused`` with every reason at once.
    """
    require(by, Role.CLERK)
    content = {"application_id": application_id, **_content(form)}
    with durable(by):
        if done := evidence.receipt(key, content, by, "correct_application", "accept_application"):
            return done
        application = locked(application_id, ApplicationState.at_the_clerk())
        registration, findings = examination(form, today, application_id)
        if registration is None:
            raise Refused(findings)
        before, act = form_of(application), "correct_application"
        if application.state == ApplicationState.PREFILLED:
            application.accepted_by, application.accepted_on, act = by.name, today, "accept_application"
        columns = columns_of(registration)
        for column, value in columns.items():
            setattr(application, column, value)
        _move(application, ApplicationState.ACCEPTED, *columns, "accepted_by", "accepted_on")
        changed = {"changed": rules.differences(before, form_of(application))}
        return recorded(act, application, by=by, today=today, key=key, content=content, detail=changed)


def submit_application(
    application_id: int, materials: Collection[Material], waiver: str = "", *, by: Actor, today: date, key: Key
) -> Receipt:
    """Hand an application and what came with it to a second person (提交复核). ``waiver`` says why a paper has no scan.

    Raises ``Refused`` with every reason: a material is missing, a paper was neither scanned nor waived, or the form no
    longer holds.
    """
    require(by, Role.CLERK)
    content = {"application_id": application_id, "materials": sorted(materials), "waiver": waiver.strip()}
    with durable(by):
        if done := evidence.receipt(key, content, by, "submit_application"):
            return done
        application = locked(application_id, (ApplicationState.ACCEPTED,))
        registration, findings = examination(form_of(application), today, application_id)
        refusals = [] if registration else findings
        if set(materials) != set(Material):
            refusals.append(MATERIALS_MISSING)
        lacks = lacking(application_id)
        if lacks and not waiver.strip():
            refusals.append(_not_scanned(lacks))
        if refusals:
            raise Refused(refusals)
        application.materials, application.scans_waived = sorted(materials), waiver.strip() if lacks else ""
        _move(application, ApplicationState.UNDER_REVIEW, "materials", "scans_waived")
        review.submit(KIND, application.pk, title=application.name, by=by, today=today, branch_id=application.branch_id)
        scans = {"scans": len(scans_of(application_id)), "waived": application.scans_waived}
        return recorded("submit_application", application, by=by, today=today, key=key, content=content, detail=scans)


def take_back_application(application_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Take one's own submission back before it is decided; the application lies at the counter again."""
    require(by, Role.CLERK)
    content = {"application_id": application_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "take_back_application"):
            return done
        application = locked(application_id, (ApplicationState.UNDER_REVIEW,))
        review.withdraw(KIND, application.pk, by=by)
        _move(application, ApplicationState.ACCEPTED)
        return recorded("take_back_application", application, by=by, today=today, key=key, content=content)


def withdraw_application(application_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """End an application that the employer does not pursue (撤回申请); name and code are free again."""
    require(by, Role.CLERK)
    content = {"application_id": application_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "withdraw_application"):
            return done
        application = locked(application_id, ApplicationState.at_the_clerk())
        _move(application, ApplicationState.WITHDRAWN)
        kept = {"scans_kept": len(scans_of(application_id))}
        return recorded("withdraw_application", application, by=by, today=today, key=key, content=content, detail=kept)


def decide_application(
    application_id: int,
    verdict: ReviewState,
    *,
    note: str,
    by: Actor,
    today: date,
    key: Key,
    turn: int | None = None,
) -> Receipt:
    """Decide an application that another submitted (复核): approve and so register, send back, or refuse.

    ``turn`` is the review that was looked at (`casework.review.decide`).

    An approval registers employer, unit account, rates and handler; ``result`` names ``employer_id``,
    ``unit_account_id``, ``unit_account_number``, ``handler_id`` and ``user_name``. Raises ``Refused`` with every
    reason. Basis: 《住房公积金管理条例》 §14.
    """
    require(by, Role.REVIEWER)
    content = {"application_id": application_id, "verdict": verdict.value, "note": note}
    with durable(by):
        if done := evidence.receipt(key, content, by, "register_employer", "return_application", "refuse_application"):
            return done
        application = locked(application_id, (ApplicationState.UNDER_REVIEW,))
        review.decide(KIND, application.pk, verdict, note=note, by=by, turn=turn)
        if verdict is ReviewState.APPROVED:
            return _register(application, by=by, today=today, key=key, content=content)
        returned = verdict is ReviewState.RETURNED
        _move(application, ApplicationState.RETURNED if returned else ApplicationState.REFUSED)
        act = "return_application" if returned else "refuse_application"
        detail = {"note": note, "scans_kept": len(scans_of(application_id))}
        return recorded(act, application, by=by, today=today, key=key, content=content, detail=detail)


def _register(application: Application, *, by: Actor, today: date, key: Key, content: dict[str, Any]) -> Receipt:
    registration, findings = examination(form_of(application), today, application.pk)
    if registration is None:
        raise Refused(findings)
    employer = new_employer(application, registration, today)
    unit = new_unit_account(registration, employer, today)
    handler = create_handler(registration.handler, unit, today)
    application.employer_id = employer.pk
    _move(application, ApplicationState.REGISTERED, "employer_id")
    return evidence.record(
        "register_employer",
        by=by,
        today=today,
        subject=_subject(application),
        key=key,
        content=content,
        employer_id=employer.pk,
        detail={
            "name": employer.name,
            "credit_code": employer.credit_code,
            "mobile": mask_mobile(handler.mobile),
            "accepted_by": application.accepted_by,
            "hints": [hint.code for hint in findings],
        },
        result={
            "application_id": application.pk,
            "employer_id": employer.pk,
            "unit_account_id": unit.pk,
            "unit_account_number": unit.number,
            "handler_id": handler.pk,
            "user_name": handler.user_name,
        },
    )


def _not_scanned(lacks: Collection[Material]) -> Refusal:
    papers = "、".join(PAPERS[one] for one in lacks)
    why, remedy = "复核人凭扫描件核对，材料随单位档案保存", "请附上扫描件；无法扫描的，写明原因"
    return Refusal("REGISTER-SCANS", f"没有附{papers}的扫描件", why, remedy, where="waiver")


def locked(application_id: int, states: Collection[ApplicationState]) -> Application:
    """An application, held for an act that one of these states allows. Raises ``Refused`` in any other."""
    application = Application.objects.select_for_update().filter(pk=application_id).first()
    if application is None or application.state not in states:
        state = ApplicationState(application.state).label if application else "没有这份申请"
        raise Refused(
            Refusal(
                "REGISTER-APPLICATION-STATE",
                f"登记申请现为“{state}”，不能这样办理",
                "该申请的状态已经改变",
                "请刷新页面，按现在的状态办理",
            )
        )
    return application


def _move(application: Application, to: ApplicationState, *columns: str) -> None:
    """Move on and save what changed: what stays is not written, so its ciphertext stays too."""
    application.state, application.changed_at = to, Now()
    with refusing(_UNDER_WAY):
        application.save(update_fields=["state", "changed_at", *columns])


def columns_of(registration: Registration) -> dict[str, Any]:
    """What a registration says, as the application keeps it."""
    own = {name: getattr(registration, name) for name in Registration.__dataclass_fields__}
    handler = own.pop("handler")
    return {
        **own,
        "industry": registration.industry or "",
        "branch": Branch.objects.get(code=registration.branch),
        "handler_name": handler.name,
        "handler_identity_number": handler.identity_number,
        "handler_mobile": handler.mobile,
        "handler_mobile_digest": keyring().digest("mobile", handler.mobile),
    }


def recorded(
    act: str,
    application: Application,
    *,
    by: Actor,
    today: date,
    content: dict[str, Any],
    key: Key | None = None,
    detail: dict[str, Any] | None = None,
) -> Receipt:
    """The event of an act on an application, in its transaction."""
    result = {"application_id": application.pk, "number": application.number, "state": application.state}
    return evidence.record(
        act, by=by, today=today, subject=_subject(application), key=key, content=content, detail=detail, result=result
    )


def _content(form: EmployerApplication) -> dict[str, Any]:
    """What a form says. The event keeps a plain digest of it: numbers of people are in it under the center's key."""
    return {"form": keyring().digest("application", canonical(asdict(form))).hex()}


def _subject(application: Application) -> str:
    return f"application:{application.pk}"
