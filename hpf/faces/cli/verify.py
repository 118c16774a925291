"""``hpf verify``: prove the invariants of the books and the chain of the event log over the whole database."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection

from hpf.casework import invariants as casework
from hpf.evidence import Head, head, verify_chain
from hpf.faces.cli.database import database
from hpf.kernel import Actor, Fen
from hpf.ledger import invariants as ledger
from hpf.registry import invariants as registry
from hpf.remittance import invariants as remittance
from hpf.storage import reading
from hpf.treasury import invariants as treasury


@dataclass(frozen=True)
class Finding:
    """One thing proved or broken; ``compared`` rows were looked at. ``open`` is still to be decided."""

    code: str
    sentence: str
    compared: int
    faults: tuple[str, ...]
    open: tuple[str, ...] = ()


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--head",
        action="append",
        default=[],
        type=Head.parse,
        metavar="N:DIGEST",
        help="此前记下的日志链头，须仍在链上 / a head of the log kept earlier, which must still be in it",
    )


def run(options: argparse.Namespace) -> int:
    """Print what was compared and how many rows; 1 if anything does not hold. It alarms and never repairs."""
    with database():
        findings = list(look(options.head))
        with reading(Actor.SYSTEM):
            last = head()
    for finding in findings:
        verdict = "不符" if finding.faults else "相符"
        print(f"{finding.code:<3} {verdict}  {finding.compared:>11,}行  {finding.sentence}")
        for fault in finding.faults:
            print(f"      {in_yuan(fault)}")
        for one in finding.open:
            print(f"      待办：{in_yuan(one)}")
    broken = sum(bool(finding.faults) for finding in findings)
    print(f"日志链头，请另行保管 / head of the log, keep it elsewhere: {last}")
    print(f"{broken}项不符 / {broken} broken" if broken else "全部相符 / everything holds")
    return 1 if broken else 0


def in_yuan(fault: str) -> str:
    """A fault with its sums as a person reads them.

    >>> in_yuan("到账100001分，相差-5分")
    '到账1,000.01元，相差-0.05元'
    """
    return re.sub(r"(-?\d+)分", lambda fen: f"{Fen(int(fen[1])).yuan}元", fault)


def look(known: Collection[Head] = ()) -> Iterator[Finding]:
    """All checks in one snapshot, so that a hall at work beside it changes nothing between two of them.

    ``known`` are heads of the log that were kept elsewhere.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation TO 'repeatable read'")
    with reading(Actor.SYSTEM):
        parts = (ledger, registry, casework, treasury, remittance)
        for check in (check for part in parts for check in part.checks()):
            yield Finding(check.code, check.sentence, check.compared, check.faults, check.open)
        chain = verify_chain(known)
        faults = (chain.fault,) if chain.fault else ()
        yield Finding("V1", f"事件日志逐环相连，另有{chain.unsealed}个事件待入链", chain.links, faults)
