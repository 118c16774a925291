"""``hpf statement import FILE``: take a bank's statement, as the treasurer's page does.

Two persons stay two: what does not prove itself is handed in, in a treasurer's name, and another one decides in the
hall.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from hpf import policy
from hpf.faces.cli import typed
from hpf.faces.cli.database import database
from hpf.faces.cli.person import member_of_staff
from hpf.kernel import Actor, Channel, Key
from hpf.money_desk.handing_in import bring_statement
from hpf.registry.codes import Role
from hpf.storage import reading
from hpf.treasury.operations import Repeated, read_file
from hpf.treasury.queries import outcomes
from hpf.treasury.rules import LineState
from hpf.treasury.statement import COLUMN_TITLES, HEAD_TITLES, StatementHead


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="对账单CSV文件 / the statement, CSV in UTF-8 or GB18030")
    parser.add_argument(
        "--gap",
        action="store_true",
        help="与前后对账单之间确有缺口，须两人办理 / a statement beside this one is missing: two persons take it",
    )
    parser.add_argument(
        "--by",
        metavar="USER",
        help="提交人的工号（资金岗位），另一人复核 / user name of the treasurer who hands in; another one decides",
    )
    parser.epilog = f"列 / columns: {'、'.join(COLUMN_TITLES)}；文件头 / head: {'、'.join(HEAD_TITLES)}"
    head = parser.add_argument_group(
        "文件没有文件头时须填写的合计，须两人办理 / totals of a file without a head; two persons take it"
    )
    head.add_argument("--account", help="账号 / account number")
    head.add_argument("--from", dest="starts_on", type=typed.day, metavar="DAY", help="起始日期 / first day")
    head.add_argument("--to", dest="ends_on", type=typed.day, metavar="DAY", help="截止日期 / last day")
    head.add_argument("--opening", type=typed.yuan, metavar="YUAN", help="期初余额 / opening balance")
    head.add_argument("--closing", type=typed.yuan, metavar="YUAN", help="期末余额 / closing balance")
    head.add_argument("--lines", type=typed.whole, help="笔数 / number of lines")


def run(options: argparse.Namespace) -> int:
    """Import a statement and say what became of its lines; the worker of the running hall books what is matched.

    One that was taken before is said to have been, with its lines as they are now: a script may try again.
    """
    content = read_file(options.file)
    with database():
        by = member_of_staff(options.by, Role.TREASURER) if options.by else Actor.SYSTEM.through(Channel.COMMAND_LINE)
        try:
            receipt = bring_statement(
                content,
                name=options.file.name,
                typed=_typed(options),
                gap=options.gap,
                by=by,
                today=policy.business_day(),
                key=Key.fresh(),
            )
        except Repeated as repeated:
            (refusal,) = repeated.refusals
            print(f"{refusal.what}，没有再次导入 / it was taken before, as statement {repeated.statement_id}")
            _say_states(_states_now(repeated.statement_id))
            return 0
    result = receipt.result
    if "handed_in_id" in result:
        print(
            f"已提交复核，编号{result['handed_in_id']}，请另一人在网厅“银行流水”中办理 / "
            "handed in; another one decides in the hall"
        )
        return 0
    print(f"已导入{result['lines']}笔 / {result['lines']} lines taken, statement {result['statement_id']}")
    _say_states({state: result.get(state.value, 0) for state in LineState})
    return 0


def _states_now(statement_id: int) -> dict[LineState, int]:
    with reading(Actor.SYSTEM):
        return {state: count for state, (count, _) in outcomes(statement_id).items()}


def _say_states(counts: Mapping[LineState, int]) -> None:
    for state in LineState:
        if count := counts.get(state):
            print(f"  {state.label}  {count:,}笔")


def _typed(options: argparse.Namespace) -> StatementHead | None:
    given = (options.account, options.starts_on, options.ends_on, options.opening, options.closing, options.lines)
    return None if None in given else StatementHead(*given)
