"""Parts of a day stand as their balances continue each other, in whatever order they came."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hpf.treasury.order import Part, in_order

BEFORE = 1_000


def parts_of(amounts: list[int], spans: list[tuple[int, int]]) -> list[Part]:
    """A day's movements, and files that each tell of some of them in a row."""

    def beside(own: tuple[int, int]) -> tuple[tuple[frozenset[int], int], ...]:
        rows = []
        for at, fen in enumerate(amounts):
            holders = frozenset(n for n, (start, end) in enumerate(spans) if start <= at < end)
            if holders and not own[0] <= at < own[1]:
                rows.append((holders, fen))
        return tuple(rows)

    return [Part(n, BEFORE + sum(amounts[: span[0]]), beside(span)) for n, span in enumerate(spans)]


def gaps(parts: list[Part], order: list[int], base: int | None) -> int:
    found, placed = 0, frozenset[int]()
    of = {part.id: part for part in parts}
    for number in order:
        now = of[number].base_after(placed)
        found += base is not None and now != base
        base, placed = now, placed | {number}
    return found


@given(
    st.lists(st.integers(-5, 5).filter(bool), min_size=1, max_size=12),
    st.lists(st.integers(0, 12), max_size=4),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_files_that_leave_nothing_out_leave_no_gap(amounts, cuts, whole, random) -> None:
    edges = sorted({0, len(amounts), *(cut for cut in cuts if cut < len(amounts))})
    spans = list(pairwise(edges)) + ([(0, len(amounts))] if whole else [])
    random.shuffle(spans)
    parts = parts_of(amounts, spans)
    for base in (BEFORE, None):
        order = in_order(parts, base)
        assert sorted(order) == list(range(len(spans)))
        assert gaps(parts, order, base) == 0


def test_one_missing_file_is_one_gap_where_it_is_missing() -> None:
    amounts = [50, 20, 30, 7]
    parts = parts_of(amounts, [(2, 3), (0, 1), (3, 4)])
    order = in_order(parts, BEFORE)
    assert order == [1, 0, 2]
    assert gaps(parts, order, BEFORE) == 1


def test_two_dozen_files_of_a_day_are_put_in_order_at_once() -> None:
    spans = [(at, at + 1) for at in range(24)][::-1]
    parts = parts_of(list(range(1, 25)), spans)
    assert in_order(parts, BEFORE) == list(range(23, -1, -1))
