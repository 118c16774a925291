"""``hpf staff authenticator USER``: the only administrator of security has lost telephone and backup codes.

Those of system and audit come to the server together: they take the authenticator away, he enrols another in the hall,
and they release it by the check number that his page shows.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from hpf import policy
from hpf.faces.cli import typed
from hpf.faces.cli.database import database
from hpf.hall_access.rules import Visit
from hpf.hall_access.two_administrators import AtWork, at_work, release_by_two, take_authenticator_away
from hpf.kernel import Key
from hpf.registry.codes import Role

PLACE, PROGRAM = "127.0.0.1", "hpf staff authenticator"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("user", help="安全管理员的用户名 / user name of the administrator of security")
    parser.add_argument(
        "--release",
        metavar="NUMBER",
        help="放行他新开通的验证器：他页面上的核对号 / release the one that he has enrolled: the number on his page",
    )
    parser.epilog = (
        "只有一名安全管理员而手机和备用码都丢了时使用；系统管理员和审计管理员都须到场，各用自己的密码和验证器登录，"
        "核对本人证件 / "
        "for the only administrator of security who has lost telephone and backup codes; those of system and audit are "
        "both there, log in with password and authenticator of their own, and look at his card"
    )


def run(options: argparse.Namespace) -> int:
    """Wake the database, and do it."""
    with database():
        return together(options)


def together(options: argparse.Namespace) -> int:
    """Let the two in, do it in the name of both, and say what comes next."""
    with (
        at_work(Role.SYSTEM_ADMIN, *_asked("系统管理员", "system"), _visit()) as system,
        at_work(Role.AUDIT_ADMIN, *_asked("审计管理员", "audit"), _visit()) as audit,
    ):
        return _release(options, system, audit) if options.release else _take_away(options, system, audit)


def _take_away(options: argparse.Namespace, system: AtWork, audit: AtWork) -> int:
    receipt = take_authenticator_away(options.user, system=system, audit=audit, visit=_visit(), key=Key.fresh())
    print(
        f"{options.user}的验证器已重置，事件{receipt.number} / the authenticator is taken away, event {receipt.number}"
    )
    print("请本人在/counter/login/用原密码登录，开通新的验证器 / he logs in with his password and enrols another")
    print(
        f"再核对证件，按他页面上的核对号运行hpf staff authenticator {options.user} --release / then look at his card, "
        "and release it by the number on his page"
    )
    return 0


def _release(options: argparse.Namespace, system: AtWork, audit: AtWork) -> int:
    number = options.release
    receipt = release_by_two(options.user, number, system=system, audit=audit, visit=_visit(), key=Key.fresh())
    print(f"{options.user}的验证器已放行，事件{receipt.number} / released, event {receipt.number}")
    return 0


def _asked(chinese: str, english: str) -> tuple[str, str, str]:
    """User name, password and the authenticator's digits of the one who sits down now."""
    print(f"请{chinese}登录 / the administrator of {english} logs in")
    return (
        typed.line("用户名 / user name: "),
        typed.secret("密码 / password: "),
        typed.line("验证器上的6位数字 / six digits of the authenticator: "),
    )


def _visit() -> Visit:
    return Visit(PLACE, PROGRAM, datetime.now(UTC), policy.business_day())
