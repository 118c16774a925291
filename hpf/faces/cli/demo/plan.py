"""What the demonstration consists of, as its YAML files say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from hpf.employer_registration.rules import DECLARATIONS, EmployerApplication
from hpf.hall_access.founding import BranchOffice, Founding
from hpf.kernel import Fen, Month, Refusal, Refused
from hpf.policy import Law, NoLawInForce, shipped_law, shipped_terms


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """One of the center's people, with the password that the demonstration prints."""

    user_name: str
    name: str
    roles: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class CenterPlan:
    """The center itself, its people, and the day on which the demonstration begins: the end of its history."""

    founding: Founding
    today: date
    staff: tuple[StaffPlan, ...]


@dataclass(frozen=True, slots=True)
class EmployerPlan:
    """An employer: how many people it opens and seals from which month on, and its handler's password.

    ``names`` stand first on its first roster.
    """

    application: EmployerApplication
    password: str
    openings: Mapping[Month, int]
    sealings: Mapping[Month, int]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrangerPlan:
    """Money without a payment reference."""

    flow_no: str
    amount: Fen
    payer_name: str
    payer_account: str
    summary: str
    remark: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything. The employers come on ``registered_on`` and work in ``months``; those before the month of
    ``center.today`` are ``remitted``: all of them, or none where the law only begins. ``newcomer`` is registered today.

    Of the ``applicants`` the first waits for a second person, the others were filled in at home.
    """

    center: CenterPlan
    employers: tuple[EmployerPlan, ...]
    newcomer: EmployerPlan
    applicants: tuple[EmployerApplication, ...]
    strangers: tuple[StrangerPlan, ...]
    months: tuple[Month, ...]

    @property
    def registered_on(self) -> date:
        return self.months[0].first_day

    @property
    def remitted(self) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month < Month.of(self.center.today))


@cache
def plan(today: date | None = None) -> Plan:
    """The demonstration that comes with the program, with the months that lie before a day, or before its own.

    Raises ``Refused`` (DEMO-NO-LAW) for a day on which the shipped law gives no base and no rate.
    """
    center, employers = read_yaml("center.yaml"), read_yaml("employers.yaml")
    today = today or date.fromisoformat(center["today"])
    months = _months(today, int(employers["months"]), center["place"])
    return Plan(
        center=_center(center, today),
        employers=tuple(_employer(entry, months[0].first_day, months) for entry in employers["employers"]),
        newcomer=_employer(employers["newcomer"], today, ()),
        applicants=tuple(_application(entry, today) for entry in employers["applicants"]),
        strangers=tuple(_stranger(entry, months[-1]) for entry in employers["strangers"]),
        months=months,
    )


def settles(law: Law) -> bool:
    """Whether a law says from what and at which rate is paid."""
    try:
        return law.month_floor_fen <= law.month_cap_fen
    except NoLawInForce:
        return False


def read_yaml(name: str) -> Any:
    """A file of this package. Every scalar is the text that stands there."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes text, lists and dictionaries only


def _months(today: date, most: int, place: str) -> tuple[Month, ...]:
    """The months in which the employers work: those before a day for which there is law, or else its own."""
    if not settles(shipped_law(today, place)):
        raise Refused(_no_law(today, place))
    this = Month.of(today)
    before = tuple(month for month in (this - most).until(this) if settles(shipped_law(month.first_day, place)))
    return before or (this,)


def _no_law(day: date, place: str) -> Refusal:
    held = [term for term in shipped_terms(place) if term.name == "base_cap_fen" and term.place == place]
    first, last = min(term.starts_on for term in held), max(term.ends_on or date.max for term in held)
    return Refusal(
        "DEMO-NO-LAW",
        f"{day}没有缴存基数和比例的规定，演示中心不能从这一天开始",
        f"随程序发布的规定自{first}至{last - timedelta(days=1)}有效",
        "请用--today另选其中的一天",
    )


def _center(entry: Mapping[str, Any], today: date) -> CenterPlan:
    own = {key: entry[key] for key in ("name", "place", "number_prefix", "hotline", "address", "bank_account", "bank")}
    branches = tuple(BranchOffice(**branch) for branch in entry["branches"])
    return CenterPlan(
        founding=Founding(**own, branches=branches, administrators=()),
        today=today,
        staff=tuple(StaffPlan(**{**person, "roles": tuple(person["roles"])}) for person in entry["staff"]),
    )


def _employer(entry: Mapping[str, Any], on: date, months: Sequence[Month]) -> EmployerPlan:
    return EmployerPlan(
        application=_application(entry["application"], on),
        password=entry["password"],
        openings=_by_month(entry.get("openings", ()), months),
        sealings=_by_month(entry.get("sealings", ()), months),
        names=tuple(entry.get("names", ())),
    )


def _application(entry: Mapping[str, str], on: date) -> EmployerApplication:
    """The form with which an employer comes on a day."""
    founded, month = entry["founded_on"], Month.of(on)
    if founded.isdecimal():
        founded = (on - timedelta(days=int(founded))).isoformat()
    filled_in = {**entry, "founded_on": founded, "first_month": f"{month.year}-{month.month:02d}"}
    return EmployerApplication(**filled_in, **dict.fromkeys(DECLARATIONS, "1"))


def _by_month(counts: Sequence[str], months: Sequence[Month]) -> dict[Month, int]:
    return {month: int(count) for month, count in zip(months, counts, strict=False)}


def _stranger(entry: Mapping[str, str], month: Month) -> StrangerPlan:
    remark = entry["remark"].format(month=month.month)
    return StrangerPlan(**{**entry, "amount": Fen.from_yuan(entry["amount"]), "remark": remark})  # type: ignore[arg-type]
