"""The service agreement and the special rules: accepting them as evidence, and refusing them."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest

from hpf.agreement.models import AgreementAcceptance
from hpf.agreement.operations import accept, refuse
from hpf.agreement.queries import acceptance, accepted_before, current, demonstration_text, has_accepted, in_force
from hpf.kernel import Actor, Key, Refused
from hpf.registry.codes import AgreementDocument
from hpf.registry.models import AgreementVersion, Handler
from hpf.storage import Query, durable, reading, sm3
from tests.integration.hall import CLERK, TODAY, Desk, desk, lay_ground, quick_passwords, visit
from tests.versions import found_center, publish

SYSTEM = Actor.SYSTEM
TOMORROW = TODAY + timedelta(days=1)
TWO_STEP = AgreementDocument.TWO_STEP


@pytest.fixture
def ground(center):
    with quick_passwords():
        lay_ground()
        found_center("演示1", TODAY)
        yield center


def take(act, of: Desk, *, today: date = TODAY, key: Key | None = None, version: str = "", digest: str = "", **more):
    """Accept or refuse what is in force, or something else that is named."""
    with reading(of.handler):
        shown = in_force(more.get("document", AgreementDocument.AGREEMENT), today)
    return act(
        version or shown.number,
        digest or shown.digest,
        by=of.handler,
        today=today,
        address=visit().address,
        agent=visit().agent,
        key=key or Key.fresh(),
        **more,
    )


def accept_current(of: Desk, **more):
    return take(accept, of, now=visit().now, **more)


def codes(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.codes


def version_id(number: str) -> int:
    """Of the agreement; asked inside a transaction."""
    return AgreementVersion.objects.get(number=number, document=AgreementDocument.AGREEMENT).pk


def events(act: str) -> list[tuple[str, int | None]]:
    with reading(SYSTEM):
        found = Query("SELECT subject, employer_id FROM evidence_event WHERE act = %(act)s ORDER BY id", {"act": act})
        return [(subject, employer) for subject, employer in found.rows()]


def test_an_acceptance_keeps_who_version_digest_moment_address_and_browser(ground) -> None:
    new, key = desk(), Key.fresh()
    receipt = accept_current(new, key=key)
    assert accept_current(new, key=key).number == receipt.number
    with reading(new.handler):
        row = AgreementAcceptance.objects.get()
        shown = acceptance(new.handler_id, version_id("演示1"))
        assert Handler.objects.get(pk=new.handler_id).agreement_version == "演示1"
    assert (row.employer_id, row.handler_id, row.handler_name, row.accepted_at, row.address, row.agent) == (
        new.employer_id,
        new.handler_id,
        "王秀英",
        visit().now,
        visit().address,
        visit().agent,
    )
    assert bytes(row.digest) == sm3(demonstration_text().encode())
    assert shown is not None
    assert (shown.version, shown.handler_name, shown.digest) == ("演示1", "王秀英", bytes(row.digest).hex())


def test_another_version_or_text_than_the_one_in_force_is_not_accepted(ground) -> None:
    publish("演示2", TOMORROW)
    new = desk()
    assert codes(accept_current, new, version="演示2") == ("AGREEMENT-NOT-CURRENT",)
    assert codes(accept_current, new, digest=sm3(b"other").hex()) == ("AGREEMENT-NOT-CURRENT",)
    with reading(SYSTEM):
        assert not AgreementAcceptance.objects.exists()


def test_a_version_is_accepted_once_and_the_next_one_anew(ground) -> None:
    publish("演示2", TOMORROW)
    new = desk()
    accept_current(new)
    assert codes(accept_current, new) == ("AGREEMENT-ACCEPTED",)
    accept_current(new, today=TOMORROW)
    with reading(SYSTEM):
        assert AgreementAcceptance.objects.filter(handler_id=new.handler_id).count() == 2
        assert Handler.objects.get(pk=new.handler_id).agreement_version == "演示2"


def test_a_new_version_is_compared_with_the_one_accepted_last_whatever_came_between(ground) -> None:
    new, in_two_weeks = desk(), TODAY + timedelta(days=14)
    accept_current(new)
    publish("演示2", TOMORROW)
    publish("演示3", in_two_weeks, "# 又一份协议\n\n1.1 条款")
    with reading(new.handler):
        last = accepted_before(new.handler_id, AgreementDocument.AGREEMENT)
        assert last is not None
        assert (last.number, current(in_two_weeks).number) == ("演示1", "演示3")


def test_refusing_is_an_event_and_changes_nothing(ground) -> None:
    new = desk()
    take(refuse, new)
    assert events("refuse_agreement") == [("agreement:演示1", new.employer_id)]
    with reading(SYSTEM):
        assert not AgreementAcceptance.objects.exists()
    accept_current(new)
    assert codes(take, refuse, new) == ("AGREEMENT-ACCEPTED",)


def test_a_special_rule_is_accepted_for_itself(ground) -> None:
    new = desk()
    accept_current(new)
    with reading(new.handler):
        assert not has_accepted(new.handler_id, TWO_STEP, TODAY)
    accept_current(new, document=TWO_STEP)
    with reading(new.handler):
        assert has_accepted(new.handler_id, TWO_STEP, TODAY)
        assert not has_accepted(new.handler_id, AgreementDocument.DIRECT_DEBIT, TODAY)
        assert Handler.objects.get(pk=new.handler_id).agreement_version == "演示1"
    publish("演示2", TOMORROW, document=TWO_STEP)
    with reading(new.handler):
        assert has_accepted(new.handler_id, TWO_STEP, TODAY)
        assert not has_accepted(new.handler_id, TWO_STEP, TOMORROW)


def test_staff_accept_for_nobody(ground) -> None:
    with pytest.raises(ValueError, match="handler accepts"):
        accept("演示1", "", by=CLERK, today=TODAY, now=visit().now, address="", agent="", key=Key.fresh())


def test_the_employer_s_agreement_ends_on_a_day_and_can_begin_again(ground) -> None:
    new, other = desk(), desk()
    accept_current(new)
    accept_current(other)
    with durable(CLERK):
        assert Query("SELECT agreement_end(%(id)s, %(on)s)", {"id": new.employer_id, "on": TODAY}).row() == (1,)
    with reading(SYSTEM):
        assert acceptance(new.handler_id, version_id("演示1")) is None
        assert acceptance(other.handler_id, version_id("演示1")) is not None
        assert AgreementAcceptance.objects.get(handler_id=new.handler_id).ended_on == TODAY
    accept_current(new)


def test_an_acceptance_is_seen_by_its_employer_alone(ground) -> None:
    one, other = desk(), desk()
    accept_current(one)
    with reading(other.handler):
        assert not AgreementAcceptance.objects.exists()
        assert acceptance(one.handler_id, version_id("演示1")) is None


ATTACKS = [
    "UPDATE agreement_agreementacceptance SET address = ''",
    "UPDATE agreement_agreementacceptance SET handler_name = '另一人'",
    "UPDATE agreement_agreementacceptance SET ended_on = '2026-08-10', accepted_at = now()",
    "DELETE FROM agreement_agreementacceptance",
    "TRUNCATE agreement_agreementacceptance",
    "INSERT INTO agreement_agreementacceptance"
    " (employer_id, handler_id, handler_name, version_id, digest, accepted_at, address, agent)"
    " SELECT employer_id, handler_id, handler_name, version_id, '\\x00', now(), '', ''"
    " FROM agreement_agreementacceptance",
    "UPDATE registry_agreementversion SET text = ''",
    "UPDATE registry_agreementversion SET effective_on = '2026-08-01'",
    "DELETE FROM registry_agreementversion",
    "TRUNCATE registry_agreementversion CASCADE",
    "INSERT INTO registry_agreementversion (document, number, published_on, effective_on, summary, text, digest)"
    " VALUES ('agreement', 'x', '2026-08-09', '2026-08-10', '', 'x', '\\x00')",
    "INSERT INTO registry_agreementversion (document, number, published_on, effective_on, summary, text, digest,"
    " draft_id) VALUES ('agreement', 'x', '2026-08-09', '2026-08-09', '', 'x', '\\x00', 7)",
]


def test_acceptances_and_versions_stand_against_raw_sql(ground) -> None:
    new = desk()
    accept_current(new)
    for role in ("portal", "staff", "owner"):
        with ground.connect(role) as attacker:
            attacker.execute("SELECT set_config('hpf.employer', %s, false)", [str(new.employer_id)])
            attacker.commit()
            for attack in ATTACKS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), attacker.transaction():
                    attacker.execute(attack)
