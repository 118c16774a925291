"""What the register knows of the people to be opened: verdicts over digests, never another employer's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from hpf.account_opening.encrypting import EncryptedNumbers
from hpf.account_opening.roster import CheckedRow
from hpf.account_opening.rules import standing_finding
from hpf.account_opening.shapes import TITLES, RosterRow, Standing
from hpf.kernel import Actor, ActorKind, Refusal
from hpf.registry import timeline
from hpf.registry.models import UnitAccount
from hpf.storage import durable, keyring, refusing

AT_ONCE = 20_000

TOO_MANY_QUESTIONS = Refusal(
    code="ROSTER-TOO-MANY-QUESTIONS",
    what="今日核对的证件号码过多",
    why="一个单位一天最多核对50万个证件号码",
    remedy="请明日再上传；确有需要的，请联系住房公积金管理中心",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the register answers about an identity number: a verdict, and of the unit account's own people the digest of
    the name they are kept under (ADR 24)."""

    standing: Standing
    name_digest: bytes | None


def known(digests: Iterable[bytes], unit_account_id: int) -> dict[bytes, Known]:
    """What the register knows of identity digests; who is not in it is left out. Logged and limited (settled 24).

    Raises ``Refused`` (ROSTER-TOO-MANY-QUESTIONS) for an employer that has asked too much today.
    """
    asked = list(set(digests))
    if not asked:
        return {}
    with refusing({"registry_standing_limit": TOO_MANY_QUESTIONS}):
        rows = timeline.statements("standing", digests=asked, unit_account_id=unit_account_id).rows()
    return {bytes(digest): Known(Standing(standing), name and bytes(name)) for digest, standing, name in rows}


def with_standings(
    rows: Sequence[CheckedRow],
    encrypted: Mapping[int, EncryptedNumbers],
    unit: UnitAccount,
    by: Actor,
    today: date,
    progress: Callable[[int], None],
) -> list[CheckedRow]:
    """The rows of a roster with what the register says of them, asked in the employer's name: logged, limited per day.

    ``encrypted`` holds what is digested already, by the number of the row. ``progress`` is told how many rows have been
    asked about. Raises ``Refused`` as ``known`` does.
    """
    asker = replace(by, kind=ActorKind.HANDLER, employer_id=unit.employer_id)
    people: dict[bytes, Known] = {}
    for start in range(0, len(rows), AT_ONCE):
        with durable(asker):
            people |= known(_digests(rows[start : start + AT_ONCE], encrypted), unit.pk)
        progress(min(start + AT_ONCE, len(rows)))
    return [with_standing(row, people, today) for row in rows] if people else list(rows)


def asked_alone(row: RosterRow, unit_account_id: int, by: Actor) -> dict[bytes, Known]:
    """What the register says of one person, asked in a transaction of its own: the question counts, whatever becomes of
    the act that it was asked for. Who rehearses or carries out what was prepared asks as himself."""
    if not row.document_number:
        return {}
    with durable(replace(by, rehearses=False, prepared=None)):
        return known([_digest(row)], unit_account_id)


def taken(person: Known, name_digest: bytes, today: date, place: str) -> tuple[Refusal, ...]:
    """The findings about a person who got an account since the check. ``place`` begins the place of each.

    A member without an account never comes about here; the center has to look at one who is there all the same.
    """
    standing = Standing.CLOSED if person.standing is Standing.FREE else person.standing
    return _findings(Known(standing, person.name_digest), name_digest, today, place)


def _findings(person: Known, name_digest: bytes, today: date, place: str) -> tuple[Refusal, ...]:
    differs = person.name_digest is not None and name_digest != person.name_digest
    standings = [person.standing, *([Standing.NAME_DIFFERS] if differs else [])]
    found = [standing_finding(standing, today, lambda key: f"{place}{TITLES[key]}") for standing in standings]
    return tuple(finding for finding in found if finding is not None)


def with_standing(checked: CheckedRow, people: Mapping[bytes, Known], today: date) -> CheckedRow:
    """A row with what the register said of its person."""
    row = checked.row
    person = people.get(_digest(row)) if row.document_number else None
    if person is None:
        return checked
    place = f"第{row.number}行 " if row.places.letters else ""
    found = _findings(person, sha256(row.name.encode()).digest(), today, place)
    return replace(checked, findings=(*checked.findings, *found))


def _digests(rows: Iterable[CheckedRow], encrypted: Mapping[int, EncryptedNumbers]) -> Iterator[bytes]:
    for row in rows:
        if row.row.document_number:
            numbers = encrypted.get(row.row.number)
            yield (numbers and numbers.identity_digest) or _digest(row.row)


def _digest(row: RosterRow) -> bytes:
    return keyring().digest("identity", row.document_number)
