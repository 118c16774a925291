"""Work whose job was given up is done after all, and what fails again goes back to whoever ordered it, with a word."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hpf.account_opening import operations as opening
from hpf.casework.models import CaseState
from hpf.channels import operations as closures
from hpf.channels.rules import Plan
from hpf.faces.batch.resume import resume_given_up
from hpf.kernel import Channel, Key
from hpf.kernel.identity import with_check_characters
from hpf.registry.codes import Role
from hpf.remittance import operations as remittance
from hpf.treasury.rules import LineState
from tests.integration.account_opening.rosters import checked, choose, shape, standing, upload
from tests.integration.test_remittance import money
from tests.integration.treasury.bank import DAY, Bank, add_trio, declare, open_hall, run_worker, state_of, states, take
from tests.office import SYSTEM, Unit, employ
from tests.unit.account_opening.people import person, roster


@pytest.fixture
def unit(center: Any) -> Unit:
    return open_hall()


def give_up(center: Any, task: str, times: int = 1) -> None:
    """What the queue looks like when the job of a task has failed, so many times before and now."""
    with center.connect("superuser") as admin:
        for _ in range(times - 1):
            admin.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
                " SELECT queue_name, task_name, args, 'failed' FROM procrastinate_jobs WHERE task_name = %s LIMIT 1",
                [task],
            )
        admin.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = %s", [task])


def jobs(center: Any, task: str) -> list[str]:
    with center.connect("superuser") as admin:
        query = "SELECT status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
        return [status for (status,) in admin.execute(query, [task])]


def test_a_roster_whose_opening_was_given_up_is_opened_after_all(unit: Unit, center: Any, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1), person(2))
    choose(unit, case_no)
    give_up(center, "open_accounts")
    resume_given_up(timestamp=0)
    run_worker()
    assert (shape(unit, case_no).state, shape(unit, case_no).opened) == (CaseState.DONE, 2)
    assert standing(unit)[1] == 2


def test_nothing_is_taken_up_or_given_back_while_the_worker_is_closed(unit: Unit, center: Any, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1))
    choose(unit, case_no)
    give_up(center, "open_accounts", times=2)
    morning = datetime.combine(DAY, time(), ZoneInfo("Asia/Shanghai"))
    plan = Plan((Channel.BATCH,), "", "系统升级", morning, morning + timedelta(days=1))
    administrator = employ("齐备", Role.SYSTEM_ADMIN)
    closures.close_at_once(plan, by=administrator, today=DAY, now=morning, key=Key.fresh())
    resume_given_up(timestamp=0)
    assert jobs(center, "open_accounts") == ["failed", "failed"]
    assert shape(unit, case_no).state == CaseState.WORKING


def test_a_roster_whose_opening_fails_again_waits_for_its_handler(unit: Unit, center: Any, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1))
    choose(unit, case_no)
    give_up(center, "open_accounts", times=2)
    resume_given_up(timestamp=0)
    found = shape(unit, case_no)
    assert (found.state, [one.code for one in found.findings]) == (CaseState.READY, ["ROSTER-NOT-OPENED"])
    resume_given_up(timestamp=0)
    choose(unit, case_no)
    run_worker()
    assert shape(unit, case_no).state is CaseState.DONE


def test_a_roster_whose_check_fails_again_is_refused_and_another_can_come(
    unit: Unit, center: Any, tmp_path: Path
) -> None:
    file = roster(tmp_path / "r.xlsx", person(1))
    case_no = upload(unit, file)
    give_up(center, "check_roster")
    resume_given_up(timestamp=0)
    assert jobs(center, "check_roster") == ["failed", "todo"]
    give_up(center, "check_roster")
    resume_given_up(timestamp=0)
    found = shape(unit, case_no)
    assert (found.state, [one.code for one in found.findings]) == (CaseState.REFUSED, ["ROSTER-NOT-CHECKED"])
    assert upload(unit, file) != case_no


def test_work_that_has_a_job_and_work_that_is_done_are_left_alone(unit: Unit, center: Any, tmp_path: Path) -> None:
    case_no = upload(unit, roster(tmp_path / "r.xlsx", person(1)))
    resume_given_up(timestamp=0)
    assert jobs(center, "check_roster") == ["todo"]
    opening.check_roster(case_no=case_no, by=SYSTEM, today=DAY)
    give_up(center, "check_roster")
    resume_given_up(timestamp=0)
    assert jobs(center, "check_roster") == ["failed"]


def test_a_month_whose_booking_was_given_up_is_booked_or_waits_again(unit: Unit, center: Any) -> None:
    add_trio(unit)
    money(unit, "5551.28")
    case_no = declare(unit, use_unallocated=True)
    give_up(center, "book_sheet", times=2)
    resume_given_up(timestamp=0)
    assert state_of(case_no) == CaseState.AWAITING_PAYMENT
    remittance.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    with center.connect("superuser") as admin:
        admin.execute("DELETE FROM procrastinate_jobs")
    resume_given_up(timestamp=0)
    run_worker()
    assert state_of(case_no) == CaseState.BOOKED


def test_a_statement_that_was_not_settled_is_settled_after_all(unit: Unit, center: Any) -> None:
    add_trio(unit)
    bank, case_no = Bank.opened_with("0.00"), declare(unit)
    take(bank.file(bank.line("5551.28", with_check_characters(case_no))))
    for _ in range(3):
        give_up(center, "settle_statement")
        resume_given_up(timestamp=0)
    run_worker()
    assert (state_of(case_no), states()) == (CaseState.BOOKED, [LineState.BOOKED])
