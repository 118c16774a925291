"""The table of commands: complete, in two languages, and read by its first words."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from hpf.faces.cli.main import COMMANDS, GROUPS, chosen
from hpf.faces.cli.verify import in_yuan

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_module_that_takes_arguments_and_runs(name: str) -> None:
    module = import_module(COMMANDS[name][0])
    assert callable(module.arguments)
    assert callable(module.run)


@pytest.mark.parametrize("line", [line for _, line in COMMANDS.values()] + list(GROUPS.values()))
def test_help_is_chinese_and_then_english(line: str) -> None:
    chinese, english = line.split(" / ")
    assert HAN.search(chinese)
    assert not HAN.search(english)


def test_every_group_is_explained() -> None:
    assert {name.split()[0] for name in COMMANDS if " " in name} == set(GROUPS)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["run", "--port", "1"], "run"),
        (["center", "create", "leshan"], "center create"),
        (["center"], None),
        (["--help"], None),
        (["no", "such"], None),
        ([], None),
    ],
)
def test_the_first_words_name_the_command(words: list[str], name: str | None) -> None:
    assert chosen(words) == name


def test_verify_says_sums_in_yuan() -> None:
    assert in_yuan("到账100001分，相差-5分") == "到账1,000.01元，相差-0.05元"
