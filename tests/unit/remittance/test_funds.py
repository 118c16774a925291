"""What is still asked for of a month while money lies in 暂存款."""

from __future__ import annotations

import pytest

from hpf.kernel import Fen
from hpf.remittance.rules import Funds


@pytest.mark.parametrize(
    ("asked", "held", "beside", "rest", "covers"),
    [
        (1000, 0, 0, 1000, False),
        (600, 400, 0, 600, False),  # 400 are counted or reserved
        (1000, 300, 300, 700, False),  # claimed: only the rest is asked for
        (600, 700, 300, 300, False),  # counted and claimed
        (1000, 1000, 1000, 0, True),
        (1000, 1500, 1500, 0, True),
        (1000, 1100, 300, 0, True),  # what lay there before makes it enough
        (1000, 1200, 0, 1000, True),  # lay there when a transfer was chosen: the choice stands
    ],
)
def test_nothing_that_came_is_asked_for_twice(asked: int, held: int, beside: int, rest: int, covers: bool) -> None:
    funds = Funds(Fen(1000), Fen(asked), Fen(held), Fen(beside))
    assert (funds.rest, funds.covers) == (rest, covers)
