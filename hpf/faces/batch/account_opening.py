"""Rosters: checked after the upload, opened after the handler's choice."""

from __future__ import annotations

from hpf.account_opening import operations
from hpf.faces.batch.app import task
from hpf.kernel import Actor
from hpf.policy import business_day


@task("check_roster")
def check_roster(*, case_no: int) -> None:
    """Check an uploaded roster. Safe to repeat: a roster that is checked stays as it is."""
    operations.check_roster(case_no=case_no, by=Actor.SYSTEM, today=business_day())


@task("open_accounts", is_business=True)
def open_accounts(*, case_no: int) -> None:
    """Open the accounts of a roster. Safe to repeat: a roster that is done stays as it is."""
    operations.open_accounts(case_no=case_no, by=Actor.SYSTEM, today=business_day())
