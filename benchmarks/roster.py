"""A roster of 100,000 people: from the upload to the checked preview, and from there to open accounts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.harness import Ground, ground, report, report_in_bare_statements, timed

PEOPLE = 100_000
SIZES = (1_000, 10_000, PEOPLE)
DAY = date(2026, 8, 10)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
_BORN = date(1970, 1, 1)


def main() -> int:
    with ground() as place:
        return 0 if _run(place) else 1


def _run(place: Ground) -> bool:
    from hpf.account_opening import operations
    from hpf.account_opening.models import Choice
    from hpf.kernel import Key
    from hpf.storage import reading
    from tests.office import SYSTEM, open_center, open_unit

    open_center()
    seconds, met = {}, []
    for size in SIZES:
        unit = open_unit(f"单位{size}", f"{size:018d}")
        with reading(SYSTEM):
            number = unit.row.number
        file = _roster(place.folder / f"{size}.xlsx", size, number)
        seconds[size], case_no, worker = _until_preview(file, unit)
    met.append(report(f"{PEOPLE:,} people: upload → checked preview", seconds[PEOPLE], "s", 10))
    met.append(report("peak memory of the worker", worker["worker_mib"], "MiB", 600))
    report("peak memory of the process that reads the file", worker["reader_mib"], "MiB")
    for size in SIZES:
        report(f"cost per row, {size:,} rows", seconds[size] / size * 1e6, "µs")
    slower = (seconds[PEOPLE] / PEOPLE) / (seconds[10_000] / 10_000)
    met.append(report("cost per row, 100,000 rows to 10,000", slower, "times", 1.25))
    operations.open_roster(case_no=case_no, choice=Choice.ALL_OR_NOTHING, by=unit.handler, today=DAY, key=Key.fresh())
    opened, took = timed(lambda: operations.open_accounts(case_no=case_no, by=SYSTEM, today=DAY))
    if opened.opened != PEOPLE:
        raise RuntimeError(f"not opened: {opened}")
    met.append(report(f"open {PEOPLE:,} accounts from it", took, "s", 10))
    report_in_bare_statements(place, "upload → checked preview, and opened", seconds[PEOPLE] + took)
    return all(met)


def _until_preview(file: Path, unit: object) -> tuple[float, int, dict[str, float]]:
    """The seconds that a handler waits, the case, and the worker's peak memory in MiB.

    The worker's part runs in a process of its own, which is up and connected before the clock starts.
    """
    from hpf.account_opening import operations, queries
    from hpf.kernel import Key
    from hpf.storage import reading

    worker = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.roster", "check"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdout.readline()
    start = time.perf_counter()
    with file.open("rb") as content:
        receipt = operations.upload_roster(
            unit_account_id=unit.unit_account_id,
            chunks=iter(lambda: content.read(65536), b""),
            name=file.name,
            by=unit.handler,
            today=DAY,
            key=Key.fresh(),
        )
    case_no = int(receipt.result["case_no"])
    answer, _ = worker.communicate(f"{case_no}\n")
    with reading(unit.handler):
        preview, rows = queries.roster(case_no), queries.rows(case_no)
    seconds = time.perf_counter() - start
    if preview.totals.refused or len(rows) != 50:
        raise RuntimeError(f"not as expected: {preview.totals}")
    return seconds, case_no, json.loads(answer)


def _check() -> None:
    """The worker's part: one roster checked, then the peak memory said, of this process and of its reader."""
    import resource

    import django

    django.setup()
    from django.db import connection

    from hpf.account_opening import operations
    from hpf.kernel import Actor

    connection.ensure_connection()
    print("ready", flush=True)
    operations.check_roster(case_no=int(sys.stdin.readline()), by=Actor.SYSTEM, today=DAY)
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps(dict(zip(("worker_mib", "reader_mib"), peaks, strict=True))))


def _roster(path: Path, size: int, unit_number: str) -> Path:
    """The template filled in: every number valid, every area code assigned to no place."""
    from hpf.papers.shapes import UnitShape
    from hpf.papers.workbooks import roster_template

    path.write_bytes(roster_template(UnitShape("单位", unit_number), rows=_people(size)))
    return path


def _people(size: int) -> Iterator[dict[str, str]]:
    from hpf.kernel.identity import citizen_check_digit

    for at in range(size):
        born = _BORN + timedelta(days=at // 900)
        number = f"990{size % 997:03d}{born:%Y%m%d}{at % 900 + 1:03d}"
        yield {
            "serial": str(at + 1),
            "name": _SURNAMES[at % 16] + _GIVEN[at // 16 % 23] + _GIVEN[at // 7 % 23],
            "document_type": "身份证",
            "document_number": number + citizen_check_digit(number),
            "mobile": f"138{at:08d}",
            "monthly_wage": f"{3000 + at % 2000 * 10}.50",
            "first_month": "202607",
        }


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        _check()
    else:
        sys.exit(main())
