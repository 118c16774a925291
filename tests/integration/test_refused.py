"""What is refused inside an open page is an event: files that were not taken, acts on one's own work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hpf.casework.attachments import path_of
from hpf.casework.models import Attachment
from hpf.registry.codes import Role
from hpf.registry.models import Staff
from hpf.storage import reading
from tests.integration.browser import Browser, lay_hall, newcomer, staff_browser
from tests.integration.hall import quick_passwords
from tests.office import SYSTEM
from tests.scans import pdf


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        yield shared_center


def noted(ground: Any, act: str) -> list[dict[str, Any]]:
    with ground.connect("superuser") as admin:
        rows = admin.execute("SELECT detail FROM evidence_event WHERE act = %s ORDER BY id", [act]).fetchall()
    return [json.loads(detail) if isinstance(detail, str) else detail for (detail,) in rows]


@pytest.fixture(scope="module")
def clerk(ground: Any) -> Browser:
    return staff_browser(Role.CLERK)


def change_mobile(clerk: Browser, mobile: str, name: str, content: bytes) -> Any:
    address = f"/counter/employers/{newcomer().employer_id}/mobile/"
    scan = SimpleUploadedFile("scan", content, "application/pdf")
    scan._name = name  # as a client of its own could send it: Django takes no path
    form = clerk.open(address)
    return clerk.submit(form, address, handler_mobile=mobile, letter_seen="1", card_seen="1", scans=scan)


def test_a_paper_with_a_program_in_it_is_refused_and_recorded_with_what_it_was(clerk: Browser, ground: Any) -> None:
    page = change_mobile(clerk, "13700000061", "介绍信.pdf", pdf(b"<< /S /JavaScript /JS (x) >>"))
    assert page.status == 422
    assert "程序（JavaScript）" in page
    (event,) = noted(ground, "refuse_upload")
    assert "SCAN-ACTIVE" in event["codes"]
    assert "JavaScript" in event["why"][0]


def test_too_many_scans_are_refused_on_the_page_and_what_was_typed_stays(clerk: Browser) -> None:
    address = f"/counter/employers/{newcomer().employer_id}/mobile/"
    scans = [SimpleUploadedFile(f"{number}.pdf", pdf()) for number in range(30)]
    page = clerk.submit(clerk.open(address), address, handler_mobile="13700000063", letter_seen="1", scans=scans)
    assert page.status == 422
    assert "一次最多附20个扫描件" in page
    assert "13700000063" in page


def test_an_act_about_oneself_is_refused_and_recorded(ground: Any) -> None:
    security = staff_browser(Role.SECURITY_ADMIN)
    with reading(SYSTEM):
        other, own = (Staff.objects.get(user_name=role.value).pk for role in (Role.CLERK, Role.SECURITY_ADMIN))
    form = security.open(f"/counter/staff/{other}/").form(f"/counter/staff/{other}/secure/")
    answer = security.post(f"/counter/staff/{own}/secure/", {**form, "act": "suspend_staff"})
    assert answer.status_code == 422
    assert noted(ground, "refuse_act")[-1]["codes"] == ["STAFF-SELF"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.pdf", "x.pdf"),
        ("介绍\u202efdp.exe.pdf", "介绍fdp.exe.pdf"),
        ("册" * 300 + ".pdf", "册" * 83 + ".pdf"),
        ("a;b=c.pdf", "a;b=c.pdf"),
    ],
)
def test_a_strange_name_is_only_shown_and_never_a_path(clerk: Browser, name: str, shown: str) -> None:
    assert change_mobile(clerk, f"137{len(name):08}", name, pdf(name.encode(errors="replace"))).status == 200
    with reading(SYSTEM):
        kept = Attachment.objects.latest("pk")
    assert kept.name == shown
    assert path_of(kept).name == bytes(kept.digest).hex()
    header = clerk.get(f"/counter/scans/{kept.pk}/").headers["Content-Disposition"]
    kind, _, encoded = header.partition("; filename*=UTF-8''")
    assert kind == "inline"
    assert encoded.isascii()
    assert not set(encoded) & set('";/ ')
    assert unquote(encoded) == shown
