"""What holds of the register: who owns what, and that accounts are what the timeline says. It alarms, never repairs."""

from __future__ import annotations

from django.conf import settings

from hpf.ledger.invariants import Check
from hpf.registry.timeline import statements
from hpf.storage import role_name

_SENTENCES = {
    "owners": ("R1", "账户、记账与时间线的单位，均为其单位账户所属的单位"),
    "timeline_guard": ("R2", "时间线只增不改：防护触发器在位，应用角色无改删权限"),
    "accounts": ("R3", "个人账户的状态、基数和月缴存额与时间线一致"),
}


def checks() -> list[Check]:
    """Run every check of the register inside a ``reading`` transaction of the staff."""
    roles = [role_name(settings.CENTER, role) for role in ("portal", "staff", "app")]
    results = []
    for name, (code, sentence) in _SENTENCES.items():
        params = {"roles": roles} if name == "timeline_guard" else {}
        compared, faults = statements(f"check_{name}", **params).row()
        results.append(Check(code, sentence, compared, tuple(faults or ())))
    return results
