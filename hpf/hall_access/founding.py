"""The founding of a center (建立中心): what stands in its database before anybody can log in.

Its name, place and law, its bank account, its branches, and administrators of all three kinds (三员). They enter
everybody else in the hall; the agreement is drafted and reviewed there too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from hpf import evidence, ledger, policy
from hpf.evidence import Receipt
from hpf.hall_access import rules
from hpf.hall_access.attempts import statements
from hpf.hall_access.models import PrincipalKind
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.registry.codes import ADMINISTRATOR_ROLES, Role
from hpf.registry.initial_passwords import initial_password
from hpf.registry.models import BankAccount, Branch, Center, Staff
from hpf.storage import durable

_DIGITS = {"place": 6, "number_prefix": 4}
_OPTIONAL = frozenset({"address", "hours", "phone", "services", "icp_record", "police_record", "site_code"})


FOUNDED = Key("center:found")
"""Under this key stands that a center is a real one: it never serves as a demonstration."""


@dataclass(frozen=True, slots=True)
class BranchOffice:
    """A branch (管理部): ``code`` two digits, ``place`` six (GB/T 2260)."""

    code: str
    name: str
    place: str
    address: str = ""
    hours: str = ""
    phone: str = ""
    services: str = ""


@dataclass(frozen=True, slots=True)
class Administrator:
    """One of the first administrators; ``role`` is ``system_admin``, ``security_admin`` or ``audit_admin``."""

    user_name: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Founding:
    """Everything that a center begins with. ``place`` chooses its law; ``number_prefix`` begins its account numbers."""

    name: str
    place: str
    number_prefix: str
    hotline: str
    address: str
    bank_account: str
    bank: str
    branches: tuple[BranchOffice, ...]
    administrators: tuple[Administrator, ...]
    icp_record: str = ""
    police_record: str = ""
    site_code: str = ""

    def refusals(self) -> list[Refusal]:
        """All that speaks against it, each with the place in the file where it stands."""
        return [
            *_texts("", self),
            *(found for office in self.branches for found in _texts(f"branches {office.code} ", office)),
            *(found for person in self.administrators for found in _person(person)),
            *_doubled("branches", "管理部代码", [office.code for office in self.branches]),
            *_doubled("administrators", "用户名", [person.user_name for person in self.administrators]),
            *_missing(self),
        ]


def lay_foundations(founding: Founding, today: date) -> None:
    """The center's row, its law, its bank account and its branches. Runs inside a durable transaction."""
    policy.load_shipped(founding.place)
    Center.objects.create(
        name=founding.name,
        place=founding.place,
        number_prefix=founding.number_prefix,
        hotline=founding.hotline,
        address=founding.address,
        icp_record=founding.icp_record,
        police_record=founding.police_record,
        site_code=founding.site_code,
        unidentified_account_id=ledger.open_account(ledger.Kind.UNIDENTIFIED, on=today, label="未识别款"),
    )
    BankAccount.objects.create(
        number=founding.bank_account,
        name=founding.name,
        bank=founding.bank,
        ledger_account_id=ledger.open_account(ledger.Kind.BANK, on=today, label=founding.bank),
    )
    Branch.objects.bulk_create(Branch(**asdict(office)) for office in founding.branches)


def found_center(founding: Founding, *, today: date, now: datetime) -> tuple[Receipt, Mapping[str, str]]:
    """Found the center; the receipt, and the initial password of each administrator by user name.

    Passwords are returned this once. Asked again with the same founding, whoever has not come in yet gets a new one.
    Raises ``Refused``: CENTER-FOUNDED, and all that speaks against the founding.
    """
    by, key, content = Actor.SYSTEM, FOUNDED, asdict(founding)
    with durable(by):
        if against := founding.refusals():
            raise Refused(against)
        receipt = evidence.receipt(key, content, by, "found_center")
        if receipt is None:
            if Center.objects.exists():
                raise Refused(FOUNDED_BEFORE)
            lay_foundations(founding, today)
            receipt = evidence.record(
                "found_center", by=by, today=today, subject="center:1", key=key, content=content, detail=content
            )
        return receipt, {person.user_name: _admit(person, now) for person in _waiting(founding)}


def _waiting(founding: Founding) -> Iterator[Administrator]:
    """The administrators who have not come in yet."""
    names = [person.user_name for person in founding.administrators]
    arrived = set(
        Staff.objects.filter(user_name__in=names, must_change_password=False).values_list("user_name", flat=True)
    )
    return (person for person in founding.administrators if person.user_name not in arrived)


def _admit(person: Administrator, now: datetime) -> str:
    """Let an administrator in with an initial password, which is returned; who came in with the one before is out."""
    password = initial_password(now)
    given = {"password_hash": password.hash, "initial_password_expires_at": password.expires_at}
    present = Staff.objects.filter(user_name=person.user_name).first()
    if present is None:
        branch = Branch.objects.earliest("id")
        Staff.objects.create(user_name=person.user_name, name=person.name, branch=branch, roles=[person.role], **given)
    else:
        Staff.objects.filter(pk=present.pk).update(**given)
        statements("end_sessions", kind=PrincipalKind.STAFF.value, principal_id=present.pk, now=now).rows()
    return password.text


FOUNDED_BEFORE = Refusal(
    "CENTER-FOUNDED",
    "中心已经建立",
    "一个中心只建立一次，同一文件在管理员首次登录前可以重复使用",
    "名称、管理部和人员请在网厅中维护",
)


def _texts(where: str, part: Founding | BranchOffice) -> Iterator[Refusal]:
    for field in fields(part):
        value = getattr(part, field.name)
        if not isinstance(value, str):
            continue
        if not value.strip() and field.name not in _may_be_empty(part):
            yield Refusal("CENTER-FIELD-EMPTY", f"{field.name}没有填写", where=where + field.name)
        elif (digits := _DIGITS.get(field.name)) and not re.fullmatch(f"[0-9]{{{digits}}}", value):
            yield Refusal("CENTER-FIELD-DIGITS", f"“{value}”应为{digits}位数字", where=where + field.name)


def _may_be_empty(part: Founding | BranchOffice) -> frozenset[str]:
    return _OPTIONAL if isinstance(part, BranchOffice) else _OPTIONAL - {"address"}


def _person(person: Administrator) -> Iterator[Refusal]:
    where = f"administrators {person.user_name}"
    for found in rules.staff_refusals(person.user_name, [person.role]):
        yield Refusal(found.code, found.what, found.why, found.remedy, where=where)
    if not person.name.strip():
        yield Refusal("CENTER-FIELD-EMPTY", "姓名没有填写", where=where)
    if person.role not in ADMINISTRATOR_ROLES:
        remedy = f"请填写{'、'.join(ADMINISTRATOR_ROLES)}之一，其他岗位由管理员在网厅中设立"
        yield Refusal("CENTER-NOT-ADMINISTRATOR", f"“{person.role}”不是管理员岗位", remedy=remedy, where=where)


def _doubled(where: str, what: str, values: list[str]) -> Iterator[Refusal]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Refusal("CENTER-DOUBLED", f"{what}“{value}”出现{count}次", where=where)


def _missing(founding: Founding) -> Iterator[Refusal]:
    if not founding.branches:
        yield Refusal("CENTER-NO-BRANCH", "没有管理部", remedy="请至少填写一个", where="branches")
    held = {person.role for person in founding.administrators}
    for role in ADMINISTRATOR_ROLES:
        if role not in held:
            yield Refusal(
                "CENTER-ADMINISTRATOR-MISSING",
                f"没有{Role(role).label}",
                "系统、安全、审计三员由不同的人担任",
                "请各填写至少一人",
                where="administrators",
            )
