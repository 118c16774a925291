"""People who do not exist. The same seed invents the same people.

Their identity numbers hold by the check digit and begin with 990101, an area that GB/T 2260 assigns to no place. Their
mobiles begin with 160, which was the number of the voice information service and is handed out to no subscriber.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from hpf.faces.cli.demo.plan import read_yaml
from hpf.kernel import Fen, Month
from hpf.kernel.identity import citizen_check_digit

AREA = "990101"
MOBILE_RANGE = "160"
_ELDEST, _YOUNGEST = date(1967, 1, 1), date(2004, 12, 31)


class Town:
    """Invents the people of one employer. ``seed``, a digit, keeps those of two employers apart."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - a demonstration, no secret
        self._seed = seed
        self._born: Counter[date] = Counter()
        names = read_yaml("names.yaml")
        self._surnames: list[str] = list(names["surnames"])
        self._weights = [int(weight) for weight in names["surnames"].values()]
        self._given: str = names["given"]

    def people(self, count: int, month: Month, names: tuple[str, ...] = ()) -> Iterator[Mapping[str, str]]:
        """So many rows of an opening roster, by column key; the first of them with the names given."""
        for number in range(count):
            yield {
                "serial": str(number + 1),
                "name": names[number] if number < len(names) else self._name(),
                "document_type": "身份证",
                "document_number": self._number(),
                "mobile": self._mobile(),
                "monthly_wage": self._wage().plain_yuan,
                "first_month": month.compact,
            }

    def choose(self, things: list[int], count: int) -> list[int]:
        """Some of many, at random and sorted."""
        return sorted(self._rng.sample(things, count))

    def _name(self) -> str:
        surname = self._rng.choices(self._surnames, self._weights)[0]
        return surname + "".join(self._rng.sample(self._given, self._rng.choice((1, 2, 2, 2))))

    def _number(self) -> str:
        born = _ELDEST + timedelta(days=self._rng.randrange((_YOUNGEST - _ELDEST).days))
        self._born[born] += 1
        first_17 = f"{AREA}{born:%Y%m%d}{self._seed * 100 + self._born[born]:03d}"
        return first_17 + citizen_check_digit(first_17)

    def _mobile(self) -> str:
        return f"{MOBILE_RANGE}{self._seed + 1:02d}{self._born.total():06d}"

    def _wage(self) -> Fen:
        """Mostly some thousands, seldom below the floor or above the cap."""
        return Fen(round(self._rng.lognormvariate(8.75, 0.45)) * 100)
