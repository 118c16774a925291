"""What goes to one address alone goes by that way alone: a template promises no way by which nobody sends it."""

from __future__ import annotations

import ast
from collections import defaultdict

from hpf.notices.templates import Way, templates
from tests.house.source import modules

WAYS = {"send_sms": Way.SMS, "send_or_drop_sms": Way.SMS, "send_mail": Way.MAIL}
TOLD = ("tell", "tell_each")


def _senders() -> dict[str, set[str]]:
    """Template → the functions that some module of the program calls with its code."""
    found: dict[str, set[str]] = defaultdict(set)
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {*WAYS, *TOLD}:
                codes = {one.value for one in node.args if isinstance(one, ast.Constant) and one.value in templates()}
                for code in codes:
                    found[code].add(node.func.id)
    return found


def test_a_template_that_is_sent_to_one_address_names_that_way_and_no_other() -> None:
    alone = {code: senders for code, senders in _senders().items() if not senders & set(TOLD)}
    assert len(alone) > 10
    assert {code: templates()[code].ways for code in alone} == {
        code: tuple(WAYS[sender] for sender in senders) for code, senders in alone.items()
    }
