"""Attacks that once worked: a session's own temporary tables, keys used twice, batches poisoned by one case."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from hpf.casework.models import CaseState
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.ledger import close_through
from hpf.money_desk.operations import Wanted, propose
from hpf.money_desk.rules import Act
from hpf.registry.codes import Role
from hpf.registry.models import Account
from hpf.remittance import operations
from hpf.storage import durable, reading
from tests.integration.publishing import NOTICE, publish
from tests.integration.test_remittance import DAY, JULY, balances, book, declare, money, sheet
from tests.office import CLERK, SYSTEM, Unit, add_member, employ, open_center, open_unit

OWNER_TRAP = """
CREATE FUNCTION pg_temp.trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE demo.ledger_account SET current_fen = 99999999; RETURN NEW; END $$;
CREATE TEMP TABLE evidence_event AS SELECT * FROM demo.evidence_event WITH NO DATA;
CREATE TRIGGER trap BEFORE INSERT ON pg_temp.evidence_event FOR EACH ROW EXECUTE FUNCTION pg_temp.trap();
GRANT ALL ON pg_temp.evidence_event TO PUBLIC;
SELECT * FROM demo.evidence_record('2026-08-10', 'x', 'handler', 1, 'n', 'portal', 'a', NULL, 'case:1', NULL, '',
                                   '{}', '{}')
"""


@pytest.fixture
def unit(center) -> Unit:
    open_center()
    unit = open_unit()
    add_member(unit, "甲", "6000.00", JULY)
    return unit


def portal(center, unit: Unit) -> psycopg.Connection:
    raw = center.connect("app")
    raw.execute("SET ROLE hpf_demo_portal")
    raw.execute("SELECT set_config('hpf.employer', %s, false)", [str(unit.employer_id)])
    return raw


def test_every_function_that_works_as_the_owner_or_guards_looks_into_temporary_tables_last(center) -> None:
    with center.connect("superuser") as admin:
        rows = admin.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'demo'::regnamespace"
            " AND (prosecdef OR prorettype = 'trigger'::regtype AND proname NOT LIKE 'procrastinate%')"
        ).fetchall()
    assert len(rows) > 10
    assert [name for name, config in rows if not any(item.endswith("pg_temp") for item in config or ())] == []


def test_a_table_of_ones_own_does_not_make_one_the_owner(center, unit: Unit) -> None:
    with portal(center, unit) as raw:
        raw.execute(OWNER_TRAP)
    with reading(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT max(current_fen) FROM ledger_account")
        assert cursor.fetchone() == (0,)


def test_a_table_of_ones_own_does_not_stand_for_what_was_approved(center, unit: Unit) -> None:
    """The guard compares what is published with the draft, not with a table that the session calls so."""
    writer, checker = employ("邓文", Role.PUBLISHER), employ("何复", Role.REVIEWER)
    publish(NOTICE, writer, checker)
    with center.connect("app") as raw:
        raw.execute("SET ROLE hpf_demo_staff")
        raw.execute("CREATE TEMP TABLE publications_draft AS SELECT * FROM demo.publications_draft")
        raw.execute("UPDATE pg_temp.publications_draft SET text = '没有人看过的话', digest = ''")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(
                "INSERT INTO demo.publications_version (draft_id, publication_id, number, title, text, change_summary,"
                " important, effective_on, publish_at, files, digest) SELECT id, publication_id, 9, title, text,"
                " change_summary, important, now(), now(), files, digest FROM pg_temp.publications_draft"
            )


def test_a_table_of_ones_own_makes_nobody_an_administrator(center, unit: Unit) -> None:
    with center.connect("app") as raw:
        raw.execute("SET ROLE hpf_demo_staff")
        raw.execute("CREATE TEMP TABLE registry_staff AS SELECT * FROM demo.registry_staff")
        raw.execute("UPDATE pg_temp.registry_staff SET roles = '{system_admin}'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(
                "INSERT INTO demo.channels_closure (channels, function, reason, starts_at, ends_at, urgent, state,"
                " made_by_id, maker_name, made_at) VALUES ('{portal}', '', 'x', now(), now() + interval '1 hour', true,"
                " 'approved', 1, 'x', now())"
            )


def test_the_portal_signs_no_event_as_staff_and_starts_no_task_of_the_center(center, unit: Unit) -> None:
    forged = (
        "SELECT * FROM evidence_record('2026-08-10', 'x', 'staff', 1, '局长', 'counter', '', NULL, '', NULL, '', '{}',"
        " '{}')",
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'settle_statement', 0, NULL, NULL, '{}', NULL)"
        "::procrastinate_job_to_defer_v1])",
        "SELECT ledger_ensure_year(3000)",
    )
    with portal(center, unit) as raw:
        for statement in forged:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement)


def test_a_sheet_that_nobody_is_left_of_does_not_hold_up_another_employers(center, unit: Unit) -> None:
    other = open_unit("另一单位", "12511100451268006X")
    account = add_member(other, "乙", "6000.00", JULY)
    gone, kept = declare(unit, JULY), declare(other, JULY)
    money(unit, "960.00")
    money(other, "960.00")
    with durable(SYSTEM):
        Account.objects.filter(unit_account_id=unit.unit_account_id).update(state="05")
    bookings = {one.case_no: one for one in operations.book(case_nos=[gone, kept], by=SYSTEM, today=DAY)}
    assert bookings[gone].refusal.code == "REMIT-SHEET-CHANGED"
    assert bookings[kept].entry_id
    assert balances(account) == ["960.00"]


def test_a_closed_day_lets_the_month_wait_and_it_can_be_paid_again(center, unit: Unit) -> None:
    money(unit, "960.00")
    case_no = declare(unit, JULY, use_unallocated=True)
    with durable(SYSTEM):
        close_through(DAY, by=SYSTEM, today=DAY)
    assert book(case_no).refusal.code == "LEDGER-DAY-CLOSED"
    assert sheet(case_no).case.state == CaseState.AWAITING_PAYMENT
    operations.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    operations.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    assert sheet(case_no).case.state == CaseState.WORKING


def test_the_same_key_for_another_act_is_refused(center, unit: Unit) -> None:
    case_no, key = declare(unit, JULY), Key.fresh()
    operations.withdraw_sheet(case_no=case_no, by=unit.handler, today=DAY, key=key)
    with pytest.raises(Refused) as refused:
        operations.pay_from_unallocated(case_no=case_no, by=unit.handler, today=DAY, key=key)
    assert refused.value.codes == ("KEY-REUSED",)


def test_nobody_but_the_treasurer_proposes_to_move_money(center, unit: Unit) -> None:
    nobody = Actor(ActorKind.STAFF, 9, "访客", Channel.COUNTER)
    for by in (CLERK, nobody, unit.handler):
        with pytest.raises(Refused) as refused:
            propose(1, Wanted(Act.ASSIGN, "已核实", unit.unit_account_id), by=by, today=DAY, key=Key.fresh())
        assert refused.value.codes == ("STAFF-ROLE",)
