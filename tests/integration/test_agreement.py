"""The service agreement: publishing it, and accepting it as evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError

from hpf.agreement.models import AgreementAcceptance
from hpf.agreement.operations import accept, publish
from hpf.agreement.queries import acceptance, current, demonstration_text
from hpf.kernel import Actor, Key, Refused
from hpf.registry.models import Handler
from hpf.storage import Query, durable, reading, sm3
from tests.integration.hall import CLERK, TODAY, Desk, desk, lay_ground, quick_passwords, visit

SYSTEM = Actor.SYSTEM
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def ground(center):
    with quick_passwords():
        lay_ground()
        yield center


def publish_demonstration(number: str = "演示1", on=TODAY, text: str | None = None):
    return publish(
        text or demonstration_text(), number, on, summary="首次公布", by=CLERK, today=TODAY, key=Key.of("agreement", on)
    )


def accept_current(of: Desk, key: Key | None = None, today=TODAY, version: str = "", digest: str = ""):
    with reading(of.handler):
        shown = current(today)
    return accept(
        version or shown.number,
        digest or shown.digest,
        by=of.handler,
        today=today,
        now=visit().now,
        address=visit().address,
        agent=visit().agent,
        key=key or Key.fresh(),
    )


def codes(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.codes


def test_a_version_is_in_force_from_its_day_on(ground) -> None:
    with reading(SYSTEM):
        assert codes(current, TODAY) == ("AGREEMENT-NONE",)
    publish_demonstration()
    publish_demonstration("演示2", TOMORROW, "# 新协议")
    with reading(SYSTEM):
        first, second = current(TODAY), current(TOMORROW)
    assert (first.number, first.digest) == ("演示1", sm3(demonstration_text().encode()).hex())
    assert (second.number, second.text) == ("演示2", "# 新协议")


def test_publishing_is_refused_with_every_reason(ground) -> None:
    publish_demonstration()
    yesterday = TODAY - timedelta(days=1)
    assert codes(publish, " ", "演示1", yesterday, by=CLERK, today=TODAY, key=Key.fresh()) == (
        "AGREEMENT-TEXT",
        "AGREEMENT-BACKDATED",
        "AGREEMENT-NUMBER-TAKEN",
    )
    assert codes(publish, "文本", "演示2", TODAY, by=CLERK, today=TODAY, key=Key.fresh()) == ("AGREEMENT-DAY-TAKEN",)
    assert publish_demonstration().repeated


def test_an_acceptance_keeps_version_digest_moment_address_and_browser(ground) -> None:
    publish_demonstration()
    new, key = desk(), Key.fresh()
    receipt = accept_current(new, key)
    assert accept_current(new, key).number == receipt.number
    with reading(new.handler):
        row = AgreementAcceptance.objects.get()
        shown = acceptance(new.handler_id, "演示1")
        assert Handler.objects.get(pk=new.handler_id).agreement_version == "演示1"
        assert acceptance(new.handler_id, "演示2") is None
    assert (row.employer_id, row.handler_id, row.accepted_at, row.address, row.agent) == (
        new.employer_id,
        new.handler_id,
        visit().now,
        visit().address,
        visit().agent,
    )
    assert bytes(row.digest) == sm3(demonstration_text().encode())
    assert shown is not None
    assert (shown.version, shown.handler_name, shown.digest) == ("演示1", "王秀英", bytes(row.digest).hex())


def test_another_version_or_text_than_the_one_in_force_is_not_accepted(ground) -> None:
    publish_demonstration()
    publish_demonstration("演示2", TOMORROW, "# 新协议")
    new = desk()
    assert codes(accept_current, new, version="演示2") == ("AGREEMENT-NOT-CURRENT",)
    assert codes(accept_current, new, digest=sm3(b"other").hex()) == ("AGREEMENT-NOT-CURRENT",)
    with reading(SYSTEM):
        assert not AgreementAcceptance.objects.exists()


def test_a_version_is_accepted_once_and_the_next_one_anew(ground) -> None:
    publish_demonstration()
    publish_demonstration("演示2", TOMORROW, "# 新协议")
    new = desk()
    accept_current(new)
    assert codes(accept_current, new) == ("AGREEMENT-ACCEPTED",)
    accept_current(new, today=TOMORROW)
    with reading(SYSTEM):
        assert AgreementAcceptance.objects.filter(handler_id=new.handler_id).count() == 2
        assert Handler.objects.get(pk=new.handler_id).agreement_version == "演示2"


def test_staff_accept_for_nobody(ground) -> None:
    publish_demonstration()
    with pytest.raises(ValueError, match="handler accepts"):
        accept("演示1", "", by=CLERK, today=TODAY, now=visit().now, address="", agent="", key=Key.fresh())


def test_an_acceptance_is_seen_by_its_employer_alone_and_changed_by_nobody(ground) -> None:
    publish_demonstration()
    one, other = desk(), desk()
    accept_current(one)
    with reading(other.handler):
        assert not AgreementAcceptance.objects.exists()
        assert acceptance(one.handler_id, "演示1") is None
    for by in (one.handler, CLERK):
        for statement in (
            "UPDATE agreement_agreementacceptance SET address = ''",
            "DELETE FROM agreement_agreementacceptance",
            "UPDATE registry_agreementversion SET text = ''",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), durable(by):
                Query(statement).execute()
