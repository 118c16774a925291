"""An application's way from the counter to the register: two persons, no way around, every step an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import psycopg
import pytest

from hpf.casework import review
from hpf.casework.review import VERDICTS, ReviewState
from hpf.casework.scans import Scan
from hpf.employer_registration.models import Application, Material
from hpf.employer_registration.operations import (
    accept_application,
    correct_application,
    decide_application,
    open_application,
    submit_application,
    take_back_application,
    withdraw_application,
)
from hpf.employer_registration.queries import Search, form_of, scans_of
from hpf.employer_registration.scans import attach_scans, take_scan_off
from hpf.evidence import content_digest, events_about
from hpf.faces.counter.reviews import view_of
from hpf.kernel import Actor, ActorKind, Channel, Key, Refused
from hpf.registry.models import Employer
from hpf.storage import reading
from tests.integration.hall import (
    CLERK,
    COLLEAGUE,
    REVIEWER,
    TODAY,
    accept,
    another,
    decide,
    lay_ground,
    quick_passwords,
    register,
    submit,
)
from tests.office import SYSTEM
from tests.scans import pdf

pytestmark = pytest.mark.usefixtures("ground")
CLERK_WHO_REVIEWS = Actor(ActorKind.STAFF, 1, "李柜员", Channel.COUNTER, roles=frozenset({"clerk", "reviewer"}))

BOTH = Actor(ActorKind.STAFF, 7, "周两岗", Channel.COUNTER, roles=frozenset({"clerk", "reviewer"}))


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_ground()
        yield shared_center


def found(application_id: int) -> Application:
    with reading(SYSTEM):
        return Application.objects.select_related("branch").get(pk=application_id)


def acts(application_id: int) -> list[str]:
    with reading(SYSTEM):
        return [event.act for event in reversed(events_about(f"application:{application_id}"))]


def refused(act: Callable[..., object], *args: object, **kwargs: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def common() -> dict[str, Any]:
    return {"by": CLERK, "today": TODAY, "key": Key.fresh()}


def under_review() -> int:
    application_id = accept()
    submit(application_id)
    return application_id


def test_what_was_accepted_is_kept_as_the_form_said_it() -> None:
    form = another(supervising_department="教育局", industry="P", unit_rate="8.5", personal_rate="5")
    application = found(accept(form))
    assert form_of(application) == replace(form, first_month="2026-07")
    assert (application.state, application.accepted_by, application.accepted_on) == ("accepted", "李柜员", TODAY)
    assert len(application.number) == 12


def test_the_log_keeps_no_digest_of_people_s_numbers_that_could_be_tried_out() -> None:
    form = another()
    application_id = accept(form)
    correct_application(application_id, replace(form, bank_name="建设银行"), **common())
    corrected = {"application_id": application_id, **asdict(replace(form, bank_name="建设银行"))}
    guesses = [content_digest(guess).hex() for guess in (asdict(form), corrected)]
    with reading(SYSTEM):
        kept = [event.digest for event in events_about(f"application:{application_id}")]
    assert len(kept) == 2
    assert set(kept).isdisjoint(guesses)


def test_each_look_at_the_whole_of_an_application_is_an_event_whoever_looked_before() -> None:
    application_id = accept()
    open_application(application_id, by=CLERK, today=TODAY, printing=True)
    for looker in (CLERK, CLERK, COLLEAGUE):
        open_application(application_id, by=looker, today=TODAY)
    with reading(SYSTEM):
        looks = [(event.act, event.actor_name) for event in events_about(f"application:{application_id}", 4)]
    looked = [("open_application", looker.name) for looker in (COLLEAGUE, CLERK, CLERK)]
    assert looks == [*looked, ("print_application", CLERK.name)]


def test_approval_registers_and_the_application_names_its_employer() -> None:
    application_id = under_review()
    made = decide(application_id).result
    application = found(application_id)
    assert (application.state, application.employer_id) == ("registered", made["employer_id"])
    with reading(SYSTEM):
        assert Employer.objects.get(pk=made["employer_id"]).application_id == application_id
    assert acts(application_id) == ["accept_application", "submit_application", "register_employer"]


def test_nobody_approves_what_he_accepted_himself() -> None:
    application_id = under_review()
    by = {**common(), "by": CLERK_WHO_REVIEWS}
    assert refused(decide_application, application_id, ReviewState.APPROVED, note="", **by) == ("REVIEW-OWN-WORK",)
    assert found(application_id).state == "under_review"


@pytest.mark.parametrize("wrote", ["accepted", "corrected", "scan taken off"])
def test_nobody_decides_what_he_typed_though_another_submitted_it(ground: Any, wrote: str) -> None:
    writer = {**common(), "by": BOTH}
    if wrote == "accepted":
        application_id = int(accept_application(another(), **writer).result["application_id"])
    elif wrote == "scan taken off":
        application_id = accept()
        letter = Scan("介绍信.pdf", [pdf()], paper=Material.LETTER)
        attach_scans(application_id, [letter], by=CLERK, today=TODAY, key=Key.fresh())
        with reading(BOTH):
            (scan,) = scans_of(application_id)
        take_scan_off(application_id, scan.pk, **writer)
    else:
        form = another()
        application_id = accept(form)
        correct_application(application_id, replace(form, bank_account="6222999988887777"), **writer)
    submit(application_id)
    with reading(BOTH):
        shown = view_of("employer_registration", application_id, BOTH)
    assert (shown.decide, shown.wrote, shown.deciders) == ("", True, "复核")
    own = {**common(), "by": BOTH, "note": "材料不符"}
    for verdict in VERDICTS:
        assert refused(decide_application, application_id, verdict, **own) == ("REVIEW-OWN-WORK",)
    with ground.connect("staff") as attacker:
        attacker.execute("SELECT set_config('hpf.staff', %s, false)", [str(BOTH.id)])
        with pytest.raises(psycopg.errors.CheckViolation, match="wrote himself"):
            attacker.execute(
                "UPDATE casework_review SET state = 'approved', checker_id = %s, checker_name = 'x', decided_at = now()"
                " WHERE kind = 'employer_registration' AND subject_id = %s",
                [BOTH.id, application_id],
            )
    decide(application_id)
    assert found(application_id).state == "registered"


def test_what_was_taken_back_and_changed_is_not_approved_by_who_saw_it_before() -> None:
    form = another()
    application_id = accept(form)
    submit(application_id)
    with reading(SYSTEM):
        looked_at = review.latest("employer_registration", application_id)
    assert looked_at is not None
    take_back_application(application_id, **common())
    correct_application(application_id, replace(form, bank_account="6222999988887777"), **common())
    submit(application_id)
    approval = {**common(), "by": REVIEWER, "note": "", "turn": looked_at.id}
    assert refused(decide_application, application_id, ReviewState.APPROVED, **approval) == ("REVIEW-CHANGED",)
    assert found(application_id).state == "under_review"


def test_only_a_reviewer_decides_and_only_a_clerk_accepts() -> None:
    assert refused(accept_by_reviewer) == ("STAFF-ROLE",)
    application_id = under_review()
    assert refused(decide_application, application_id, ReviewState.APPROVED, note="", **common()) == ("STAFF-ROLE",)


def accept_by_reviewer() -> None:
    accept_application(another(), by=REVIEWER, today=TODAY, key=Key.fresh())


def test_what_is_sent_back_is_corrected_and_submitted_again() -> None:
    form = another()
    application_id = accept(form)
    submit(application_id)
    assert refused(decide, application_id, ReviewState.RETURNED) == ("REVIEW-NOTE",)
    decide(application_id, ReviewState.RETURNED, "开户银行写错")
    assert found(application_id).state == "returned"
    correct_application(application_id, replace(form, bank_name="建设银行", handler_mobile="13911112222"), **common())
    with reading(SYSTEM):
        detail = events_about(f"application:{application_id}")[0].detail
    assert detail == {
        "changed": {
            "bank_name": ["工商银行乐山分行", "建设银行"],
            "handler_mobile": [f"{form.handler_mobile[:3]}****{form.handler_mobile[-4:]}", "139****2222"],
        }
    }
    submit(application_id)
    decide(application_id)
    assert found(application_id).state == "registered"


def test_what_is_refused_is_over_and_its_name_is_free() -> None:
    form = another()
    application_id = accept(form)
    submit(application_id)
    decide(application_id, ReviewState.REFUSED, "不在本市管辖范围")
    assert refused(correct_application, application_id, form, **common()) == ("REGISTER-APPLICATION-STATE",)
    accept(form)


def test_all_materials_are_seen_before_a_second_person_is_asked() -> None:
    application_id = accept()
    some = [Material.IDENTITY_SEEN, Material.FORM]
    assert refused(submit_application, application_id, some, **common()) == ("REGISTER-MATERIALS", "REGISTER-SCANS")
    submit(application_id)
    assert set(found(application_id).materials) == set(Material)


def test_a_clerk_takes_back_what_nobody_has_decided() -> None:
    application_id = under_review()
    take_back_application(application_id, **common())
    assert found(application_id).state == "accepted"
    assert refused(decide, application_id) == ("REGISTER-APPLICATION-STATE",)
    withdraw_application(application_id, **common())
    assert found(application_id).state == "withdrawn"


def test_name_and_code_are_unique_among_what_is_under_way_and_what_is_registered() -> None:
    form = another()
    application_id = accept(form)
    same_name, same_code = replace(another(), name=form.name), replace(another(), credit_code=form.credit_code)
    assert refused(accept, same_name) == ("REGISTER-NAME-UNDER-WAY",)
    assert refused(accept, same_code) == ("REGISTER-CODE-UNDER-WAY",)
    correct_application(application_id, replace(form, address="另一条街"), **common())
    submit(application_id)
    decide(application_id)
    assert refused(accept, same_name) == ("REGISTER-NAME-TAKEN",)
    assert refused(accept, same_code) == ("REGISTER-CODE-TAKEN",)


def test_an_application_is_found_by_number_code_name_and_state() -> None:
    form = another(name="乐山寻找有限公司")
    application = found(accept(form))
    spaced = " ".join(application.number[place : place + 4] for place in (0, 4, 8))
    with reading(SYSTEM):
        for words in (application.number, spaced, form.credit_code.lower(), "寻找"):
            assert [one.pk for one in Search(words).after(0, 9)] == [application.pk], words
        assert Search(str(int(application.number) + 1)).count() == 0
        assert application.pk in [one.pk for one in Search(state="accepted").after(0, 500)]
        assert Search("寻找", "registered").count() == 0


ATTACKS = {
    "an employer without an application": "INSERT INTO registry_employer SELECT (e).* FROM"
    " (SELECT jsonb_populate_record(t, jsonb_build_object('id', 900001, 'name', 'x', 'credit_code', 'x',"
    " 'application_id', NULL)) e FROM registry_employer t LIMIT 1) copy",
    "an employer of an application that nobody approved": "INSERT INTO registry_employer SELECT (e).* FROM"
    " (SELECT jsonb_populate_record(t, jsonb_build_object('id', 900002, 'name', a.name, 'credit_code', a.credit_code,"
    " 'application_id', a.id)) e FROM registry_employer t, employer_registration_application a"
    " WHERE a.state = 'under_review' LIMIT 1) copy",
    "another application for an employer": "UPDATE registry_employer SET application_id = 999999",
    "registered without approval": "UPDATE employer_registration_application"
    " SET state = 'registered', employer_id = 999999 WHERE state = 'under_review'",
    "changed under review": "UPDATE employer_registration_application SET bank_name = 'x' WHERE state = 'under_review'",
    "reopened": "UPDATE employer_registration_application SET state = 'accepted' WHERE state = 'registered'",
    "begun at the end": "INSERT INTO employer_registration_application SELECT (e).* FROM"
    ' (SELECT jsonb_populate_record(t, \'{"id": 900003, "number": "x", "employer_id": null}\') e'
    " FROM employer_registration_application t WHERE state = 'registered' LIMIT 1) copy",
    "deleted": "DELETE FROM employer_registration_application",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("role", ["portal", "staff"])
def test_the_database_keeps_the_way_against_raw_sql(ground: Any, role: str, attack: str) -> None:
    register()
    under_review()
    with ground.connect(role) as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(ATTACKS[attack])


def test_not_even_the_owner_registers_without_two_persons(ground: Any) -> None:
    register()
    under_review()
    for attack in ("an employer without an application", "registered without approval"):
        with ground.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(ATTACKS[attack])
