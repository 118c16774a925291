"""What an employer submits: the one way by which the portal calls such an operation.

Where the center has granted two steps, who prepares rehearses the operation and leaves it to the approver; else it is
called at once. Whoever calls such an operation by another way is refused by the database where two are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from hpf.access_restriction.rules import withheld
from hpf.account_opening import operations as opening
from hpf.account_opening.models import Choice
from hpf.casework import prepared
from hpf.casework.models import PreparedAct
from hpf.channels.rules import refusal_of, stopping
from hpf.evidence import Receipt
from hpf.faces.portal.addresses import sheet_href
from hpf.faces.web.answers import posted
from hpf.faces.web.door import HallRequest
from hpf.faces.web.shapes.frame import Link
from hpf.kernel import Channel, Fen, Key, Refusal, Refused
from hpf.kernel.identity import mask_account, mask_identity, mask_mobile
from hpf.papers.roster_columns import ROSTER_COLUMNS, CellKind, Column
from hpf.registry.codes import HallFunction, SealReason
from hpf.registry.models import Account
from hpf.remittance import operations as remittance
from hpf.sealing.operations import seal_members

_NAMED = 50
_MASKS = {"document_number": mask_identity, "mobile": mask_mobile, "bank_card": mask_account}
Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """An operation that an employer submits, and how it is told to the approver who did not fill in the form.

    ``title`` in one line, ``facts`` as (label, value), ``look`` where to see what it is about, ``again`` the page where
    it is filled in anew when it was returned, if not there.
    """

    operation: Callable[..., Receipt]
    function: HallFunction
    title: Callable[[Arguments], str]
    facts: Callable[[Arguments], tuple[tuple[str, str], ...]]
    look: Callable[[Arguments], Link]
    again: str = ""


def submitted(
    request: HallRequest,
    act: str,
    read: Callable[[], Arguments],
    then: Callable[[Receipt], str],
    otherwise: Callable[[Sequence[Refusal]], HttpResponse],
) -> HttpResponse:
    """Submit: call the operation with what ``read`` reads from the form, or prepare it for the employer's approver."""

    def operate(key: Key) -> Receipt:
        arguments = read()
        if request.actor.in_two_steps:
            return _prepare(request, act, arguments, key)
        return SUBMISSIONS[act].operation(**arguments, by=request.actor, today=request.today, key=key)

    return posted(request, operate, lambda receipt: _led_to(receipt, then), otherwise)


def carry_out(request: HallRequest, found: PreparedAct) -> Receipt:
    """Call a prepared operation as its approver: judged anew, approved in its own transaction."""
    submission = SUBMISSIONS[found.act]
    closure = stopping(request.frame.closures, Channel.PORTAL, submission.function, request.visit.moment)
    if closure:
        raise Refused(refusal_of(closure))
    if request.principal and submission.function in request.principal.limited:
        raise Refused(withheld(submission.function))
    by = replace(request.actor, prepared=found.pk)
    return submission.operation(**prepared.arguments_of(found), by=by, today=request.today, key=Key(found.key))


def _prepare(request: HallRequest, act: str, arguments: Arguments, key: Key) -> Receipt:
    """Whatever speaks against it is said to who fills in the form: the operation itself is tried, and undone."""
    submission, by = SUBMISSIONS[act], request.actor
    submission.operation(**arguments, by=replace(by, rehearses=True), today=request.today, key=Key.fresh())
    return prepared.prepare(act, submission.title(arguments), arguments, by=by, today=request.today, key=key)


def _led_to(receipt: Receipt, then: Callable[[Receipt], str]) -> str:
    if receipt.act == prepared.PREPARED:
        return reverse("portal:prepared-act", args=[receipt.result["prepared_id"]])
    return then(receipt)


def _opened_person(arguments: Arguments) -> tuple[tuple[str, str], ...]:
    person = arguments["person"]
    typed = ((one, str(person.get(one.key, ""))) for one in ROSTER_COLUMNS)
    facts = [(one.title, _shown(one, text)) for one, text in typed if text]
    if arguments.get("accept_mended"):
        facts.append(("建议的更正", "按建议更正后开户"))
    return tuple(facts)


def _shown(column: Column, typed: str) -> str:
    if column.kind is not CellKind.MONEY:
        return _MASKS.get(column.key, str)(typed)
    try:
        return f"{Fen.from_yuan(typed).yuan} 元"
    except ValueError:  # what is to be mended with the opening stands as it was typed
        return typed


def _sealed(arguments: Arguments) -> tuple[tuple[str, str], ...]:
    ids = arguments["account_ids"]
    accounts = Account.objects.filter(pk__in=ids).select_related("member").order_by("pk")[:_NAMED]
    names = "、".join(f"{one.member.name}（{one.number}）" for one in accounts)
    return (
        ("人数", f"{len(ids):,} 人"),
        ("职工", names + ("等" if len(ids) > _NAMED else "")),
        ("生效年月", arguments["effective_month"].chinese),
        ("封存原因", SealReason(arguments["reason"]).label),
    )


def _way(arguments: Arguments) -> str:
    return "暂存款" if arguments["use_unallocated"] else "转账"


def _of_case(arguments: Arguments) -> tuple[tuple[str, str], ...]:
    return (("办件号", str(arguments["case_no"])),)


def _to_sheet(arguments: Arguments) -> Link:
    return Link("看这个月的汇缴", sheet_href(arguments["case_no"]))


def _to_roster(arguments: Arguments) -> Link:
    return Link("看名册核对结果", reverse("portal:preview", args=[arguments["case_no"]]))


SUBMISSIONS: dict[str, Submission] = {
    "open_account": Submission(
        opening.open_account,
        HallFunction.OPENING,
        lambda given: f"开户：{given['person'].get('name', '')}",
        _opened_person,
        lambda _: Link("看花名册", reverse("portal:roster")),
        "portal:open",
    ),
    "open_roster": Submission(
        opening.open_roster,
        HallFunction.OPENING,
        lambda given: f"批量开户，名册{given['case_no']}",
        lambda given: (*_of_case(given), ("怎么办", str(Choice(given["choice"]).label))),
        _to_roster,
    ),
    "seal_members": Submission(
        seal_members,
        HallFunction.SEALING,
        lambda given: f"封存{len(given['account_ids'])}人，{given['effective_month'].chinese}起",
        _sealed,
        lambda _: Link("看花名册", reverse("portal:roster")),
    ),
    "submit_sheet": Submission(
        remittance.submit_sheet,
        HallFunction.REMITTANCE,
        lambda given: f"{given['month'].chinese}汇缴核定",
        lambda given: (("年月", given["month"].chinese), ("怎么付", _way(given))),
        lambda _: Link("看本月试算", reverse("portal:declare")),
    ),
    "withdraw_sheet": Submission(
        remittance.withdraw_sheet,
        HallFunction.REMITTANCE,
        lambda given: f"撤回汇缴核定，办件号{given['case_no']}",
        _of_case,
        _to_sheet,
    ),
    "pay_from_unallocated": Submission(
        remittance.pay_from_unallocated,
        HallFunction.REMITTANCE,
        lambda given: f"用暂存款付清汇缴，办件号{given['case_no']}",
        _of_case,
        _to_sheet,
    ),
}
"""The act by which the event log knows an operation: how it is submitted."""
