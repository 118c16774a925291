"""What is published: written by one, approved by another, out at its time, and kept."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from hpf.casework import review
from hpf.casework.review import ReviewState
from hpf.kernel import Actor, Key, Refused
from hpf.notices.models import Delivery, Message
from hpf.publications import operations, queries
from hpf.publications.files import take_in
from hpf.publications.models import Acknowledgement, Draft
from hpf.publications.queries import Search
from hpf.publications.rules import LARGEST_FILE, FileType, Kind
from hpf.registry.codes import Role
from hpf.storage import reading
from tests.integration.hall import TODAY
from tests.integration.publishing import (
    NOTICE,
    NOW,
    PDF,
    acknowledge,
    decide,
    digest_of,
    draft,
    form,
    publish,
    publish_next,
    submit,
)
from tests.office import SYSTEM, employ, open_center, open_unit
from tests.unit.reading import zoo

DAY = timedelta(days=1)


@pytest.fixture
def writer(center: Any) -> Actor:
    open_center()
    return employ("白露", Role.PUBLISHER, Role.REVIEWER)


@pytest.fixture
def checker(writer: Actor) -> Actor:
    return employ("苏明远", Role.REVIEWER)


def seen(now: datetime = NOW, **search: str) -> list[str]:
    with reading(Actor.ANONYMOUS):
        return [one.title for one in Search(now, **search).after(0, 50)]


def test_nothing_is_public_before_a_second_person_has_approved_it(writer: Actor, checker: Actor) -> None:
    written = draft(NOTICE, writer)
    assert seen() == []
    submit(written, writer)
    assert seen() == []
    decide(written, checker)
    assert seen() == [NOTICE.title]


def test_whoever_had_a_hand_in_a_text_does_not_approve_it(writer: Actor, checker: Actor) -> None:
    written = draft(NOTICE, checker)
    operations.rewrite(written, replace(NOTICE, title="另一个标题"), by=writer, today=TODAY, key=Key.fresh())
    submit(written, writer)
    with pytest.raises(Refused, match="PUBLICATION-OWN-WORK"):
        decide(written, checker)
    assert decide(written, employ("何复", Role.REVIEWER))["version"] == 1


def test_what_is_approved_is_what_was_read_and_not_what_was_made_of_it_since(writer: Actor, checker: Actor) -> None:
    written = draft(NOTICE, writer)
    submit(written, writer)
    read = turn_of(written)
    operations.take_back(written, by=writer, today=TODAY, key=Key.fresh())
    operations.rewrite(written, replace(NOTICE, important=True), by=writer, today=TODAY, key=Key.fresh())
    submit(written, writer)
    with pytest.raises(Refused, match="REVIEW-CHANGED"):
        decide(written, checker, turn=read)
    assert decide(written, checker, turn=turn_of(written))["version"] == 1


def turn_of(draft_id: int) -> int:
    with reading(SYSTEM):
        return review.history(operations.REVIEW_KIND, draft_id)[0].id


def test_a_version_that_drops_most_of_the_former_one_is_saved_only_if_that_is_meant(
    writer: Actor, checker: Actor
) -> None:
    out = publish(NOTICE, writer, checker)["publication_id"]
    other, again = replace(NOTICE, text="另行通知。", change_summary="换了"), {"by": writer, "today": TODAY}
    with pytest.raises(Refused, match="上一版正文共15字，其中15字（100%）在新文本中不再出现"):
        operations.revise(out, other, key=Key.fresh(), **again)
    same = replace(NOTICE, change_summary="未变")
    written = int(operations.revise(out, same, key=Key.fresh(), **again).result["draft_id"])
    with pytest.raises(Refused, match="PUBLICATION-LOSS"):
        operations.rewrite(written, other, key=Key.fresh(), **again)
    operations.rewrite(written, other, loss_confirmed=True, key=Key.fresh(), **again)


def test_a_draft_that_was_handed_in_is_not_rewritten(writer: Actor) -> None:
    written = draft(NOTICE, writer)
    submit(written, writer)
    with pytest.raises(Refused, match="PUBLICATION-NOT-WRITING"):
        operations.rewrite(written, NOTICE, by=writer, today=TODAY, key=Key.fresh())


def test_a_returned_draft_is_mended_and_a_refused_one_is_given_up(writer: Actor, checker: Actor) -> None:
    written = draft(NOTICE, writer)
    submit(written, writer)
    decide(written, checker, ReviewState.RETURNED, note="写明依据")
    operations.rewrite(written, replace(NOTICE, text="依据：条例。"), by=writer, today=TODAY, key=Key.fresh())
    submit(written, writer)
    decide(written, checker, ReviewState.REFUSED, note="不必发布")
    with reading(SYSTEM):
        assert Draft.objects.get(pk=written).state == "dropped"


def test_it_comes_out_at_its_time_and_goes_at_its_time(writer: Actor, checker: Actor) -> None:
    publish(replace(NOTICE, publish_at=NOW + DAY, take_down_at=NOW + 2 * DAY), writer, checker)
    assert seen() == []
    assert seen(NOW + DAY) == [NOTICE.title]
    assert seen(NOW + 2 * DAY) == []


def test_employers_are_told_of_something_important_once_it_is_out_and_never_of_what_was_stopped(
    writer: Actor, checker: Actor
) -> None:
    important = replace(NOTICE, important=True, publish_at=NOW + DAY)
    first = publish(important, writer, checker)
    stopped = publish(replace(important, title="不发了"), writer, checker)
    take_down(stopped["publication_id"], "数据有误", writer)
    assert told_at(NOW + DAY / 2) == []
    assert told_at(NOW + DAY) == [f"公告：{NOTICE.title}"]
    assert told_at(NOW + 2 * DAY) == [f"公告：{NOTICE.title}"]
    again = {"by": SYSTEM, "today": TODAY, "now": NOW + DAY}
    assert operations.tell_of(first["draft_id"], **again) is None
    assert operations.tell_of(stopped["draft_id"], **again) is None


def told_at(now: datetime) -> list[str]:
    """What all employers have been told once the worker has come by."""
    with reading(SYSTEM):
        found = queries.untold(now)
    for version_id in found:
        operations.tell_of(version_id, by=SYSTEM, today=TODAY, now=now)
    with reading(SYSTEM):
        return list(Message.objects.order_by("pk").values_list("title", flat=True))


def test_approved_after_its_time_it_comes_out_at_once(writer: Actor, checker: Actor) -> None:
    done = publish(replace(NOTICE, publish_at=NOW - DAY), writer, checker)
    assert done["publish_at"] == NOW.isoformat()


def test_nothing_holds_before_it_is_known(writer: Actor, checker: Actor) -> None:
    written = draft(replace(NOTICE, effective_on=date(2026, 8, 9)), writer)
    submit(written, writer)
    with pytest.raises(Refused, match="PUBLICATION-BACKDATED"):
        decide(written, checker)
    assert publish(NOTICE, writer, checker)["effective_on"] == "2026-08-10"


def test_every_version_is_kept_and_the_next_takes_over_at_its_own_time(writer: Actor, checker: Actor) -> None:
    first = publish(NOTICE, writer, checker)["publication_id"]
    publish_next(first, replace(NOTICE, text="第二版", publish_at=NOW + DAY), writer, checker)
    with reading(Actor.ANONYMOUS):
        assert [one.number for one in queries.versions(first, NOW)] == [1]
        assert queries.standing(first, NOW).number == 1  # type: ignore[union-attr]
        assert [one.number for one in queries.versions(first, NOW + DAY)] == [2, 1]
        later = queries.standing(first, NOW + DAY)
    assert later is not None
    assert (later.number, later.text) == (2, "第二版")
    assert seen(NOW + DAY) == [NOTICE.title]


def test_a_new_version_says_what_has_changed_and_one_draft_is_open_at_a_time(writer: Actor, checker: Actor) -> None:
    first = publish(NOTICE, writer, checker)["publication_id"]
    with pytest.raises(Refused, match="PUBLICATION-CHANGE"):
        operations.revise(first, NOTICE, by=writer, today=TODAY, key=Key.fresh())
    changed = replace(NOTICE, change_summary="写明依据")
    operations.revise(first, changed, by=writer, today=TODAY, key=Key.fresh())
    with pytest.raises(Refused, match="PUBLICATION-OPEN-DRAFT"):
        operations.revise(first, changed, by=checker, today=TODAY, key=Key.fresh())


def test_what_is_taken_down_is_gone_with_all_its_versions(writer: Actor, checker: Actor) -> None:
    first = publish(NOTICE, writer, checker)["publication_id"]
    with pytest.raises(Refused, match="PUBLICATION-REASON"):
        take_down(first, " ", writer)
    take_down(first, "误写了个人信息", writer)
    assert seen() == []
    with reading(Actor.ANONYMOUS):
        assert queries.versions(first, NOW) == []
    with pytest.raises(Refused, match="PUBLICATION-NOT-UP"):
        take_down(first, "再来一次", writer)


def take_down(publication_id: int, reason: str, by: Actor) -> None:
    operations.take_down(publication_id, reason, by=by, today=TODAY, now=NOW, key=Key.fresh())


def test_it_is_found_by_words_of_its_title_and_text_and_by_kind(writer: Actor, checker: Actor) -> None:
    publish(NOTICE, writer, checker)
    publish(form(), writer, checker)
    assert seen(words="缴存 基数调整") == []
    assert seen(words="缴存基数") == [NOTICE.title]
    assert seen(words="2026") == [NOTICE.title]
    assert seen(words="表") == ["单位开户登记申请表"]
    assert seen(kind="form") == ["单位开户登记申请表"]
    assert seen(words="，。") == []


def test_lists_go_on_in_both_directions(writer: Actor, checker: Actor) -> None:
    for number in range(5):
        publish(replace(NOTICE, title=f"公告{number}"), writer, checker, now=NOW + timedelta(minutes=number))
    with reading(Actor.ANONYMOUS):
        search = Search(NOW + DAY)
        first = search.after(0, 2)
        second = search.after(first[-1].id, 2)
        assert [one.title for one in (*first, *second)] == ["公告4", "公告3", "公告2", "公告1"]
        assert search.before(second[0].id, 2) == first


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (PDF, FileType.PDF),
        (b"MZ\x90\x00", None),
        (b"<html><script>alert(1)</script>", None),
    ],
)
def test_files_are_judged_by_their_content(center: Any, content: bytes, found: FileType | None) -> None:
    if found is None:
        with pytest.raises(Refused, match="PUBLICATION-FILE-TYPE"):
            take_in([content], "表.pdf")
    else:
        assert take_in([content], "表.pdf").media_type == found


def office(parts: dict[str, bytes], before: bytes = b"") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return before + packed.getvalue()


LETTER = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (office(LETTER), "表.DOCX", "表.DOCX"),
        (office(LETTER), "setup.exe", "setup.docx"),
        (office(zoo.parts()), "表", "表.xlsx"),
        (office(zoo.parts() | {"xl/vbaProject.bin": b""}), "表.xlsx", None),
        (office(zoo.parts() | {"xl/macrosheets/sheet1.xml": b"<a/>"}), "表.xlsx", None),
        (office(LETTER | {"word/embeddings/a.exe": b"MZ\0\0"}), "表.docx", None),
        (office(LETTER, before=b"MZ\0\0"), "表.docx", None),
        (office({"a.txt": b""}), "表.docx", None),
        (office(LETTER | {"word/名.xml": b""}).replace("名".encode(), b"\xff\xfe\xff"), "表.docx", None),
    ],
)
def test_office_files_are_judged_part_by_part_and_named_what_they_are(
    center: Any, content: bytes, name: str, kept: str | None
) -> None:
    if kept is None:
        with pytest.raises(Refused, match="PUBLICATION-FILE-TYPE"):
            take_in([content], name)
    else:
        assert take_in([content], name).name == kept


def test_large_files_are_not_offered(center: Any) -> None:
    with pytest.raises(Refused, match="PUBLICATION-FILE-SIZE"):
        take_in([PDF, b" " * LARGEST_FILE], "表.pdf")


def test_an_acknowledgement_is_kept_as_evidence_and_given_once(writer: Actor, checker: Actor) -> None:
    handler = open_unit().handler
    publish(replace(NOTICE, important=True), writer, checker)
    with reading(handler):
        (waiting,) = queries.to_acknowledge(handler.id, NOW)  # type: ignore[arg-type]
    acknowledge(waiting.id, waiting.digest, handler)
    with reading(handler):
        assert queries.to_acknowledge(handler.id, NOW) == []  # type: ignore[arg-type]
        kept = Acknowledgement.objects.get()
    assert (bytes(kept.digest).hex(), kept.address, kept.agent) == (waiting.digest, "203.0.113.7", "Firefox")
    with pytest.raises(Refused, match="PUBLICATION-ACKNOWLEDGED"):
        acknowledge(waiting.id, waiting.digest, handler)


def test_what_told_of_it_is_read_with_it_and_nothing_else_also_where_it_is_told_later(
    writer: Actor, checker: Actor
) -> None:
    handler, later = open_unit().handler, NOW + timedelta(minutes=1)
    first = publish(replace(NOTICE, important=True), writer, checker)
    publish(replace(NOTICE, important=True, title="另一份"), writer, checker)
    timed = publish(replace(NOTICE, important=True, title="定时的", publish_at=later), writer, checker)
    acknowledge(first["draft_id"], digest_of(first["draft_id"]), handler)
    assert inbox_of(handler) == {f"公告：{NOTICE.title}": "read", "公告：另一份": "unread"}
    acknowledge(timed["draft_id"], digest_of(timed["draft_id"]), handler, now=later)
    operations.tell_of(timed["draft_id"], by=SYSTEM, today=TODAY, now=later)
    assert inbox_of(handler)["公告：定时的"] == "read"


def inbox_of(handler: Actor) -> dict[str, str]:
    with reading(handler):
        return dict(Delivery.objects.filter(way="inbox").values_list("title", "state"))


def test_a_new_important_version_is_acknowledged_anew(writer: Actor, checker: Actor) -> None:
    handler = open_unit().handler
    important = replace(NOTICE, important=True)
    first = publish(important, writer, checker)
    acknowledge(first["draft_id"], digest_of(first["draft_id"]), handler)
    publish_next(first["publication_id"], replace(important, text="第二版"), writer, checker)
    with reading(handler):
        assert [one.number for one in queries.to_acknowledge(handler.id, NOW)] == [2]  # type: ignore[arg-type]


VERSION = (
    "INSERT INTO publications_version (draft_id, publication_id, number, title, text, change_summary, important,"
    " effective_on, publish_at, files, digest) SELECT id, publication_id, 9, {title}, text, change_summary, important,"
    " now(), now(), files, digest FROM publications_draft"
)


@pytest.mark.parametrize("role", ["portal", "staff"])
@pytest.mark.parametrize(
    "attack",
    [
        VERSION.format(title="title"),
        "UPDATE publications_version SET text = 'x'",
        "DELETE FROM publications_version",
        "TRUNCATE publications_version CASCADE",
        "DELETE FROM publications_draft",
    ],
)
def test_the_database_keeps_what_is_public_to_what_was_approved(
    center: Any, writer: Actor, role: str, attack: str
) -> None:
    submit(draft(NOTICE, writer), writer)
    with center.connect(role) as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker.execute(attack)


@pytest.mark.parametrize("role", ["staff", "owner"])
@pytest.mark.parametrize("taken", ["review_kind = 'closure', review_subject = 1", "review_subject = 1"])
def test_no_draft_takes_the_review_of_something_else(center: Any, writer: Actor, role: str, taken: str) -> None:
    draft(NOTICE, writer)
    with center.connect(role) as attacker, pytest.raises(psycopg.errors.InsufficientPrivilege, match="keeps its words"):
        attacker.execute(f"UPDATE publications_draft SET {taken}")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE publications_version SET text = 'x'",
        "UPDATE publications_draft SET text = 'x'",
        "UPDATE publications_draft SET state = 'writing'",
        "DELETE FROM publications_version",
        VERSION.format(title="'another'"),
    ],
)
def test_not_even_the_owner_changes_what_was_published(
    center: Any, writer: Actor, checker: Actor, attack: str
) -> None:  # fmt: skip
    publish(NOTICE, writer, checker)
    with center.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute(attack)


def test_the_public_reads_no_draft(center: Any, writer: Actor) -> None:
    draft(NOTICE, writer)
    with center.connect("portal") as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute("SELECT * FROM publications_draft")


def test_only_announcements_and_policies_stop_a_handler(writer: Actor) -> None:
    with pytest.raises(Refused, match="PUBLICATION-IMPORTANT"):
        draft(replace(NOTICE, important=True), writer, Kind.GUIDE)
