"""Two persons: what one made, another decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import psycopg
import pytest

from hpf.casework import review
from hpf.casework.review import Review, ReviewState
from hpf.kernel import Actor, Refused
from hpf.registry.codes import Role
from hpf.storage import Statements, durable, reading
from tests.office import SYSTEM, employ, open_center

TODAY = date(2026, 8, 10)
KIND, SUBJECT = "employer_registration", 7
APPROVED, RETURNED = ReviewState.APPROVED, ReviewState.RETURNED


@pytest.fixture
def maker(center: Any) -> Actor:
    open_center()
    return employ("孙桂", Role.CLERK, Role.REVIEWER)


@pytest.fixture
def checker(maker: Actor) -> Actor:
    return employ("何复", Role.REVIEWER)


def submit(by: Actor) -> Review:
    with durable(by):
        return review.submit(KIND, SUBJECT, title="示范公司", by=by, today=TODAY)


def decide(by: Actor, verdict: ReviewState = APPROVED, note: str = "") -> Review:
    with durable(by):
        return review.decide(KIND, SUBJECT, verdict, note=note, by=by)


def test_another_person_decides_and_the_turn_is_kept(maker: Actor, checker: Actor) -> None:
    submit(maker)
    decide(checker, RETURNED, "介绍信未盖章")
    submit(maker)
    decide(checker)
    with reading(SYSTEM):
        turns = review.history(KIND, SUBJECT)
    assert [(turn.state, turn.checker_name, turn.note) for turn in turns] == [
        (APPROVED, "何复", ""),
        (RETURNED, "何复", "介绍信未盖章"),
    ]


def test_nobody_decides_his_own_work_whatever_his_roles(maker: Actor) -> None:
    submit(maker)
    with pytest.raises(Refused) as refused:
        decide(maker, RETURNED)
    assert refused.value.codes == ("REVIEW-OWN-WORK", "REVIEW-NOTE")


def test_the_system_and_handlers_neither_submit_nor_decide(maker: Actor) -> None:
    with pytest.raises(Refused, match="REVIEW-STAFF"):
        submit(SYSTEM)
    submit(maker)
    with pytest.raises(Refused, match="REVIEW-STAFF"):
        decide(SYSTEM)


def test_what_waits_is_not_submitted_again_and_can_be_taken_back_by_its_maker(maker: Actor, checker: Actor) -> None:
    submit(maker)
    with pytest.raises(Refused, match="REVIEW-UNDER-WAY"):
        submit(checker)
    with pytest.raises(Refused, match="REVIEW-NOT-YOURS"), durable(checker):
        review.withdraw(KIND, SUBJECT, by=checker)
    with durable(maker):
        assert review.withdraw(KIND, SUBJECT, by=maker).state is ReviewState.WITHDRAWN
    with pytest.raises(Refused, match="REVIEW-OVER"):
        decide(checker)


def test_of_two_who_decide_at_once_one_does(maker: Actor, checker: Actor) -> None:
    other = employ("钱复", Role.REVIEWER)
    submit(maker)
    together = Barrier(2)

    def say(by: Actor) -> str:
        together.wait()
        try:
            return decide(by).checker_name
        except Refused as refused:
            return refused.codes[0]

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(say, (checker, other)))
    assert max(said, key=len) == "REVIEW-OVER"
    assert {"何复", "钱复"} & set(said)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE casework_review SET state = 'approved', checker_id = maker_id, decided_at = now()",
        "UPDATE casework_review SET maker_id = (SELECT max(id) FROM registry_staff)",
        "UPDATE casework_review SET made_at = now()",
        "DELETE FROM casework_review",
        "TRUNCATE casework_review",
        "INSERT INTO casework_review"
        " (kind, subject_id, title, state, maker_id, maker_name, checker_id, decided_at, business_day)"
        " SELECT 'x', 1, '', 'approved', id, '', id, now(), now() FROM registry_staff",
        "INSERT INTO casework_review (kind, subject_id, title, maker_id, maker_name, business_day)"
        " SELECT 'x', 1, '', max(id), name, now() FROM registry_staff GROUP BY name",
        "UPDATE casework_review SET state = 'approved', decided_at = now(),"
        " checker_id = (SELECT max(id) FROM registry_staff WHERE id <> maker_id)",
        "UPDATE casework_review SET state = 'withdrawn', decided_at = now()",
    ],
)
@pytest.mark.parametrize("role", ["portal", "staff"])
def test_the_database_keeps_two_persons_against_raw_sql(
    center: Any, maker: Actor, checker: Actor, role: str, attack: str
) -> None:
    submit(maker)
    with (
        center.connect(role) as attacker,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.CheckViolation)),
    ):
        attacker.execute(attack)


def test_not_even_the_owner_changes_what_was_decided(center: Any, maker: Actor, checker: Actor) -> None:
    submit(maker)
    decide(checker)
    with center.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege, match="decided once"):
        owner.execute("UPDATE casework_review SET note = 'x'")


def test_guards_of_items_ask_whether_the_last_turn_was_approved(maker: Actor, checker: Actor) -> None:
    approved = Statements("hpf.casework")("approved", kind=KIND, subject_id=SUBJECT)
    with reading(SYSTEM):
        assert approved.row() == (False,)
    submit(maker)
    with reading(SYSTEM):
        assert approved.row() == (False,)
    decide(checker)
    with reading(SYSTEM):
        assert approved.row() == (True,)


def test_the_list_counts_what_others_made(maker: Actor, checker: Actor) -> None:
    submit(maker)
    with reading(checker):
        assert review.count_pending([KIND], besides=checker) == 1
        assert review.count_pending([KIND], besides=maker) == 0
        assert [one.title for one in review.pending([KIND])] == ["示范公司"]
        assert review.pending(["another"]) == []
