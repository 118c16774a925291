"""A version's way: drafted by one person, approved by another, announced, in force."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hpf.agreement import publishing
from hpf.agreement.models import AgreementDraft
from hpf.agreement.publishing import decide, draft, redraft, withdraw
from hpf.agreement.queries import coming, confirmed_loss, current, demonstration_text
from hpf.agreement.rules import Version
from hpf.casework.review import ReviewState
from hpf.evidence import events_about
from hpf.faces.cli import agreement_publish
from hpf.kernel import Actor, Key, Refused
from hpf.policy import choose_business_day
from hpf.registry.codes import AgreementDocument, Role
from hpf.registry.models import AgreementVersion, Staff
from hpf.storage import durable, reading, sm3
from tests.integration.hall import TODAY, desk, lay_ground, quick_passwords
from tests.office import SYSTEM, employ, let_in
from tests.unit.agreement.broken_text import MARKDOWN, as_a_pdf_gives_it
from tests.versions import NOTICE, found_center

AGREEMENT = AgreementDocument.AGREEMENT
LATER = TODAY + NOTICE
TEXT = demonstration_text() + "\n9.9 新的条款。\n"
ANOTHER = Version(AGREEMENT, "2026-2", LATER, "换了一份", "# 新协议\n\n## 一、新\n\n1.1 新的条款。\n")
NEXT = Version(AGREEMENT, "2026-2", LATER, "改了一条", TEXT)
APPROVED, RETURNED, REFUSED = ReviewState.APPROVED, ReviewState.RETURNED, ReviewState.REFUSED


@pytest.fixture
def maker(center: Any) -> Actor:
    with quick_passwords():
        lay_ground()
        found_center("2026-1", TODAY)
        desk()
    return employ("发布员", Role.PUBLISHER)


@pytest.fixture
def checker(maker: Actor) -> Actor:
    return employ("复核员", Role.REVIEWER)


def drafted(maker: Actor, version: Version = NEXT) -> int:
    return int(draft(version, by=maker, today=TODAY, key=Key.fresh()).result["draft_id"])


def say(
    checker: Actor, draft_id: int, verdict: ReviewState = APPROVED, note: str = "", today: Any = TODAY, **more: Any
) -> None:
    decide(draft_id, verdict, note=note, by=checker, today=today, key=Key.fresh(), **more)


def codes(act: Any, *args: Any, **kwargs: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.codes


def test_a_draft_is_published_by_another_person_and_in_force_from_its_day_on(maker: Actor, checker: Actor) -> None:
    draft_id = drafted(maker)
    with reading(SYSTEM):
        assert coming(AGREEMENT, TODAY) is None
    say(checker, draft_id)
    with reading(SYSTEM):
        ahead = coming(AGREEMENT, TODAY)
        assert ahead is not None
        assert (ahead.number, ahead.published_on, ahead.digest) == ("2026-2", TODAY, sm3(TEXT.encode()).hex())
        assert current(LATER - timedelta(days=1)).number == "2026-1"
        assert current(LATER).number == "2026-2"
        assert coming(AGREEMENT, LATER) is None


def test_nobody_publishes_his_own_draft(maker: Actor) -> None:
    both = employ("一人两岗", Role.PUBLISHER, Role.REVIEWER)
    assert codes(say, both, drafted(both)) == ("REVIEW-OWN-WORK",)


def test_nobody_publishes_what_he_drafted_or_changed_though_another_handed_it_over(
    maker: Actor, checker: Actor
) -> None:
    first, last = (employ(name, Role.PUBLISHER, Role.REVIEWER) for name in ("甲两岗", "乙两岗"))
    draft_id = drafted(first)
    withdraw(draft_id, by=first, today=TODAY, key=Key.fresh())
    for writer in (last, maker):
        redraft(draft_id, NEXT, by=writer, today=TODAY, key=Key.fresh())
        if writer is last:
            withdraw(draft_id, by=writer, today=TODAY, key=Key.fresh())
    assert codes(say, first, draft_id) == ("REVIEW-OWN-WORK",)
    assert codes(say, last, draft_id) == ("REVIEW-OWN-WORK",)
    say(checker, draft_id)


def test_only_the_publisher_drafts_and_only_the_reviewer_decides(maker: Actor, checker: Actor) -> None:
    assert codes(drafted, checker) == ("STAFF-ROLE",)
    assert codes(say, maker, drafted(maker)) == ("STAFF-ROLE",)


def test_a_draft_is_refused_with_everything_that_speaks_against_it(maker: Actor) -> None:
    bad = Version(AGREEMENT, "2026-1", TODAY, " ", "没有标题的正文")
    assert codes(drafted, maker, bad) == (
        "AGREEMENT-TITLE",
        "AGREEMENT-SUMMARY",
        "AGREEMENT-TOO-SOON",
        "AGREEMENT-NUMBER-TAKEN",
        "AGREEMENT-DAY-TAKEN",
    )


def test_a_text_that_drops_most_of_the_former_one_is_drafted_only_if_that_is_meant(
    maker: Actor, checker: Actor
) -> None:
    with pytest.raises(Refused, match=r"版本2026-1的原文共1,\d{3}字，其中[\d,]+字（100%）在新文本中不再出现") as asked:
        drafted(maker, ANOTHER)
    assert asked.value.codes == ("AGREEMENT-LOSS",)
    draft_id = drafted(maker)
    withdraw(draft_id, by=maker, today=TODAY, key=Key.fresh())
    again = {"by": maker, "today": TODAY, "key": Key.fresh()}
    assert codes(redraft, draft_id, ANOTHER, **again) == ("AGREEMENT-LOSS",)
    redraft(draft_id, ANOTHER, loss_confirmed=True, **again)
    assert codes(say, checker, draft_id) == ("AGREEMENT-LOSS",)  # the second person means it too
    say(checker, draft_id, loss_confirmed=True)
    with reading(SYSTEM):
        assert confirmed_loss(draft_id) == asked.value.refusals[0].what
        assert events_about("agreement:2026-2")[0].detail == {"loss_confirmed": asked.value.refusals[0].what}


def test_the_clauses_that_bind_the_user_are_named_with_a_version_and_published_with_it(
    maker: Actor, checker: Actor
) -> None:
    named = Version(AGREEMENT, "2026-2", LATER, "指明条款", TEXT, ("9.9", "1.1"))
    assert codes(drafted, maker, replace(named, binding=("9.9", "7.7(1)"))) == ("AGREEMENT-CLAUSE",)
    say(checker, drafted(maker, named))
    with reading(SYSTEM):
        assert list(current(LATER).clauses.binding) == ["1.1", "9.9"]
        assert "2.2" in current(TODAY).clauses.binding  # the version before says nothing: as its wording proposes


def test_a_change_is_published_so_many_days_before_it_takes_effect(maker: Actor, checker: Actor) -> None:
    draft_id = drafted(maker)
    assert codes(say, checker, draft_id, today=TODAY + timedelta(days=1)) == ("AGREEMENT-TOO-SOON",)
    say(checker, draft_id)


def test_a_draft_that_came_back_is_changed_and_handed_over_again(maker: Actor, checker: Actor) -> None:
    draft_id = drafted(maker)
    assert codes(redraft, draft_id, NEXT, by=maker, today=TODAY, key=Key.fresh()) == ("REVIEW-UNDER-WAY",)
    say(checker, draft_id, RETURNED, "请写明改了哪一条")
    better = Version(AGREEMENT, "2026-2", LATER, "改了第1.1条", TEXT)
    redraft(draft_id, better, by=maker, today=TODAY, key=Key.fresh())
    withdraw(draft_id, by=maker, today=TODAY, key=Key.fresh())
    redraft(draft_id, better, by=maker, today=TODAY, key=Key.fresh())
    say(checker, draft_id)
    with reading(SYSTEM):
        assert AgreementVersion.objects.get(draft_id=draft_id).summary == "改了第1.1条"
    assert codes(redraft, draft_id, better, by=maker, today=TODAY, key=Key.fresh()) == ("REVIEW-OVER",)


def test_a_draft_that_was_refused_is_not_handed_over_again(maker: Actor, checker: Actor) -> None:
    draft_id = drafted(maker)
    say(checker, draft_id, REFUSED, "不改")
    assert codes(redraft, draft_id, NEXT, by=maker, today=TODAY, key=Key.fresh()) == ("REVIEW-OVER",)


def test_the_same_key_drafts_and_publishes_once(maker: Actor, checker: Actor) -> None:
    key = Key.fresh()
    first = draft(NEXT, by=maker, today=TODAY, key=key)
    assert draft(NEXT, by=maker, today=TODAY, key=key).repeated
    approval = Key.fresh()
    for _ in range(2):
        done = decide(first.result["draft_id"], APPROVED, note="", by=checker, today=TODAY, key=approval)
    assert done.repeated
    with reading(SYSTEM):
        assert AgreementVersion.objects.filter(document=AGREEMENT).count() == 2


def test_a_version_without_review_is_published_only_where_a_center_is_founded(maker: Actor) -> None:
    for document in (AGREEMENT, AgreementDocument.TWO_STEP):
        more = {"by": SYSTEM, "today": TODAY, "key": Key.fresh()}
        assert codes(publishing.found, document, demonstration_text(), "9", TODAY, **more) == ("AGREEMENT-FOUNDED",)


def test_the_database_publishes_nothing_but_what_a_second_person_approved(
    center: Any, maker: Actor, checker: Actor
) -> None:
    draft_id = drafted(maker)
    copy = (
        "INSERT INTO registry_agreementversion"
        " (document, number, published_on, effective_on, summary, text, digest, draft_id)"
        f" SELECT document, number, '2026-08-10', effective_on, summary, {{text}}, digest, id"
        f" FROM agreement_agreementdraft WHERE id = {draft_id}"
    )
    changes = (
        copy.format(text="text"),
        "UPDATE agreement_agreementdraft SET text = '另一份'",
        "DELETE FROM agreement_agreementdraft",
        "INSERT INTO agreement_agreementdraft (document, number, effective_on, summary, text, digest, drafted_by)"
        " SELECT document, '2026-9', effective_on, summary, text, digest, drafted_by FROM agreement_agreementdraft",
    )
    refused(center, changes)
    say(checker, draft_id)
    refused(center, (copy.format(text="text || '!'"), changes[1]))


def refused(center: Any, attacks: tuple[str, ...]) -> None:
    for role in ("staff", "owner"):
        for attack in attacks:
            with center.connect(role) as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege):
                attacker.execute(attack)


def test_the_command_reads_a_center_s_file_and_drafts_it_in_a_publisher_s_name(
    maker: Actor, checker: Actor, tmp_path: Path, center: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with durable(SYSTEM):
        choose_business_day(TODAY)
    file = tmp_path / "协议.txt"
    file.write_bytes(as_a_pdf_gives_it().encode("gb18030"))
    assert command(str(file)) == 0
    assert "二、【帐号】　7 条" in capsys.readouterr().out
    more = ["--number", "2026-2", "--effective", str(LATER), "--summary", "中心的文本", "--by"]
    assert codes(command, str(file), *more, user_name(checker)) == ("STAFF-ROLE",)
    assert codes(command, str(file), *more, user_name(maker)) == ("STAFF-NOT-AT-WORK",)
    let_in(center, maker)
    assert codes(command, str(file), *more, user_name(maker)) == ("AGREEMENT-LOSS",)
    assert command(str(file), "--loss-confirmed", *more, user_name(maker)) == 0
    with reading(SYSTEM):
        assert coming(AGREEMENT, TODAY) is None
        (row,) = AgreementDraft.objects.all()
        assert (row.drafted_by, row.text) == (maker.name, MARKDOWN)
    say(checker, row.pk, loss_confirmed=True)
    with reading(SYSTEM):
        assert current(LATER).number == "2026-2"


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    agreement_publish.arguments(parser)
    return agreement_publish.run(parser.parse_args(words))


def user_name(by: Actor) -> str:
    with reading(SYSTEM):
        return str(Staff.objects.get(pk=by.id).user_name)
