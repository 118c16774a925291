"""Two steps inside an employer (单位内部复核): what one prepares is carried out when another approves it.

A prepared act is an operation by its name with its arguments. To prepare it changes nothing else; to approve it is to
call the operation as the approver, with its key and with ``Actor.prepared``: `durable` marks it approved in the very
transaction that carries it out. Which operations there are, the face says that offers them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Now

from hpf import evidence
from hpf.casework.models import PreparedAct, PreparedState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Month, Refusal, Refused
from hpf.registry.models import Handler
from hpf.storage import Statements, durable, keyring, refusing
from hpf.storage.transactions import DECIDED

PREPARED = "prepare_act"
ALREADY_WAITING = Refusal(
    "PREPARED-WAITING",
    "同样内容的业务已在等待本单位复核",
    "同一业务只提交一次",
    "请等待复核人处理，或先收回",
)
NOT_IN_TWO_STEPS = Refusal(
    "PREPARED-NOT-GRANTED", "贵单位的内部复核已停用", "停用后业务由经办人直接提交", "请刷新页面后重新提交"
)
NOTE_MISSING = Refusal("PREPARED-NOTE", "未填写退回原因", remedy="请写明需要改正的内容", where="note")
_LONGEST_NOTE = 500

statements = Statements(__package__)


def prepare(act: str, title: str, arguments: Mapping[str, Any], *, by: Actor, today: date, key: Key) -> Receipt:
    """Keep an act for the employer's approver. ``result`` names ``prepared_id``.

    Raises ``Refused``: PREPARED-WAITING for the same act again, PREPARED-NOT-GRANTED where two steps have ended.
    """
    digest = keyring().digest("prepared_act", f"{act} {_written(arguments)}")  # keyed: persons' numbers are in it
    content = {"act": act, "arguments": digest.hex()}
    constraints = {"casework_prepared_once": ALREADY_WAITING, "casework_prepared_granted": NOT_IN_TWO_STEPS}
    if by.employer_id is None or by.id is None:
        raise ValueError(f"an employer's person prepares an act, not {by.kind}")
    with durable(by), refusing(constraints):
        if done := evidence.receipt(key, content, by, "prepare_act"):
            return done
        found = PreparedAct.objects.create(
            employer_id=by.employer_id,
            act=act,
            title=title,
            arguments=_written(arguments),
            digest=digest,
            key=Key.fresh(),
            prepared_by_id=by.id,
            preparer_name=by.name,
            business_day=today,
        )
        return _recorded(PREPARED, found, content, by=by, today=today, key=key)


def give_back(prepared_id: int, note: str, *, by: Actor, today: date, key: Key) -> Receipt:
    """The approver returns an act to who prepared it, with a reason (退回). Raises ``Refused`` with every reason."""
    content = {"give_back": prepared_id, "note": note}
    if not note.strip():
        raise Refused(NOTE_MISSING)
    with durable(by):
        if done := evidence.receipt(key, content, by, "give_back_act"):
            return done
        found = _waiting(prepared_id)
        found.state, found.note = PreparedState.RETURNED, note.strip()[:_LONGEST_NOTE]
        found.decided_by_id, found.decider_name, found.decided_at = by.id, by.name, Now()
        found.save(update_fields=["state", "note", "decided_by", "decider_name", "decided_at"])
        return _recorded("give_back_act", found, content, by=by, today=today, key=key)


def take_back(prepared_id: int, *, by: Actor, today: date, key: Key) -> Receipt:
    """Who prepares for the employer takes an act back before it is decided (收回)."""
    content = {"take_back": prepared_id}
    with durable(by):
        if done := evidence.receipt(key, content, by, "take_back_act"):
            return done
        found = _waiting(prepared_id)
        found.state, found.decided_at = PreparedState.WITHDRAWN, Now()
        found.save(update_fields=["state", "decided_at"])
        return _recorded("take_back_act", found, content, by=by, today=today, key=key)


def arguments_of(found: PreparedAct) -> dict[str, Any]:
    """The arguments of a prepared act, as its operation takes them."""
    return {name: _read(value) for name, value in json.loads(found.arguments).items()}


def prepared_act(prepared_id: int) -> PreparedAct | None:
    """A prepared act of the employer's, by its number."""
    return PreparedAct.objects.filter(pk=prepared_id).first()


def latest(limit: int) -> list[PreparedAct]:
    """The employer's prepared acts, newest first."""
    return list(PreparedAct.objects.order_by("-pk")[:limit])


def standing(states: Iterable[PreparedState], since: date, limit: int = 20) -> list[PreparedAct]:
    """The employer's prepared acts in certain states, prepared since a day, oldest first."""
    return list(PreparedAct.objects.filter(state__in=states, business_day__gte=since).order_by("pk")[:limit])


@dataclass(frozen=True, slots=True)
class Hands:
    """Who entered a case and who approved it inside the employer; ``approved`` is ``""`` where one person did it."""

    entered: str
    approved: str = ""


def hands_of(case_no: int, alone: str) -> Hands:
    """Through whose hands a case went. ``alone`` is who did it where it was not prepared by another."""
    rows = statements("hands_of", subject=f"case:{case_no}").rows()
    return Hands(*rows[0]) if rows else Hands(alone)


def is_own(found: PreparedAct, person_id: int) -> bool:
    """Whether a user of the employer is the very person who prepared an act, under whatever name he did."""
    preparer = Handler.objects.filter(pk=found.prepared_by_id).values("identity_digest")
    return Handler.objects.filter(pk=person_id, identity_digest__in=preparer).exists()


def waiting_in(employer_id: int) -> int:
    """How many prepared acts of an employer wait for its approver."""
    return PreparedAct.objects.filter(employer_id=employer_id, state=PreparedState.WAITING).count()


def _waiting(prepared_id: int) -> PreparedAct:
    found = PreparedAct.objects.select_for_update().filter(pk=prepared_id, state=PreparedState.WAITING).first()
    if found is None:
        raise Refused(DECIDED)
    return found


def _written(arguments: Mapping[str, Any]) -> str:
    """Arguments as JSON; what JSON has no form for carries its kind."""
    return json.dumps(arguments, ensure_ascii=False, sort_keys=True, default=_tagged)


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, Month):
        return {"month": str(value)}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    raise TypeError(f"a prepared act cannot keep {type(value).__name__}")


def _read(value: Any) -> Any:
    match value:
        case {"month": str(text)} if len(value) == 1:
            return Month.parse(text)
        case {"bytes": str(text)} if len(value) == 1:
            return bytes.fromhex(text)
    return value


def _recorded(
    act: str, found: PreparedAct, content: Mapping[str, object], *, by: Actor, today: date, key: Key
) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"prepared:{found.pk}",
        key=key,
        content=content,
        detail={"act": found.act, "title": found.title, "note": found.note},
        result={"prepared_id": found.pk},
    )
