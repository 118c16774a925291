"""汇缴清册: every member of a unit account in one month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hpf.kernel import Fen, amount_in_words
from hpf.papers.glyphs import clean
from hpf.papers.pdf import plain, render
from hpf.papers.shapes import RemittanceRoster, RosterLine

LINES_PER_PAGE = 40

LAST_PAGE = range(5, 37)
"""So many lines the last page takes: the totals stand below them, and below fewer they would look lost."""

VOLUME_LINES = 10_000
"""Lines of one volume (册), so that the longest list takes no more memory than this one."""

_LONG_NAME = 7


def volumes(roster: RemittanceRoster) -> int:
    """How many volumes (册) the list has; one up to ``VOLUME_LINES`` people."""
    return max(1, -(-len(roster.lines) // VOLUME_LINES))


def remittance_roster(roster: RemittanceRoster, volume: int = 1) -> bytes:
    """One volume of a 汇缴清册; the last one carries the totals in figures and 大写.

    Raises ``ValueError`` for a volume that the list does not have.
    """
    count = volumes(roster)
    if not 1 <= volume <= count:
        raise ValueError(f"the list has {count} volumes and no volume {volume}")
    start = (volume - 1) * VOLUME_LINES
    lines = roster.lines[start : start + VOLUME_LINES]
    data = {
        "center": plain(roster.center),
        "imprint": plain(roster.imprint),
        "unit": plain(roster.unit),
        "month": roster.month.chinese,
        "unit_rate": roster.unit_rate.percent,
        "member_rate": roster.member_rate.percent,
        "handler": clean(roster.handler),
        "approver": clean(roster.approver),
        "state_title": f"　{clean(roster.state)}" if roster.state else "",
        "void": f"{clean(roster.state)} 作废" if roster.is_void else "",
        "volume_title": f"　第{volume}册 共{count}册" if count > 1 else "",
        "people": plain(len(roster.lines)),
        "pages": _pages(lines, start + 1, totals=volume == count),
        "last": volume == count,
        "totals": _totals(roster.lines) if volume == count else None,
    }
    return render("remittance_roster", data, printed_at=roster.imprint.printed_at)


def _pages(lines: Sequence[RosterLine], first_serial: int, *, totals: bool) -> list[dict[str, Any]]:
    starts = _starts(len(lines), totals=totals)
    return [_page(lines[at:end], first_serial + at) for at, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _starts(count: int, *, totals: bool) -> list[int]:
    """With which line each page begins. Where the last page would be too full or too empty, it takes a few lines.

    >>> _starts(75, totals=True), _starts(40, totals=True), _starts(41, totals=True), _starts(80, totals=False)
    ([0, 40], [0, 35], [0, 36], [0, 40])
    """
    starts = list(range(0, max(1, count), LINES_PER_PAGE))
    last = count - starts[-1]
    if totals and last > max(LAST_PAGE):
        return [*starts, count - min(LAST_PAGE)]
    if totals and last < min(LAST_PAGE) and len(starts) > 1:
        starts[-1] = count - min(LAST_PAGE)
    return starts


def _page(lines: Sequence[RosterLine], first_serial: int) -> dict[str, Any]:
    """The eight columns of a page, each one string with a line per person."""
    names = [clean(line.name) for line in lines]
    columns = (
        [str(first_serial + at) for at in range(len(lines))],
        [clean(line.account_no) for line in lines],
        names,
        [clean(line.document_masked) for line in lines],
        [line.base.yuan for line in lines],
        [line.unit_share.yuan for line in lines],
        [line.member_share.yuan for line in lines],
        [line.total.yuan for line in lines],
    )
    return {
        "columns": ["\n".join(column) for column in columns],
        "lines": len(lines),
        "long_names": any(len(name) > _LONG_NAME for name in names),
    }


def _totals(lines: Sequence[RosterLine]) -> dict[str, str]:
    base = sum((line.base for line in lines), Fen(0))
    unit = sum((line.unit_share for line in lines), Fen(0))
    member = sum((line.member_share for line in lines), Fen(0))
    return {
        "base": base.yuan,
        "unit": unit.yuan,
        "member": member.yuan,
        "all": (unit + member).yuan,
        "words": amount_in_words(unit + member),
    }
