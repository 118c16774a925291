"""What the demonstration consists of, as its YAML files say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from hpf.employer_registration.rules import DECLARATIONS, EmployerApplication
from hpf.hall_access.founding import BranchOffice, Founding
from hpf.kernel import Fen, Month


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """One of the center's people, with the password that the demonstration prints."""

    user_name: str
    name: str
    roles: tuple[str, ...]
    password: str


@dataclass(frozen=True, slots=True)
class CenterPlan:
    """The center itself, its people, and the day on which the demonstration begins."""

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
    """Everything. The months ``first_month`` to ``last_month`` are remitted; ``newcomer`` has just been registered.

    Of the ``applicants`` the first waits for a second person, the others were filled in at home.
    """

    center: CenterPlan
    employers: tuple[EmployerPlan, ...]
    newcomer: EmployerPlan
    applicants: tuple[EmployerApplication, ...]
    strangers: tuple[StrangerPlan, ...]
    registered_on: date
    first_month: Month
    last_month: Month


@cache
def plan() -> Plan:
    """The demonstration that comes with the program."""
    center, employers = read_yaml("center.yaml"), read_yaml("employers.yaml")
    return Plan(
        center=_center(center),
        employers=tuple(_employer(entry) for entry in employers["employers"]),
        newcomer=_employer(employers["newcomer"]),
        applicants=tuple(_application(entry) for entry in employers["applicants"]),
        strangers=tuple(_stranger(entry) for entry in employers["strangers"]),
        registered_on=date.fromisoformat(employers["registered_on"]),
        first_month=Month.parse(employers["remitted"]["from"]),
        last_month=Month.parse(employers["remitted"]["through"]),
    )


def read_yaml(name: str) -> Any:
    """A file of this package. Every scalar is the text that stands there."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes text, lists and dictionaries only


def _center(entry: Mapping[str, Any]) -> CenterPlan:
    own = {key: entry[key] for key in ("name", "place", "number_prefix", "hotline", "address", "bank_account", "bank")}
    branches = tuple(BranchOffice(**branch) for branch in entry["branches"])
    return CenterPlan(
        founding=Founding(**own, branches=branches, administrators=()),
        today=date.fromisoformat(entry["today"]),
        staff=tuple(StaffPlan(**{**person, "roles": tuple(person["roles"])}) for person in entry["staff"]),
    )


def _employer(entry: Mapping[str, Any]) -> EmployerPlan:
    return EmployerPlan(
        application=_application(entry["application"]),
        password=entry["password"],
        openings=_by_month(entry.get("openings", {})),
        sealings=_by_month(entry.get("sealings", {})),
        names=tuple(entry.get("names", ())),
    )


def _application(entry: Mapping[str, str]) -> EmployerApplication:
    return EmployerApplication(**entry, **dict.fromkeys(DECLARATIONS, "1"))


def _by_month(counts: Mapping[str, str]) -> dict[Month, int]:
    return {Month.parse(month): int(count) for month, count in counts.items()}


def _stranger(entry: Mapping[str, str]) -> StrangerPlan:
    return StrangerPlan(**{**entry, "amount": Fen.from_yuan(entry["amount"])})  # type: ignore[arg-type]
