"""``hpf``: one entry point, a table of commands, and one clear line for whatever stands in the way."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from secrets import token_urlsafe
from types import ModuleType

# A command's words → its module (with ``arguments(parser)`` and ``run(options) -> exit code``) and its line of help.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("hpf.faces.cli.run", "启动网厅：数据库、网页服务和后台任务 / start the hall: database, web server, worker"),
    "center create": ("hpf.faces.cli.center_create", "建立一个中心 / make a center"),
    "center found": (
        "hpf.faces.cli.center_found",
        "建立中心的资料和首批管理员 / its name, law, branches, administrators",
    ),
    "center migrate": ("hpf.faces.cli.center_migrate", "把中心升级到本版本 / bring a center to this version"),
    "roster check": ("hpf.faces.cli.roster_check", "检查花名册文件 / check a roster, as the upload does"),
    "agreement publish": ("hpf.faces.cli.agreement_publish", "起草协议版本 / draft a version of the agreement"),
    "statement import": ("hpf.faces.cli.statement_import", "导入银行对账单 / take a bank's statement"),
    "staff authenticator": (
        "hpf.faces.cli.staff_authenticator",
        "唯一的安全管理员丢失验证器 / the only administrator of security has lost his authenticator",
    ),
    "backup": ("hpf.faces.cli.backup", "备份中心 / back a center up"),
    "restore": ("hpf.faces.cli.restore", "把备份恢复到空的中心 / restore a backup into an empty center"),
    "demo": ("hpf.faces.cli.demonstration", "建立演示中心 / build the demonstration center"),
    "permissions": ("hpf.faces.cli.permissions", "列出谁可以办什么 / print who may do what at the center"),
    "verify": ("hpf.faces.cli.verify", "核对全部账目和日志 / prove the books and the event log"),
}

GROUPS = {
    "center": "中心（数据库中的一个模式） / centers, each a schema of the database",
    "roster": "花名册 / rosters",
    "agreement": "服务协议和专项规则 / the agreement and the special rules",
    "statement": "银行对账单 / bank statements",
    "staff": "工作人员 / the staff",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. 0 done, 1 the command found something wrong, 2 it could not be done at all."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    name = chosen(words)
    if name != "run":  # nobody waits before a page: a command may take the time that it takes
        os.environ.setdefault("HPF_STATEMENT_SECONDS", "3600")
    if name == "restore" and not {"-h", "--help"}.intersection(words):  # new keys would open nothing of a backup
        os.environ.update(HPF_NEW_KEYS="refuse")
        os.environ.setdefault("HPF_SECRET_KEY", token_urlsafe(50))  # nothing is signed: none needs to be kept
    options = _parser(name).parse_args(words)
    return _spoken(options)


def chosen(words: Sequence[str]) -> str | None:
    """The command that a line's first words name, ``None`` if they name none."""
    for count in (2, 1):
        if (name := " ".join(words[:count])) in COMMANDS:
            return name
    return None


def _load(module: str) -> ModuleType:
    import django

    django.setup()
    from hpf.faces.cli.log_files import log_to_file

    log_to_file()
    return import_module(module)


def _parser(name: str | None) -> argparse.ArgumentParser:
    """The parser of all commands. Only the chosen one is loaded, and adds its arguments."""
    parser = argparse.ArgumentParser(
        prog="hpf", description="公积金单位网厅 / HPF Hall, the online hall of a housing provident fund center"
    )
    places = {"": parser.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)}
    for words, (module, line) in COMMANDS.items():
        group, _, last = words.rpartition(" ")
        if group not in places:
            inner = places[""].add_parser(group, help=GROUPS[group], description=GROUPS[group])
            places[group] = inner.add_subparsers(title="命令 / commands", metavar="COMMAND", required=True)
        child = places[group].add_parser(last, help=line, description=line)
        if words == name:
            command = _load(module)
            command.arguments(child)
            child.set_defaults(run=command.run)
    return parser


def _spoken(options: argparse.Namespace) -> int:
    """Run a command; what cannot be done becomes one line each on standard error, never a traceback."""
    from django.db import OperationalError
    from psycopg import OperationalError as Unreachable

    from hpf.kernel import Refused
    from hpf.storage.access import ForeignTables
    from hpf.storage.backup import UnusableBackup
    from hpf.storage.center import Unmigratable
    from hpf.storage.embedded import Unstartable

    try:
        return int(options.run(options))
    except (Unstartable, UnusableBackup, ForeignTables, Unmigratable) as line:
        print(line, file=sys.stderr)
    except Refused as refused:
        for refusal in refused.refusals:
            print(f"[{refusal.code}] {refusal.sentence}", file=sys.stderr)
    except (OperationalError, Unreachable) as error:
        reason = " ".join(str(error).split())
        print(f"数据库不可用：{reason} / the database is not available: {reason}", file=sys.stderr)
    return 2
