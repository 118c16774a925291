"""The timeline of effective-month events, and its replay into a month's sheet."""

from __future__ import annotations

from hpf.kernel import Month, Rounding
from hpf.registry.codes import UnitState
from hpf.registry.models import UnitAccount
from hpf.storage import Query, Statements, assert_in_transaction

statements = Statements(__package__)


def lock_unit_account(unit_account_id: int) -> UnitAccount:
    """Lock a unit account until the transaction ends and return it as it now stands.

    Whatever writes events or declares months takes this lock first: so a sheet knows exactly the events before it.
    """
    assert_in_transaction()
    statements("lock_unit_account", unit_account_id=unit_account_id).row()
    return UnitAccount.objects.select_related("employer").get(pk=unit_account_id)


def replay(unit_account_id: int, month: Month, rounding: Rounding, through: int) -> Query:
    """The sheet of a month as a query of ``(account_id, base_fen, unit_fen, personal_fen)``.

    ``through`` is the id of the last event that was known: see ``last_event``.
    """
    return statements(
        "replay", unit_account_id=unit_account_id, month=month.first_day, rounding=rounding.value, through=through
    )


def last_event(unit_account_id: int) -> int:
    """The id of the latest event of a unit account, 0 if there is none."""
    (event_id,) = statements("last_event", unit_account_id=unit_account_id).row()
    return int(event_id)


def remits(state: str) -> bool:
    """Whether a unit account in this state declares months (domain H-03)."""
    return state in {member.value for member in UnitState.remitting()}
