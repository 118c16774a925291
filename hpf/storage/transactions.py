"""Transactions that know who acts.

The application's login owns nothing and may read nothing. ``durable`` and ``reading`` put a transaction into the role
of the actor: handlers and the public into the portal's role, with the employer set, so that row level security shows
them their own rows; staff and the system into the staff's role, with the member of the staff set, so that guards know
who makes and who decides. All settings are local to the transaction, so a connection that goes back carries nothing
over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from hpf.kernel import Actor, ActorKind, Refusal, Refused
from hpf.storage.refusals import refusing
from hpf.storage.sql import Query

_ENTER = "SET LOCAL ROLE {}; SET LOCAL hpf.employer = '{}'; SET LOCAL hpf.staff = '{}'"
_READ_ONLY = "; SET TRANSACTION READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan"

NOT_ADMITTED = Refusal(
    code="ACCESS-ENDED",
    what="您已不能为该单位办理业务",
    why="该单位的经办人已变更，网厅服务已终止，或使用已被中止",
    remedy="请由现任经办人登录，查看原因；有疑问的，请联系住房公积金管理中心",
    basis="《单位网上业务大厅服务协议》，经办人固定",
)
STOPPED = Refusal(
    code="STAFF-STOPPED",
    what="您的账号已停用",
    why="安全管理员刚刚停用了这个账号",
    remedy="请联系安全管理员；刚才的操作没有办理",
)


TWO_NEEDED = Refusal(
    code="TWO-STEPS-NEEDED",
    what="这项业务须经本单位复核人通过",
    why="贵单位已启用内部复核，一人录入，另一人通过后才提交",
    remedy="请重新打开页面，提交给复核人",
    basis="单位内部复核专项规则",
)
DECIDED = Refusal(
    code="TWO-STEPS-DECIDED",
    what="这项业务已不在待复核状态",
    why="已由他人处理，或录入人已撤回",
    remedy="请刷新页面，按现在的状态办理",
)
ONE_PERSON = Refusal(
    code="TWO-STEPS-ONE-PERSON",
    what="不能复核自己录入的业务",
    why="这项业务由您本人录入，录入与复核须为两人",
    remedy="请由现任经办人收回后重新提交，再由您复核",
    basis="单位内部复核专项规则",
)
WITHHELD = Refusal(
    code="CASE-WITHHELD",
    what="这项业务已限制贵单位在网厅办理",
    why="贵单位违反协议，中心限制了使用",
    remedy="请查看限制通知；业务可以到网点柜台办理",
    basis="《单位网上业务大厅服务协议》，违反协议的，中心可以限制、中止或终止使用",
)


def often_enough(most: str) -> Refusal:
    """An act that an employer has done today as often as it may."""
    return Refusal(
        code="DAILY-LIMIT",
        what="贵单位今天不能再办这项业务",
        why=f"每个单位每天最多{most}次，今天已办满{most}次",
        remedy="明天0时起可以再办；急办的请到柜面办理",
        basis="中心公布的办理时间和次数",
    )


_KEPT: Mapping[str, Refusal | Callable[[str], Refusal]] = {
    "casework_two_steps": TWO_NEEDED,
    "casework_prepared_two_persons": ONE_PERSON,
    "access_restriction_withheld": WITHHELD,
    "channels_daily_limit": often_enough,
}


def role_name(center: str, role: str) -> str:
    """The database role of a center: ``owner``, ``portal``, ``staff`` or the login ``app``."""
    return f"hpf_{center}_{role}"


@contextmanager
def durable(by: Actor, *, suspended_too: bool = False, stops: int | None = None) -> Iterator[None]:
    """One transaction that is committed for good when the block ends, in the role of ``by``.

    Never nests: an operation is one thing that happens in the office, whole or not at all. Raises ``Refused``
    (ACCESS-ENDED) for a handler who is one no longer: whoever ends his access waits for what he has under way, and
    what he begins later finds it ended. STAFF-STOPPED for one of the staff who was stopped since he came in.
    ``suspended_too``: this remains to him while access is suspended for breach. ``stops``: the one of the staff whom
    ``by`` stops, once what that one has under way is done.
    TWO-STEPS-NEEDED for what an employer submits with one person that needs two, TWO-STEPS-ONE-PERSON where the second
    is the first, CASE-WITHHELD for what is withheld from the employer for breach, DAILY-LIMIT for what it has done as
    often as it may today.
    """
    with refusing(_KEPT), _entering(_entrance(by)):
        is_person = by.is_handler and by.id is not None  # without id: the worker, for an employer
        if is_person and not _may_act(by, suspended_too):
            raise Refused(NOT_ADMITTED)
        if by.is_staff and by.id is not None and not _works_here(by, stops):
            raise Refused(STOPPED)
        if by.prepared is not None and not _carries_out(by):
            raise Refused(DECIDED)
        yield
        if by.rehearses:
            transaction.set_rollback(True)


@contextmanager
def reading(by: Actor) -> Iterator[None]:
    """One read-only transaction in the role of ``by``. A page that shows something runs in one."""
    with _entering(_entrance(by) + _READ_ONLY):
        yield


def asked(by: Actor, query: Query) -> list[tuple[Any, ...]]:
    """The rows of one statement in the role of ``by``, which is all of its transaction: one message to the server.

    For what every request asks before it begins. Never inside another transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a statement of its own cannot be asked inside a transaction")
    return Query(f"{_entrance(by)}; {query.text}", query.params).rows()


def assert_in_transaction() -> None:
    """For code that must not run on its own: raises outside ``durable``."""
    if not connection.in_atomic_block:
        raise RuntimeError("this must run inside hpf.storage.durable(by)")


def lock_key(key: str) -> None:
    """Let only one transaction at a time work under a key; held until the transaction ends."""
    assert_in_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema || %s, 0))", [key])


@contextmanager
def _entering(entrance: str) -> Iterator[None]:
    with transaction.atomic(durable=True):
        with connection.wrap_database_errors:
            connection.connection.begin(entrance)
        yield


def _entrance(by: Actor) -> str:
    portal = by.kind in (ActorKind.HANDLER, ActorKind.PUBLIC)
    role = role_name(settings.CENTER, "portal" if portal else "staff")
    employer = f"{by.employer_id:d}" if portal and by.employer_id is not None else ""
    staff = f"{by.id:d}" if by.is_staff and by.id is not None else ""
    return _ENTER.format(role, employer, staff)


def _carries_out(approver: Actor) -> bool:
    """What the schema's function ``prepared_carry_out`` says, which the keeper of prepared acts declares: the act is
    approved with this transaction, or was by the same person before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prepared_carry_out(%s, %s, %s)", [approver.prepared, approver.id, approver.name])
        (carries_out,) = cursor.fetchone()
    return bool(carries_out)


def _works_here(person: Actor, stops: int | None) -> bool:
    """What the schema's ``staff_may_act`` and ``staff_may_stop`` say, which the keeper of the staff declares."""
    with connection.cursor() as cursor:
        if stops is None:
            cursor.execute("SELECT staff_may_act(%s)", [person.id])
        else:
            cursor.execute("SELECT staff_may_stop(%s, %s)", [person.id, stops])
        (may_act,) = cursor.fetchone()
    return bool(may_act)


def _may_act(handler: Actor, suspended_too: bool) -> bool:
    """What the schema's function ``handler_may_act`` says, which the keeper of handlers declares."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT handler_may_act(%s, %s, %s)", [handler.id, handler.employer_id, suspended_too])
        (may_act,) = cursor.fetchone()
    return bool(may_act)
