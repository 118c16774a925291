"""Registering an employer at the counter, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.hashers import check_password, is_password_usable
from django.db import connection
from psycopg.errors import UniqueViolation

from hpf.employer_registration.models import Application
from hpf.employer_registration.operations import accept_application
from hpf.employer_registration.queries import examination
from hpf.employer_registration.rules import EmployerApplication, Registration
from hpf.hall_access.passwords import reissue_initial_password
from hpf.kernel import Actor, ActorKind, Channel, Key, Month, Rate, Refusal, Refused, Rounding, Severity
from hpf.kernel.identity import organisation_code
from hpf.ledger.accounts import unallocated
from hpf.registry import employers
from hpf.registry.codes import TimelineKind, UnitState
from hpf.registry.models import Employer, Handler, TimelineEvent, UnitAccount
from hpf.registry.timeline import replay
from hpf.storage import keyring, reading
from tests.integration.hall import (
    APPLICATION,
    CLERK,
    NOW,
    TODAY,
    accept,
    another,
    decide,
    everything_stored,
    lay_ground,
    quick_passwords,
    register,
    submit,
    visit,
)

SYSTEM = Actor.SYSTEM


@pytest.fixture(scope="module")
def ground(shared_center):
    with quick_passwords():
        lay_ground()
        yield shared_center


def examine(form: EmployerApplication) -> tuple[Registration | None, list[Refusal]]:
    with reading(SYSTEM):
        return examination(form, TODAY)


def state_of(application_id: int) -> str:
    with reading(SYSTEM):
        return Application.objects.get(pk=application_id).state


def refused(act: Callable[..., object], *args: object, **kwargs: object) -> tuple[str, ...]:
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


def test_an_employer_is_registered_with_account_rates_and_handler(ground) -> None:
    registered = register(APPLICATION)
    result = registered.receipt.result
    with reading(SYSTEM):
        employer = Employer.objects.get(pk=result["employer_id"])
        unit = UnitAccount.objects.get(pk=result["unit_account_id"])
        rate = TimelineEvent.objects.get(unit_account=unit)
        handler = Handler.objects.get(pk=result["handler_id"])
        assert unallocated(unit.pk) == (unit.unallocated_account_id, 0)
        assert replay(unit.pk, Month(2026, 7), Rounding.HALF_UP_FEN, rate.pk).rows() == []
    assert (employer.name, employer.credit_code, employer.registered_on) == (
        APPLICATION.name,
        APPLICATION.credit_code,
        TODAY,
    )
    assert employer.legal_representative_phone == "0833-2101234"
    assert unit.number == f"5111{unit.pk:08d}" == result["unit_account_number"]
    assert (unit.state, unit.unit_rate, unit.payday, unit.due_month) == (
        UnitState.OPENED,
        Rate(800),
        10,
        Month(2026, 7),
    )
    assert (unit.bank_account, bytes(unit.bank_account_digest)) == (
        APPLICATION.bank_account,
        keyring().digest("bank_account", APPLICATION.bank_account),
    )
    assert (rate.kind, rate.effective_month, rate.unit_rate, rate.personal_rate, rate.account_id) == (
        TimelineKind.RATE,
        Month(2026, 7),
        Rate(800),
        Rate(800),
        None,
    )
    assert (handler.user_name, handler.mobile, handler.must_change_password) == (
        f"{unit.number}01",
        "13800138000",
        True,
    )
    assert handler.initial_password_expires_at == NOW + timedelta(days=14)


def test_who_approves_gives_no_password_and_what_is_handed_out_is_kept_nowhere(ground) -> None:
    form = another()
    application_id = accept(form)
    submit(application_id)
    made = decide(application_id).result
    with reading(SYSTEM):
        assert not is_password_usable(Handler.objects.get(pk=made["handler_id"]).password_hash)
    at = visit()
    _, password = reissue_initial_password(made["handler_id"], by=CLERK, visit=at, key=Key.fresh())
    assert password is not None
    assert len(password) == 12
    with reading(SYSTEM):
        assert check_password(password, Handler.objects.get(pk=made["handler_id"]).password_hash)
    for secret in (password, form.handler_mobile, form.handler_identity_number, form.bank_account):
        assert secret not in everything_stored(ground)


def test_the_same_key_accepts_once_and_nothing_else(ground) -> None:
    form, key = another(), Key.fresh()
    first = accept_application(form, by=CLERK, today=TODAY, key=key)
    again = accept_application(form, by=CLERK, today=TODAY, key=key)
    assert (again.number, again.repeated, again.result) == (first.number, True, first.result)
    with pytest.raises(Refused) as refused:
        accept_application(another(), by=CLERK, today=TODAY, key=key)
    assert refused.value.codes == ("KEY-REUSED",)


def test_every_reason_is_given_at_once_and_nothing_is_kept(ground) -> None:
    taken = another()
    register(taken)
    wrong = replace(taken, name=f" {taken.name} ", postcode="1", unit_rate="13", handler_mobile="1", payday="32")
    with pytest.raises(Refused) as refused:
        register(wrong)
    assert {(refusal.code, refusal.where) for refusal in refused.value.refusals} == {
        ("REGISTER-POSTCODE", "postcode"),
        ("REGISTER-RATE-RANGE", "unit_rate"),
        ("REGISTER-MOBILE", "handler_mobile"),
        ("REGISTER-NUMBER", "payday"),
        ("REGISTER-NAME-TAKEN", "name"),
        ("REGISTER-CODE-TAKEN", "credit_code"),
    }


@pytest.mark.parametrize("old_first", [True, False])
def test_an_employer_is_taken_in_once_by_its_old_code_or_by_its_new_one(ground, old_first: bool) -> None:
    codes = both_codes()
    first, second = codes if old_first else codes[::-1]
    register(another(credit_code=first))
    with pytest.raises(Refused) as refused:
        accept(another(credit_code=second))
    assert [one.code for one in refused.value.refusals if one.severity is Severity.REFUSED] == ["REGISTER-CODE-TAKEN"]
    with reading(SYSTEM):
        assert [line.credit_code for line in employers.Search(second).after(0, 2)] == [first]


def test_an_employer_has_one_application_under_way_whichever_code_it_shows(ground) -> None:
    old, new = both_codes()
    accept(another(credit_code=old))
    with pytest.raises(Refused) as refused:
        accept(another(credit_code=new))
    assert refused.value.codes == ("REGISTER-CODE-UNDER-WAY",)


@pytest.mark.parametrize("table", ["registry_employer", "employer_registration_application"])
def test_the_database_holds_no_employer_twice(ground, table: str) -> None:
    old, new = both_codes()
    one, other = another(credit_code=old), another()
    for form in (one, other):
        if table == "registry_employer":
            register(form)
        else:
            accept(form)
    with ground.connect("superuser") as superuser, pytest.raises(UniqueViolation, match="organisation"):
        superuser.execute(f"UPDATE {table} SET credit_code = %s WHERE credit_code = %s", [new, other.credit_code])


def both_codes() -> tuple[str, str]:
    """The 组织机构代码 and the 统一社会信用代码 of one more body."""
    new = another().credit_code
    return organisation_code(new), new


def test_an_empty_form_is_refused_field_by_field(ground) -> None:
    with pytest.raises(Refused) as refused:
        register(EmployerApplication())
    assert len(refused.value.refusals) == 25


def test_a_first_month_without_law_is_refused_by_name(ground) -> None:
    registration, findings = examine(another(first_month="200401", founded_on="2003-01-01"))
    assert registration is None
    assert "POLICY-NO-LAW" in [finding.code for finding in findings]


def test_hints_are_shown_and_do_not_block(ground) -> None:
    registration, findings = examine(another(founded_on="2020-01-01"))
    assert registration is not None
    assert [(hint.code, hint.severity) for hint in findings] == [("REGISTER-LATE", Severity.CHECK)]


def test_two_windows_accept_the_same_code_and_one_succeeds(ground) -> None:
    for _ in range(5):
        form, barrier = another(), Barrier(2)
        rival = replace(form, name=another().name, handler_mobile="13700000000")

        def window(form: EmployerApplication, barrier: Barrier = barrier) -> tuple[str, ...]:
            try:
                barrier.wait()
                accept(form)
            except Refused as refused:
                return refused.codes
            else:
                return ("accepted",)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as windows:
            outcomes = sorted(windows.map(window, (form, rival)))
        assert outcomes == [("REGISTER-CODE-UNDER-WAY",), ("accepted",)]


def test_a_handler_sees_the_own_employer_and_no_other(ground) -> None:
    own, foreign = register().receipt.result, register().receipt.result
    by = Actor(ActorKind.HANDLER, own["handler_id"], "王秀英", Channel.PORTAL, own["employer_id"])
    with reading(by):
        assert [employer.pk for employer in Employer.objects.all()] == [own["employer_id"]]
        assert [unit.pk for unit in UnitAccount.objects.all()] == [own["unit_account_id"]]
        assert [handler.pk for handler in Handler.objects.all()] == [own["handler_id"]]
        assert not Employer.objects.filter(pk=foreign["employer_id"]).exists()
