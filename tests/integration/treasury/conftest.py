"""An open center, its bank, and months that ask for money. Imports wait until Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integration.treasury.bank import Bank
    from tests.office import Unit


@pytest.fixture
def bank() -> Bank:
    from tests.integration.treasury.bank import Bank

    return Bank.opened_with("0.00")


@pytest.fixture
def unit(center: Any) -> Iterator[Unit]:
    """An employer at an open center; whatever a test did, the books are sound at its end."""
    from tests.integration.treasury.bank import faults, open_hall

    yield open_hall()
    assert faults() == []


@pytest.fixture
def trio(unit: Unit) -> tuple[int, int, int]:
    """The three of the worked scenario: bases within the limits, at the cap, at the floor."""
    from tests.integration.treasury.bank import add_trio

    return add_trio(unit)


@pytest.fixture
def august(unit: Unit, trio: tuple[int, int, int], bank: Bank) -> int:
    """Step 5: July is booked, a fourth came, the third left; August asks for 6,052.62."""
    from tests.integration.treasury.bank import declare_august

    return declare_august(unit, trio, bank)
