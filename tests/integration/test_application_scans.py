"""Scans of what comes with an application for registration, from the counter to the employer's file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from hpf.casework import attachments
from hpf.casework.models import Attachment
from hpf.casework.review import ReviewState
from hpf.casework.scans import Scan
from hpf.employer_registration.models import KIND, PAPERS, Material
from hpf.employer_registration.operations import submit_application, withdraw_application
from hpf.employer_registration.queries import scans_of
from hpf.employer_registration.scans import attach_scans, forget_scans, take_scan_off
from hpf.evidence import events_about
from hpf.kernel import Key, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Employer
from hpf.storage import durable, reading
from tests.integration.browser import Browser, Page, lay_hall, newcomer, staff_browser
from tests.integration.hall import CLERK, TODAY, accept, decide, quick_passwords, submit
from tests.office import SYSTEM
from tests.scans import jpeg, pdf, png

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield shared_center


@pytest.fixture(scope="module")
def clerk(ground: Any) -> Browser:
    return staff_browser(Role.CLERK)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def scanned(*papers: Material) -> int:
    """An application with a scan of each of these papers."""
    application_id = accept()
    scans = [Scan(f"{paper}.pdf", [pdf()], where=paper, paper=paper) for paper in papers]
    attach_scans(application_id, scans, by=CLERK, today=TODAY, key=Key.fresh())
    return application_id


def scans_as(*names: str) -> int:
    """An application with scans that differ by their names."""
    application_id = accept()
    scans = [Scan(name, [pdf(f"({name})".encode())], paper=Material.LETTER) for name in names]
    attach_scans(application_id, scans, by=CLERK, today=TODAY, key=Key.fresh())
    return application_id


def age(ground: Any, places: Iterable[Path], *applications: int) -> None:
    """Let a year and a day go by over applications, and over the files of their scans."""
    for place in places:
        os.utime(place, (0, 0))
    with ground.connect("superuser") as superuser:
        superuser.execute("SET session_replication_role = replica")
        for table, column, key in (
            ("employer_registration_application", "changed_at", "id"),
            ("casework_attachment", "added_at", "subject_id"),
        ):
            superuser.execute(
                f"UPDATE {table} SET {column} = {column} - interval '366 days' WHERE {key} = ANY (%s)",
                [list(applications)],
            )


def page_of(browser: Browser, application_id: int) -> Page:
    return browser.open(f"/counter/applications/{application_id}/")


def attach(browser: Browser, application_id: int, **files: object) -> Page:
    page = page_of(browser, application_id)
    return browser.submit(page, f"{page.address}scans/", **files)


def links(page: Page) -> list[str]:
    return sorted(set(re.findall(r"/counter/applications/scans/\d+/", page.html)))


class TestScans:
    def test_go_from_the_counter_past_the_second_person_into_the_employers_file(self, clerk: Browser) -> None:
        application_id = accept()
        page = attach(
            clerk,
            application_id,
            identity_copy=[upload("正面.png", png()), upload("反面.jpg", jpeg())],
            letter=upload("介绍信.pdf", pdf()),
            form=upload("附件1.exe", pdf()),
        )
        assert "扫描件已附上" in page
        clerk.submit(page, f"/counter/applications/{application_id}/submit/", materials=list(Material.values))
        reviewer = staff_browser(Role.REVIEWER)
        seen = page_of(reviewer, application_id)
        assert all(name in seen for name in ("正面.png", "反面.jpg", "介绍信.pdf", "附件1.exe"))
        assert len(links(seen)) == 4
        assert f"/counter/applications/{application_id}/scans/" not in seen, "who decides attaches nothing"
        scan = reviewer.get(links(seen)[0])
        assert (scan.content, scan.headers["Content-Type"]) == (png(), "image/png")
        reviewer.submit(seen, f"/counter/applications/{application_id}/decide/", verdict="approved")
        with reading(SYSTEM):
            employer = Employer.objects.get(application_id=application_id)
        address = f"/counter/employers/{employer.pk}/"
        assert links(clerk.open(address)) == links(seen)
        treasurer = staff_browser(Role.TREASURER)
        assert links(treasurer.open(address)) == []
        assert treasurer.get(links(seen)[0]).status_code == 403

    def test_bad_files_are_refused_with_all_their_reasons_beside_their_fields(self, clerk: Browser) -> None:
        application_id = accept()
        active = pdf(b"<< /S /JavaScript /JS (x) >>")
        page = attach(
            clerk,
            application_id,
            identity_copy=[upload("正面.png", png()[:-8]), upload("反面.docx", b"PK\x03\x04")],
            letter=upload("介绍信.pdf", active),
            form=upload("附件1.pdf", pdf()),
        )
        assert page.status == 422
        for said in ("“正面.png”不完整或已损坏", "“反面.docx”不是PDF、JPEG或PNG文件", "“介绍信.pdf”含有不能接收的内容"):
            assert said in page
        assert 'id="f-identity_copy-e"' in page
        assert 'id="f-letter-e"' in page
        assert 'id="f-form-e"' not in page
        assert links(page) == []
        assert "没有选择文件" in attach(clerk, application_id)

    def test_a_paper_without_one_needs_a_reason_which_the_second_person_reads(self, clerk: Browser) -> None:
        application_id = scanned(Material.LETTER)
        address = f"/counter/applications/{application_id}/submit/"
        page = clerk.submit(page_of(clerk, application_id), address, materials=list(Material.values))
        assert page.status == 422
        assert "没有附经办人身份证复印件、单位开户登记申请表的扫描件" in page
        given = {"materials": list(Material.values), "waiver": "扫描仪故障"}
        assert "未附扫描件的原因：扫描仪故障" in clerk.submit(page, address, **given)

    def test_one_of_the_wrong_paper_is_taken_off_while_the_clerk_has_it(self, clerk: Browser) -> None:
        application_id = scanned(*PAPERS)
        with reading(SYSTEM):
            wrong = scans_of(application_id)[1].pk
        page = page_of(clerk, application_id)
        page = clerk.submit(page, f"{page.address}scans/take-off/", scan=wrong)
        assert "扫描件已移除" in page
        assert len(links(page)) == 2
        submit(application_id)
        with pytest.raises(Refused, match="REGISTER-APPLICATION-STATE"):
            take_scan_off(application_id, wrong - 1, by=CLERK, today=TODAY, key=Key.fresh())

    def test_that_were_taken_off_are_gone_with_their_files_the_night_after_next(self) -> None:
        application_id, other = scans_as("wrong", "shared"), scans_as("shared")
        with reading(SYSTEM):
            scans = list(scans_of(application_id))
            places = [attachments.path_of(scan) for scan in scans]
        for scan in scans:
            take_scan_off(application_id, scan.pk, by=CLERK, today=TODAY, key=Key.fresh())
        left = []
        for nights in (0, 2):
            forget_scans(today=TODAY, now=datetime.now(UTC) + timedelta(days=nights))
            left.append([place.exists() for place in places])
        assert left == [[True, True], [False, True]]
        with reading(SYSTEM):
            assert len(scans_of(other)) == 1

    @pytest.mark.parametrize("ending", ["refused", "withdrawn"])
    def test_stay_with_an_application_that_comes_to_nothing_and_the_event_says_so(self, ending: str) -> None:
        application_id = scanned(*PAPERS)
        if ending == "refused":
            submit_application(application_id, list(Material), by=CLERK, today=TODAY, key=Key.fresh())
            decide(application_id, ReviewState.REFUSED, "不在本市")
        else:
            withdraw_application(application_id, by=CLERK, today=TODAY, key=Key.fresh())
        with reading(SYSTEM):
            assert len(scans_of(application_id)) == 3
            assert events_about(f"application:{application_id}")[0].detail["scans_kept"] == 3
        with pytest.raises(DatabaseError, match="while a clerk has the application"), durable(SYSTEM):
            Attachment.objects.filter(subject_kind=KIND, subject_id=application_id).delete()

    def test_of_what_came_to_nothing_go_with_their_files_when_the_center_s_days_are_over(self, ground: Any) -> None:
        refused, lying = scans_as("refused", "shared"), scans_as("lying")
        registered, young = scans_as("shared"), scans_as("young")
        for application_id, verdict in ((refused, ReviewState.REFUSED), (registered, ReviewState.APPROVED)):
            submit(application_id)
            decide(application_id, verdict, "不在本市")
        withdraw_application(young, by=CLERK, today=TODAY, key=Key.fresh())
        every = (refused, lying, registered, young)
        with reading(SYSTEM):
            places = {scan.name: attachments.path_of(scan) for one in every for scan in scans_of(one)}
        age(ground, places.values(), refused, lying, registered)
        now = datetime.now(UTC)
        assert [forget_scans(today=TODAY, now=now) for _ in range(2)] == [3, 0]
        with reading(SYSTEM):
            assert [len(scans_of(one)) for one in every] == [0, 0, 1, 1]
        assert {name for name, place in places.items() if place.exists()} == {"shared", "young"}

    def test_just_written_again_stay_for_whom_wrote_them(self) -> None:
        written, day = attachments.write([pdf(b"(again)")]), timedelta(days=1)
        place = attachments.path_of(Attachment(digest=written.digest))
        for since, stays in ((datetime.now(UTC) - day, True), (datetime.now(UTC) + day, False)):
            with durable(SYSTEM):
                attachments.discard([written.digest], unused_since=since)
            assert place.exists() is stays

    def test_are_attached_once_for_one_key(self) -> None:
        application_id, key = accept(), Key.fresh()
        for _ in range(2):
            scans = [Scan("介绍信.pdf", [pdf()], paper=Material.LETTER)]
            attach_scans(application_id, scans, by=CLERK, today=TODAY, key=key)
        with reading(SYSTEM):
            assert len(scans_of(application_id)) == 1


class TestTheDatabase:
    def test_shows_no_employer_what_came_with_an_application(self) -> None:
        scanned(Material.LETTER)
        known = newcomer()
        with reading(known.actor):
            assert not Attachment.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), durable(known.actor):
            attachments.keep_before(
                attachments.Written(b"x" * 32, 1), name="x", media_type="", kind="anything", subject_id=1, paper=""
            )

    @pytest.mark.parametrize("owner", [{}, {"employer_id": 1, "subject_kind": "x", "subject_id": 1}, {"subject_id": 1}])
    def test_gives_an_attachment_exactly_one_owner(self, owner: dict[str, Any]) -> None:
        with pytest.raises(DatabaseError, match="casework_attachment_one_owner"), durable(SYSTEM):
            Attachment.objects.create(name="x", media_type="", size=1, digest=b"x" * 32, **owner)

    def test_changes_no_attachment_even_for_its_owner(self, ground: Any) -> None:
        application_id = scanned(Material.LETTER)
        with ground.connect("owner") as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("UPDATE casework_attachment SET name = 'y' WHERE subject_id = %s", [application_id])
