"""An open center with two employers. Imports wait until Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.office import Unit


@pytest.fixture
def unit(center: Any) -> Unit:
    from tests.office import open_center, open_unit

    open_center()
    return open_unit()


@pytest.fixture
def stranger(unit: Unit) -> Unit:
    from tests.office import open_unit

    return open_unit("另一单位", "12511100451268006X")
