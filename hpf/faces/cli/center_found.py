"""``hpf center found FILE``: a new center's name, law, bank account, branches and first administrators.

``hpf center found --example`` prints a file to fill in.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings

from hpf import policy
from hpf.faces.cli.database import database, ready_center
from hpf.hall_access.founding import Administrator, BranchOffice, Founding, found_center
from hpf.kernel import Refusal, Refused
from hpf.registry.codes import Role
from hpf.storage.embedded import Unstartable

T = TypeVar("T")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="填好的文件 / the file, filled in")
    parser.add_argument("--example", action="store_true", help="打印样例 / print a file to fill in")


def run(options: argparse.Namespace) -> int:
    """Found the center that the settings name, and print each administrator's initial password, this once."""
    if options.example or options.file is None:
        print(resources.files(__package__).joinpath("center.example.yaml").read_text(encoding="utf-8"), end="")
        return 0
    founding = read_founding(_text(options.file))
    if settings.HALL.is_demonstration:
        raise Unstartable("正式中心须在HPF_MODE=production下建立 / a real center is founded with HPF_MODE=production")
    with database():
        ready_center()
        _, passwords = found_center(founding, today=policy.business_day(), now=datetime.now(UTC))
    print(f"{founding.name}已建立 / founded")
    for person in founding.administrators:
        if person.user_name in passwords:
            print(f"  {person.user_name:<14} {passwords[person.user_name]:<14} {Role(person.role).label} {person.name}")
    print("初始密码只显示这一次，请分别交给本人，14日内在/counter/login/登录 / shown this once; hand each to its owner")
    print("请安全管理员当场最先登录：其余人员由其放行 / let the security administrator log in first, at once")
    return 0


def read_founding(text: str) -> Founding:
    """What a file says. Raises ``Refused`` with everything that is missing or that nobody knows in it."""
    try:
        whole = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes text, lists and dictionaries only
    except yaml.YAMLError as error:
        raise Refused(Refusal("CENTER-FILE", "文件不是有效的YAML", " ".join(str(error).split()))) from error
    found: list[Refusal] = []
    branches = [_part(BranchOffice, entry, "branches", found) for entry in _list(whole, "branches", found)]
    people = [_part(Administrator, entry, "administrators", found) for entry in _list(whole, "administrators", found)]
    plain = whole if isinstance(whole, dict) else {}
    parts = {"branches": tuple(filter(None, branches)), "administrators": tuple(filter(None, people))}
    founding = _part(Founding, {**plain, **parts}, "", found)
    if found or founding is None:
        raise Refused(found)
    return founding


def _part(shape: type[T], entry: Any, where: str, found: list[Refusal]) -> T | None:
    """One part of the file in its shape, or ``None`` with the reasons added to ``found``."""
    if not isinstance(entry, Mapping):
        found.append(Refusal("CENTER-FILE", "此处应为“名称: 内容”", where=where))
        return None
    known = {field.name: field.default is MISSING for field in fields(shape)}  # type: ignore[arg-type]
    before = len(found)
    found.extend(_at(where, name, "缺少这一项") for name, needed in known.items() if needed and name not in entry)
    found.extend(_at(where, str(name), "没有这一项") for name in entry if name not in known)
    found.extend(
        _at(where, name, "应为文字")
        for name, value in entry.items()
        if name in known and not isinstance(value, str | tuple)
    )
    return shape(**entry) if len(found) == before else None


def _list(whole: Any, name: str, found: list[Refusal]) -> list[Any]:
    entries = whole.get(name) if isinstance(whole, dict) else None
    if isinstance(entries, list):
        return entries
    found.append(_at("", name, "此处应为列表"))
    return []


def _at(where: str, name: str, what: str) -> Refusal:
    remedy = "可用hpf center found --example查看样例"
    return Refusal("CENTER-FILE", f"{name}：{what}", remedy=remedy, where=f"{where} {name}".strip())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "不是UTF-8编码"
        raise Refused(Refusal("CENTER-FILE", f"文件{file.name}不能读取", reason or "")) from error
