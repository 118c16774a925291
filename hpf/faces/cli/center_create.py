"""``hpf center create NAME``: a schema with its roles, tables, guards and rights."""

from __future__ import annotations

import argparse
import sys

from hpf.faces.cli.database import database, make_center


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", help="中心名：小写字母、数字和下划线 / its name: lower-case letters, digits, underscores"
    )


def run(options: argparse.Namespace) -> int:
    try:
        with database():
            make_center(options.name)
    except ValueError as error:
        print(f"中心名不可用 / {error}", file=sys.stderr)
        return 2
    print(f"中心{options.name}已就绪 / center {options.name} is ready")
    return 0
