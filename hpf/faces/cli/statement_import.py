"""``hpf statement import FILE``: take a bank's statement, as the treasurer's page does."""

from __future__ import annotations

import argparse
from pathlib import Path

from hpf import policy
from hpf.faces.cli import typed
from hpf.faces.cli.database import database
from hpf.kernel import Actor, Channel, Fen, Key
from hpf.storage import sm3
from hpf.treasury.operations import import_file
from hpf.treasury.rules import LineState
from hpf.treasury.statement import COLUMN_TITLES, HEAD_TITLES, StatementHead


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="对账单CSV文件 / the statement, CSV in UTF-8 or GB18030")
    parser.add_argument(
        "--gap",
        action="store_true",
        help="与前后对账单之间确有缺口 / a statement beside this one is missing: take it anyway",
    )
    parser.epilog = f"列 / columns: {'、'.join(COLUMN_TITLES)}；文件头 / head: {'、'.join(HEAD_TITLES)}"
    head = parser.add_argument_group("文件没有表头时须填写的合计 / totals of a file without a head")
    head.add_argument("--account", help="账号 / account number")
    head.add_argument("--from", dest="starts_on", type=typed.day, metavar="DAY", help="起始日期 / first day")
    head.add_argument("--to", dest="ends_on", type=typed.day, metavar="DAY", help="截止日期 / last day")
    head.add_argument("--opening", type=Fen.from_yuan, metavar="YUAN", help="期初余额 / opening balance")
    head.add_argument("--closing", type=Fen.from_yuan, metavar="YUAN", help="期末余额 / closing balance")
    head.add_argument("--lines", type=int, help="笔数 / number of lines")


def run(options: argparse.Namespace) -> int:
    """Import a statement and say what became of its lines; the worker of the running hall books what is matched."""
    by = Actor.SYSTEM.through(Channel.COMMAND_LINE)
    with database():
        receipt = import_file(
            options.file,
            by=by,
            today=policy.business_day(),
            key=_key(options.file),
            typed=_typed(options),
            gap=options.gap,
        )
    result = receipt.result
    print(f"已导入{result['lines']}笔 / {result['lines']} lines taken, statement {result['statement_id']}")
    for state in LineState:
        if count := result.get(state.value):
            print(f"  {state.label}  {count:,}笔")
    if result["gap_fen"]:
        print(f"  已确认缺口：与相邻对账单相差{Fen(result['gap_fen']).yuan}元，请补导入缺少的对账单")
    return 0


def _typed(options: argparse.Namespace) -> StatementHead | None:
    given = (options.account, options.starts_on, options.ends_on, options.opening, options.closing, options.lines)
    return None if None in given else StatementHead(*given)


def _key(file: Path) -> Key:
    """The same file typed twice is one intention; what cannot be read is refused by the operation."""
    return Key.of("statement-file", sm3(file.read_bytes()).hex()) if file.is_file() else Key.fresh()
