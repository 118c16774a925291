"""What is published, through a browser without JavaScript: the desk, the public pages, the stop at the door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hpf.faces.web.markdown import rendered
from hpf.kernel import Actor, Key
from hpf.publications import operations
from hpf.publications.rules import Content, Kind
from hpf.registry.codes import Role
from tests.integration import restricting
from tests.integration.browser import PASSWORD, Browser, Page, lay_hall, limit, newcomer, staff_browser
from tests.integration.hall import TODAY, quick_passwords
from tests.integration.publishing import MORNING, NOTICE, PDF, decide, form, publish, publish_next, submit
from tests.office import employ

IMPORTANT = replace(NOTICE, important=True)


@pytest.fixture
def hall(center: Any) -> Iterator[tuple[Actor, Actor]]:
    """A hall with one who writes and one who approves."""
    with quick_passwords():
        lay_hall()
        yield employ("白露", Role.PUBLISHER), employ("苏明远", Role.REVIEWER)


def write(browser: Browser, **typed: object) -> Page:
    page = browser.open("/counter/publications/new/announcement/")
    return browser.submit(page, "/counter/publications/new/announcement/", **typed)


def test_from_the_first_word_to_the_public_page(hall: Any) -> None:
    publisher, reviewer, anybody = staff_browser(Role.PUBLISHER), staff_browser(Role.REVIEWER), Browser()
    draft = write(publisher, title="停机维护公告", text="## 时间\n\n今晚。")
    turned = publisher.submit(draft, f"{draft.path}turn/", turn="submit")
    assert "待复核" in turned
    assert "停机维护公告" not in anybody.open("/publications/")
    waiting = reviewer.open("/counter/reviews/")
    assert draft.path in waiting
    decided = reviewer.submit(reviewer.open(draft.path), f"{draft.path}decide/", verdict="approved")
    assert "已发布" in decided
    listed = anybody.open("/publications/")
    (href,) = re.findall(r'href="(/publications/\d+/)"', listed.html)
    assert "<h2>时间</h2>" in anybody.open(href)


def test_a_preview_shows_the_text_and_saves_nothing(hall: Any) -> None:
    publisher = staff_browser(Role.PUBLISHER)
    page = write(publisher, title="停机维护公告", text="**今晚**", preview="1")
    assert "<strong>今晚</strong>" in page
    assert "停机维护公告" not in publisher.open("/counter/publications/")


def test_everything_wrong_with_a_draft_is_said_at_once(hall: Any) -> None:
    page = write(staff_browser(Role.PUBLISHER), title="", text="", publish_at="明天")
    assert page.status == 422
    assert all(text in page for text in ("请填写标题", "请填写正文", "发布时间不是有效的日期和时间"))


def test_a_form_is_offered_with_its_file_and_the_file_is_never_opened_as_a_page(hall: Any) -> None:
    publisher = staff_browser(Role.PUBLISHER)
    address = "/counter/publications/new/form/"
    file = SimpleUploadedFile("附件1.pdf", PDF)
    draft = publisher.submit(publisher.open(address), address, title="申请表", text="一式二份", file=file)
    response = publisher.get(f"{draft.path}files/0/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.content == PDF
    assert publisher.get(f"{draft.path}files/1/").status_code == 404


def test_files_that_are_no_longer_ticked_are_left_out_of_the_next_draft(hall: Any) -> None:
    publisher = staff_browser(Role.PUBLISHER)
    out = publish(replace(form(), title="申请表"), *hall, now=MORNING)
    address = f"/counter/publications/{out['publication_id']}/revise/"
    page = publisher.open(address)
    response = publisher.post(address, page.form(address) | {"text": "一式二份", "change_summary": "x", "keep": ""})
    assert response.status_code == 422
    assert "表格没有附件" in response.content.decode()


def test_a_handler_acknowledges_what_is_important_before_anything_else_opens(hall: Any) -> None:
    publish(IMPORTANT, *hall, now=MORNING)
    handler, browser = newcomer(), Browser()
    page = handler.settles(browser)
    assert page.address == "/acknowledge/"
    assert browser.open("/roster/").address == "/acknowledge/?next=%2Froster%2F"
    assert browser.post("/seal/", {**page.form("/acknowledge/")}).headers["Location"] == "/acknowledge/?lost=1"
    assert browser.submit(page, "/acknowledge/").status == 422  # not ticked
    assert browser.submit(page, "/acknowledge/", read="1").address == "/"
    assert browser.open("/acknowledge/").address == "/"


def test_what_stands_before_keeps_what_was_asked_for_at_the_login(hall: Any) -> None:
    known, browser = newcomer(), Browser()
    known.settles(browser)
    browser.submit(browser.open("/"), "/leave/")
    publish(IMPORTANT, *hall, now=MORNING)
    publish(replace(IMPORTANT, title="第二份"), *hall, now=MORNING)
    restricting.restrict(known.employer_id)  # of this somebody is asked for a word as well
    limit(code_gap_seconds=0)
    page = known.logs_in(browser, PASSWORD, "/questions/?page=1")
    for stands in ("/acknowledge/", "/acknowledge/", "/prompts/"):
        assert page.path == stands
        page = browser.submit(page, stands, read="1")
    assert page.address == "/questions/?page=1"


def test_one_after_the_other_is_acknowledged_and_logging_out_is_always_open(hall: Any) -> None:
    publish(IMPORTANT, *hall, now=MORNING)
    publish(replace(IMPORTANT, title="第二份"), *hall, now=MORNING)
    browser = Browser()
    page = newcomer().settles(browser)
    assert "之后还有 1 份" in page
    page = browser.submit(page, "/acknowledge/", read="1")
    assert "第二份" in page
    assert browser.submit(page, "/leave/").address == "/login/"


def test_what_is_published_while_a_handler_works_stops_him_at_the_next_page(hall: Any) -> None:
    handler, browser = newcomer(), Browser()
    handler.settles(browser)
    stood_on = browser.open("/seal/?state=active")
    publish(IMPORTANT, *hall, now=MORNING)
    assert browser.open("/").address == "/acknowledge/"
    sent = browser.post("/seal/", stood_on.form("/leave/"), headers={"Referer": "http://localhost/seal/?state=active"})
    page = browser.open(sent.headers["Location"])
    assert "您刚才提交的内容没有办理" in page
    assert browser.submit(page, "/acknowledge/", read="1").address == "/seal/?state=active"
    assert "没有未读的消息" in browser.open("/messages/?show=unread"), "what told of it is read with it"
    assert IMPORTANT.title in browser.open("/messages/")


def test_a_page_leads_to_its_chapter_of_the_manual_with_version_and_day_of_effect(hall: Any) -> None:
    writer, checker = hall
    browser = Browser()
    newcomer().settles(browser)
    assert 'href="/manual/seal/"' in browser.open("/seal/")
    assert browser.open("/manual/seal/").address == "/publications/?kind=manual"
    text = Content("封存个人账户", "在[花名册](/roster/)勾选。\n\n![封存页面](seal.webp)\n\n![没有的](none.webp)")
    started = operations.start(Kind.MANUAL, text, slug="manual-seal", by=writer, today=TODAY, key=Key.fresh())
    submit(started.result["draft_id"], writer)
    decide(started.result["draft_id"], checker, now=MORNING)
    chapter = browser.open("/manual/seal/")
    assert "第 1 版" in chapter
    assert "2026-08-10 起生效" in chapter
    assert re.search(r'<img src="/static/manual/seal\.webp\?v=\w+" alt="封存页面"', chapter.html)
    assert "没有的" in chapter
    assert "封存个人账户" in Browser().open("/publications/?q=花名册")


def test_former_versions_stay_readable_and_lead_to_the_one_that_stands(hall: Any) -> None:
    out = publish(NOTICE, *hall, now=MORNING)["publication_id"]
    publish_next(out, replace(NOTICE, text="第二版正文", change_summary="写明依据"), *hall, now=MORNING)
    anybody = Browser()
    former = anybody.open(f"/publications/{out}/1/")
    assert "这是以前的一版" in former
    assert f'href="/publications/{out}/"' in former
    assert "第二版正文" in anybody.open(f"/publications/{out}/")
    assert anybody.get(f"/publications/{out}/3/").status_code == 404


def test_taken_down_it_is_gone_from_the_public_pages(hall: Any) -> None:
    out = publish(NOTICE, *hall, now=MORNING)["publication_id"]
    publisher = staff_browser(Role.PUBLISHER)
    address = f"/counter/publications/{out}/"
    publisher.submit(publisher.open(address), f"{address}take-down/", reason="误写")
    assert Browser().get(f"/publications/{out}/").status_code == 404
    assert "已下线：误写" in publisher.open(address)


def test_what_is_only_to_come_is_stopped_from_its_page_too(hall: Any) -> None:
    out = publish(replace(IMPORTANT, publish_at=MORNING + timedelta(days=9)), *hall, now=MORNING)["publication_id"]
    publisher, address = staff_browser(Role.PUBLISHER), f"/counter/publications/{out}/"
    publisher.submit(publisher.open(address), f"{address}take-down/", reason="不发了")
    after = publisher.open(address)
    assert "已下线：不发了" in after
    assert "马上下线" not in after


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("[去](https://example.com/)", "去（https://example.com/）"),
        ("[去](//example.com/)", "去（//example.com/）"),
        ("[去](javascript:alert(1))", "[去](javascript:alert(1))"),
        ("<https://example.com/>", "https://example.com/"),
        ("![图](https://example.com/a.png)", "图"),
        ("[表](/publications/)", '<a href="/publications/">表</a>'),
        ("|数|\n|--:|\n|1|", '<td class="num">1</td>'),
    ],
)
def test_markdown_shows_what_is_on_its_list_and_leads_nowhere_else(written: str, shown: str) -> None:
    html = rendered(written)
    assert shown in html
    assert not re.search(r"<(script|img)|href=\"(?!/[a-z#]|#)|style=", html)


def test_a_handler_who_has_not_acknowledged_still_reads_the_agreement(hall: Any) -> None:
    publish(IMPORTANT, *hall, now=MORNING)
    handler, browser = newcomer(), Browser()
    handler.settles(browser)
    assert browser.open("/agreement/").address == "/agreement/"
