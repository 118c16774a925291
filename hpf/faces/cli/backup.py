"""``hpf backup DIR``: one center's schema, attachments and key ids, while the hall is at work or not."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from hpf.evidence import head
from hpf.faces.cli.database import database
from hpf.kernel import Actor
from hpf.storage import keyring, reading
from hpf.storage.backup import back_up


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="新目录，备份写入其中 / a new folder for the backup")


def run(options: argparse.Namespace) -> int:
    hall = settings.HALL
    with database():
        with reading(Actor.SYSTEM):
            last = head()
        manifest = back_up(
            hall.center,
            settings.DATABASE_ADMIN_URL,
            attachments=hall.attachments,
            keyring=keyring(),
            folder=options.folder.absolute(),
            log_head=str(last),
        )
    rows, tables = sum(manifest.rows.values()), len(manifest.rows)
    numbers = ", ".join(map(str, manifest.key_ids))
    print(f"已备份{tables}张表{rows:,}行 / backed up {rows:,} rows of {tables} tables: {options.folder}")
    print(f"备份不含密钥，请另行保管密钥{numbers} / keys are not part of it, keep them elsewhere: {numbers}")
    print(f"日志链头，请另行保管 / head of the log, keep it elsewhere: {last}")
    return 0
