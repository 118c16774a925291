"""Sealing on a real database."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel import Key, Month, Refused
from hpf.registry.codes import TimelineKind
from hpf.registry.models import Account, TimelineEvent, UnitAccount
from hpf.sealing.operations import seal_members
from hpf.storage import durable, reading
from tests.integration.test_remittance import declare
from tests.office import SYSTEM, Unit, add_member, open_center, open_unit

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
DAY = date(2026, 8, 10)


@pytest.fixture
def unit(center) -> Unit:
    open_center()
    return open_unit()


def seal(unit: Unit, *accounts: int, month: Month = JULY, key: str = "seal-key-1", by=None):
    return seal_members(
        unit_account_id=unit.unit_account_id,
        account_ids=accounts,
        effective_month=month,
        reason="01",
        by=by or unit.handler,
        today=DAY,
        key=Key(key),
    )


def counts(unit: Unit) -> tuple[int, int]:
    with reading(SYSTEM):
        return UnitAccount.objects.values_list("active_count", "sealed_count").get(pk=unit.unit_account_id)


@pytest.fixture
def account(unit: Unit) -> int:
    account = add_member(unit, "丙", "2200.00", JULY)
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=unit.unit_account_id).update(active_count=1)
    return account


def test_a_sealed_member_leaves_an_event_and_the_counts(unit: Unit, account: int) -> None:
    seal(unit, account)
    with reading(unit.handler):
        assert Account.objects.get(pk=account).state == "02"
        assert TimelineEvent.objects.get(kind=TimelineKind.SEALING).effective_month == JULY
    assert counts(unit) == (0, 1)


def test_the_same_click_twice_seals_once(unit: Unit, account: int) -> None:
    assert seal(unit, account).result == seal(unit, account).result
    assert counts(unit) == (0, 1)


def test_a_declared_month_keeps_its_people(unit: Unit, account: int) -> None:
    case_no = declare(unit, JULY)
    with pytest.raises(Refused) as refused:
        seal(unit, account)
    assert refused.value.codes == ("SEAL-MONTH-DECLARED",)
    assert refused.value.refusals[0].case_no == case_no
    seal(unit, account, month=AUGUST)


def test_another_employers_member_is_nobody(unit: Unit, account: int) -> None:
    stranger = open_unit("另一单位", "12511100451268006X")
    with pytest.raises(Refused) as refused:
        seal(stranger, account)
    assert refused.value.codes == ("SEAL-NOBODY",)
