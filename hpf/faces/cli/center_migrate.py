"""``hpf center migrate [NAME]``: the tables, guards and rights of a center, as this version wants them."""

from __future__ import annotations

import argparse

from django.conf import settings

from hpf.faces.cli.database import database, load_new_law, upgrade_center


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", default=settings.CENTER, help="中心名，缺省为HPF_CENTER / its name, HPF_CENTER by default"
    )


def run(options: argparse.Namespace) -> int:
    with database():
        upgrade_center(options.name)
        if options.name == settings.CENTER:
            load_new_law()
    print(f"中心{options.name}已升级到本版本 / center {options.name} is at this version")
    return 0
