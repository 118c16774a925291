"""What does not go on a day that somebody chooses for the demonstration, said before it is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.faces.cli.demo.plan import settles
from hpf.policy import law_on
from hpf.registry.models import Center
from hpf.treasury.queries import last_day


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence in both languages."""

    chinese: str
    english: str


def doubt_about(day: date) -> Doubt | None:
    """What is to be known of a day before anybody works on it. Asks inside the caller's transaction."""
    center = Center.objects.first()
    if center is None:
        return None
    if (end := last_day()) and day < end:
        return Doubt(
            f"对账单已到{end}，{day}在此之前：此前日期的对账单与已有的不衔接，不能导入；"
            f"要从{day}办起，请另用一个空的数据目录（HPF_DATA=…）启动",
            f"the bank's statements go to {end}: those of earlier days will not join them; "
            f"to begin on {day}, take a fresh folder (HPF_DATA=…)",
        )
    if not settles(law_on(day, center.place)):
        return Doubt(f"{day}没有缴存基数和比例的规定，不能核定", f"no law says what is paid on {day}")
    return None
