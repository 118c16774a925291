"""How the law is cited: by name, edition and article, in the edition that was in force on the day (settled 18)."""

from __future__ import annotations

from datetime import date

REGULATION_2026 = date(2026, 9, 20)
"""Decree 844: the Regulation as amended in 2026 holds from this day on."""


def regulation(day: date, article: str) -> str:
    """An article of 《住房公积金管理条例》 in the edition in force on a day.

    >>> regulation(date(2026, 9, 19), "第十三条")
    '《住房公积金管理条例》（2019年修订）第十三条'
    """
    return f"《住房公积金管理条例》（{'2026' if day >= REGULATION_2026 else '2019'}年修订）{article}"
