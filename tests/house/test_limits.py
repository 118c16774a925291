"""Every address has a budget (ASVS 2.4.1)."""

from __future__ import annotations

from hpf.faces.web.limits import BUDGETS, ORDINARY, budget_of
from tests.house.addresses import addresses
from tests.house.source import PROGRAM, ROOT
from tests.house.test_registers import EXPECTED, OPEN


def test_every_address_has_a_budget_and_every_budget_an_address() -> None:
    known = {one.name for one in addresses()} - OPEN
    for name in known:
        side, methods = EXPECTED[name][0][0], EXPECTED[name][1].split()
        for method in methods:
            assert budget_of(name, side, reads=method == "GET").a_minute > 0
    assert BUDGETS.keys() <= known
    assert {side for side, _ in ORDINARY} == {EXPECTED[name][0][0] for name in known}


def test_what_gives_or_takes_files_has_a_budget_of_its_own() -> None:
    files = {name for name in EXPECTED if name.endswith(("-workbook", "-paper", "certificate", ":statements"))}
    assert {name for name in files if not name.startswith(("apply", "portal:handover"))} <= BUDGETS.keys()


def test_only_a_benchmark_lifts_the_budgets() -> None:
    sources = [*PROGRAM.rglob("*.py"), *(ROOT / "config").glob("*.py")]
    assert not [path for path in sources if ".lift()" in path.read_text(encoding="utf-8")]
