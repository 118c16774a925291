"""``hpf restore DIR``: a backup back into an empty center."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from hpf.faces.cli.database import database, make_roles, upgrade_center
from hpf.storage import keyring
from hpf.storage.backup import read_manifest, restore


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="备份目录 / the folder of the backup")


def run(options: argparse.Namespace) -> int:
    hall, folder = settings.HALL, options.folder.absolute()
    manifest = read_manifest(folder, center=hall.center, keyring=keyring())
    with database():
        make_roles(hall.center)
        restore(manifest, folder, settings.DATABASE_ADMIN_URL, attachments=hall.attachments)
        upgrade_center(hall.center)
    rows = sum(manifest.rows.values())
    made = f"{datetime.fromisoformat(manifest.made_at).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}"
    print(f"已恢复{made}（北京时间）的备份，共{rows:,}行 / restored {rows:,} rows as of {made} Beijing time")
    proof = f"hpf verify --head {manifest.log_head}" if manifest.log_head else "hpf verify"
    print(f"请运行 {proof} 核对 / prove it with: {proof}")
    return 0
