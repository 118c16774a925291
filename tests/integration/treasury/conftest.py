"""An open center, its bank, and months that ask for money."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from hpf.kernel import Fen
from hpf.kernel.identity import with_check_characters
from hpf.policy import choose_business_day
from hpf.registry.codes import TimelineKind
from hpf.remittance.models import Sheet
from hpf.storage import durable, reading
from tests.integration.treasury.bank import (
    AUGUST,
    DAY,
    JULY,
    Bank,
    declare,
    faults,
    settle,
)
from tests.office import SYSTEM, Unit, add_event, add_member, open_center, open_unit


@pytest.fixture
def bank() -> Bank:
    return Bank(Fen.from_yuan("1000000.00"), count(1))


@pytest.fixture
def unit(center: Any) -> Iterator[Unit]:
    """An employer at an open center; whatever a test did, the books are sound at its end."""
    open_center()
    with durable(SYSTEM):
        choose_business_day(DAY)
    yield open_unit()
    assert faults() == []


@pytest.fixture
def trio(unit: Unit) -> tuple[int, int, int]:
    """The three of the worked scenario: bases within the limits, at the cap, at the floor."""
    people = (("甲", "6000.00"), ("乙", "26495.50"), ("丙", "2200.00"))
    a, b, c = (add_member(unit, name, base, JULY) for name, base in people)
    return a, b, c


@pytest.fixture
def august(unit: Unit, trio, bank: Bank) -> int:
    """Step 5: July is booked, a fourth came, the third left; August asks for 6,052.62."""
    settle(bank.file(bank.line("5551.28", with_check_characters(declare(unit)))))
    add_member(unit, "丁", "5333.33", AUGUST)
    with durable(SYSTEM):
        add_event(unit, trio[2], TimelineKind.SEALING, AUGUST)
    case_no = declare(unit, AUGUST)
    with reading(SYSTEM):
        assert Sheet.objects.get(pk=case_no).due_fen.yuan == "6,052.62"
    return case_no
