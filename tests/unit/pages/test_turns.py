"""Pages are made one after another, and nobody waits long behind a slow one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from hpf.faces.web.turns import Turns

AGES = 30.0


class Kitchen:
    """An application that says when a page begins and ends one when it is told to."""

    def __init__(self) -> None:
        self.begun = {name: Event() for name in "ab"}
        self.ready = {name: Event() for name in "ab"}
        self.order: list[str] = []

    def __call__(self, environ: dict[str, Any], _: object) -> list[bytes]:
        name = environ["PATH_INFO"]
        self.order.append(f"{name} begins")
        self.begun[name].set()
        assert self.ready[name].wait(AGES)
        self.order.append(f"{name} ends")
        return [name.encode()]


def test_one_page_is_made_after_another() -> None:
    kitchen = Kitchen()
    turns = Turns(kitchen, patience=AGES)
    with ThreadPoolExecutor(2) as browsers:
        first = browsers.submit(turns, {"PATH_INFO": "a"}, None)
        assert kitchen.begun["a"].wait(AGES)
        second = browsers.submit(turns, {"PATH_INFO": "b"}, None)
        kitchen.ready["b"].set()
        kitchen.ready["a"].set()
        assert [first.result(AGES), second.result(AGES)] == [[b"a"], [b"b"]]
    assert kitchen.order == ["a begins", "a ends", "b begins", "b ends"]


def test_a_slow_page_is_overtaken() -> None:
    kitchen = Kitchen()
    turns = Turns(kitchen, patience=0.01)
    with ThreadPoolExecutor(2) as browsers:
        slow = browsers.submit(turns, {"PATH_INFO": "a"}, None)
        assert kitchen.begun["a"].wait(AGES)
        kitchen.ready["b"].set()
        assert browsers.submit(turns, {"PATH_INFO": "b"}, None).result(AGES) == [b"b"]
        kitchen.ready["a"].set()
        assert slow.result(AGES) == [b"a"]
    assert kitchen.order == ["a begins", "b begins", "b ends", "a ends"]


def test_a_page_that_fails_gives_its_turn_back() -> None:
    def fails(*_: object) -> list[bytes]:
        raise ValueError("no such page")

    turns = Turns(fails, patience=AGES)
    for _ in range(2):
        with pytest.raises(ValueError, match="no such page"):
            turns({}, None)
    assert not turns._turn.locked()
