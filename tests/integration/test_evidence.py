"""The event log on a real database: receipts, the chain, and what a tamperer with all rights leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import psycopg
import pytest

from hpf import evidence
from hpf.evidence import ChainReport, Receipt
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.storage import durable, reading

DAY = date(2026, 8, 10)
SYSTEM = Actor.SYSTEM
# Without an id: whether a handler is one still is not what these tests ask.
SOMEBODY = Actor(ActorKind.STAFF, 1, "罗会", Channel.COUNTER)
HANDLER = Actor(ActorKind.HANDLER, None, "陈明", Channel.PORTAL, employer_id=7, address="127.0.0.1")


def act(number: int, by: Actor = SYSTEM) -> Receipt:
    key, content = Key(f"key-{number:06d}"), {"number": number}
    with durable(by):
        done = evidence.receipt(key, content, by, "log_out")
        return done or evidence.record("log_out", by=by, today=DAY, key=key, content=content)


def test_a_repeated_act_is_answered_with_its_first_receipt(center) -> None:
    first, second = act(1), act(1)
    assert (second.number, second.repeated) == (first.number, True)


@pytest.mark.parametrize(
    ("number", "by", "name"), [(2, SYSTEM, "log_out"), (1, SYSTEM, "log_in"), (1, SOMEBODY, "log_out")]
)
def test_a_key_used_for_other_content_by_another_act_or_by_another_person_is_refused(center, number, by, name) -> None:
    act(1)
    with pytest.raises(Refused) as refused, durable(SYSTEM):
        evidence.receipt(Key("key-000001"), {"number": number}, by, name)
    assert refused.value.codes == ("KEY-REUSED",)


def test_a_handlers_event_belongs_to_the_handlers_employer_whatever_is_said(center) -> None:
    with durable(HANDLER):
        evidence.record("log_out", by=HANDLER, today=DAY, employer_id=8)
    with center.connect("superuser") as admin:
        assert admin.execute("SELECT employer_id FROM evidence_event").fetchall() == [(7,)]


def test_what_was_done_to_a_subject_is_told_to_its_employer_alone(center) -> None:
    with durable(HANDLER):
        done = evidence.record("log_out", by=HANDLER, today=DAY, subject="case:5", result={"people": 3})
    with reading(HANDLER):
        found = evidence.event(done.number)
        assert found is not None
        assert (found.act, found.actor_name, found.result, len(found.digest)) == (
            "log_out",
            "陈明",
            {"people": 3},
            64,
        )
        assert evidence.events_about("case:5") == [found]
    with reading(replace(HANDLER, employer_id=8)):
        assert evidence.event(done.number) is None
        assert evidence.events_about("case:5") == []


def test_the_chain_holds_whoever_seals_and_however_often(center) -> None:
    for number in range(5):
        act(number)
    assert (evidence.seal(), evidence.seal()) == (5, 0)
    act(9)
    with reading(SYSTEM):
        assert evidence.verify_chain() == ChainReport(links=5, unsealed=1, fault=None)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE evidence_event SET detail = '{\"sum\": 1}' WHERE id = 3",
        "UPDATE evidence_link SET event_id = -event_id WHERE position IN (3, 4);"
        "UPDATE evidence_link SET event_id = CASE -event_id WHEN 3 THEN 4 ELSE 3 END WHERE position IN (3, 4)",
        "DELETE FROM evidence_link WHERE position = 3",
    ],
    ids=["changed", "reordered", "removed"],
)
def test_verification_names_the_first_link_that_a_tamperer_touched(center, tampering: str) -> None:
    for number in range(5):
        act(number)
    evidence.seal()
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")
        for statement in tampering.split(";"):
            admin.execute(statement)  # type: ignore[call-overload]
    with reading(SYSTEM):
        report = evidence.verify_chain()
    assert report.fault is not None
    assert "第3环" in report.fault


def test_a_head_kept_elsewhere_shows_that_the_end_was_cut_off(center) -> None:
    act(1)
    act(2)
    evidence.seal()
    with reading(SYSTEM):
        kept = evidence.Head.parse(str(evidence.head()))
    act(3)
    evidence.seal()
    with reading(SYSTEM):
        assert evidence.verify_chain([kept]).fault is None
    with center.connect("superuser") as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM evidence_link WHERE event_id > 1")
        admin.execute("DELETE FROM evidence_event WHERE id > 1")
    with reading(SYSTEM):
        assert evidence.verify_chain() == ChainReport(links=1, unsealed=0, fault=None)
        cut = evidence.verify_chain([kept]).fault
    assert cut is not None
    assert "第2环不是此前记下的那一环" in cut


@pytest.mark.parametrize("role", ["app", "portal", "staff"])
def test_no_role_of_the_hall_can_write_an_event_of_its_own(center, role: str) -> None:
    act(1)
    with center.connect(role) as connection:
        for statement in (
            "INSERT INTO evidence_event (business_day, act) VALUES (current_date, 'x')",
            "UPDATE evidence_event SET act = 'x'",
            "DELETE FROM evidence_event",
            "TRUNCATE evidence_event CASCADE",
        ):
            with pytest.raises(psycopg.errors.ProgrammingError):
                connection.execute(statement)  # type: ignore[call-overload]
