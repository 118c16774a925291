"""``hpf roster check FILE``: what the upload would say of a roster, without a server."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hpf.account_opening.laws import laws_from_shipped
from hpf.account_opening.roster import check_file
from hpf.account_opening.shapes import OpeningContext
from hpf.faces.cli import typed
from hpf.faces.cli.demo.plan import plan
from hpf.kernel import Month, Rate, Refusal, by_weight
from hpf.registry.codes import UnitState

_LONG_AGO = Month(1991, 5)
"""Before any fund there was: the first month of a unit that nobody named stops no row."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="花名册xlsx文件 / the roster, xlsx")
    place = plan().center.founding.place
    parser.add_argument("--place", default=place, help=f"执行标准的地区 / whose limits apply; {place}")
    parser.add_argument("--today", type=typed.day, metavar="DAY", help="业务日期 / business day; today")
    parser.add_argument(
        "--first-month", type=Month.parse, metavar="YYYYMM", help="单位首次汇缴年月 / unit's first month"
    )
    parser.add_argument("--unit", default="", metavar="NUMBER", help="单位账号 / account number of the unit")
    parser.add_argument("--paid-through", type=Month.parse, metavar="YYYYMM", help="单位缴至年月 / paid through")
    parser.add_argument("--unit-rate", type=Rate.from_percent, metavar="PERCENT", help="单位缴存比例 / unit's rate")
    parser.add_argument(
        "--personal-rate", type=Rate.from_percent, metavar="PERCENT", help="个人缴存比例 / personal rate"
    )


def run(options: argparse.Namespace) -> int:
    """Print every finding; 1 if a row is refused or to be mended. Who has an account elsewhere only the hall knows."""
    today = options.today or datetime.now(ZoneInfo("Asia/Shanghai")).date()

    laws = laws_from_shipped(options.place, options.unit_rate, options.personal_rate)
    first_month = options.first_month or _LONG_AGO
    context = OpeningContext(UnitState.ACTIVE, first_month, options.paid_through, today, unit_number=options.unit)
    check = check_file(options.file, laws, context)
    for row in check.rows:
        for finding in by_weight(row.findings):
            _say(finding)
    for finding in check.findings:
        _say(finding)
    totals = check.totals
    print(
        f"共{totals.people}人：可以开户{totals.ready.people}人（其中请核对{totals.to_check}人），"
        f"需要更正{totals.to_mend.people}人，不能办理{totals.refused}人"
    )
    if not (options.first_month or options.paid_through):
        print("未写明单位首次汇缴和缴至年月，起缴年月只核对不晚于下月 / first months: only too late ones")
    print("是否已有住房公积金账户须由网厅核对 / whether someone has an account already, only the hall knows")
    return 1 if totals.refused or totals.to_mend.people else 0


def _say(finding: Refusal) -> None:
    where = f"{finding.where}  " if finding.where else ""
    proposal = "" if finding.proposal is None else f"  建议改为 {finding.proposal}"
    print(f"{finding.severity.value}  {where}{finding.sentence}{proposal}  [{finding.code}]")
