"""Restrictions as people meet them: the clerk's form, the review, the handler's page, the appeal, the desk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hpf.access_restriction import queries
from hpf.access_restriction.rules import RestrictionKind
from hpf.notices.models import Delivery
from hpf.registry.codes import Role
from hpf.storage import reading
from tests.integration.browser import PASSWORD, Browser, Newcomer, Page, lay_hall, limit, newcomer, staff_browser
from tests.integration.hall import TODAY, quick_passwords
from tests.integration.portal import events
from tests.integration.restricting import CLAUSE, PNG, lift, proposal, restrict, suspension
from tests.office import SYSTEM

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        limit(code_gap_seconds=0)  # who was put out comes in again at once
        yield shared_center


@pytest.fixture(scope="module")
def desk(ground: Any) -> dict[Role, Browser]:
    return {role: staff_browser(role) for role in (Role.CLERK, Role.REVIEWER, Role.MANAGER)}


def propose(clerk: Browser, known: Newcomer, **typed: object) -> Page:
    address = f"/counter/employers/{known.employer_id}/restriction/"
    given = {
        "kind": "limited",
        "functions": "remittance",
        "clause": CLAUSE,
        "reason": "用程序批量抓取页面",
        "starts_on": TODAY.isoformat(),
        "scans": SimpleUploadedFile("截图.png", PNG, "image/png"),
    }
    return clerk.submit(clerk.open(address), address, **{**given, **typed})


def number_in(page: Page) -> int:
    return int(re.findall(r"/counter/restrictions/(\d+)/", page.address)[0])


def send(browser: Browser, address: str) -> Page:
    csrf = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    return Page(address, browser.post(address, csrf))


def test_limited_by_two_seen_by_the_handler_and_lifted_by_two(desk: dict[Role, Browser]) -> None:
    known, handler = newcomer(), Browser()
    known.settles(handler)
    page = propose(desk[Role.CLERK], known)
    number = number_in(page)
    assert "这是您经办的业务，请由他人复核" in page
    address = f"/counter/restrictions/{number}/"
    waiting = desk[Role.REVIEWER].open("/counter/reviews/")
    assert f'href="{address}"' in waiting
    page = desk[Role.REVIEWER].open(address)
    assert desk[Role.REVIEWER].get(f"{address}evidence/0/").content == PNG
    page = desk[Role.REVIEWER].submit(page, f"{address}decide/", verdict="approved")
    assert "执行中" in page
    assert "复核限制使用" in page

    prompt = handler.open("/")
    assert prompt.address == "/prompts/"
    assert '<a class="btn" href="/restriction/">查看限制使用通知和申诉</a>' in prompt
    home = handler.submit(prompt, "/prompts/")
    assert "汇缴限制使用，自2026年8月10日起，至中心解除为止" in home
    assert "上传花名册</a>" in home  # another function: its next step stays
    shown = handler.open("/declare/")
    assert "<fieldset disabled>" in shown
    assert "汇缴现在不能在网厅办理" in shown
    refused = send(handler, "/declare/")
    assert refused.status == 403
    assert "查看限制使用通知" in refused
    assert send(handler, "/open/").status == 422
    notice = handler.open("/restriction/")
    assert "使用程序批量抓取页面，或绕过页面提交数据" in notice
    assert handler.get(f"/restriction/{number}/notice.pdf").content.startswith(b"%PDF-")
    assert "网厅使用受限制" in desk[Role.CLERK].open(f"/counter/employers/{known.employer_id}/")

    page = desk[Role.CLERK].submit(desk[Role.CLERK].open(address), f"{address}lift/", reason="已停止")
    with reading(SYSTEM):
        (lifting,) = queries.liftings_of(number)
    page = desk[Role.MANAGER].open(f"/counter/liftings/{lifting.pk}/")
    page = desk[Role.MANAGER].submit(page, f"/counter/liftings/{lifting.pk}/decide/", verdict="approved")
    assert "已解除" in page
    assert "<fieldset disabled>" not in handler.open("/declare/")


def stood(restriction_id: int) -> dict[str, tuple[str, bool]]:
    """Way → state of what told of a restriction, and whether its time is kept."""
    with reading(SYSTEM):
        told = Delivery.objects.filter(message_id__in=queries.messages_of(restriction_id), way__in=("inbox", "prompt"))
        return {one.way: (one.state, one.settled_at is not None) for one in told}


UNREAD = {"inbox": ("unread", False), "prompt": ("unconfirmed", False)}
READ = {"inbox": ("read", True), "prompt": ("read", True)}


@pytest.mark.parametrize("opened", ["/restriction/", "/restriction/{}/notice.pdf"])
def test_who_has_opened_the_notice_has_read_what_told_of_it(
    ground: Any, desk: dict[Role, Browser], opened: str
) -> None:
    known, handler = newcomer(), Browser()
    known.settles(handler)
    number = restrict(known.employer_id)
    handler.head(opened.format(number))
    assert stood(number) == UNREAD
    assert handler.get(opened.format(number)).status_code == 200
    assert stood(number) == READ
    assert handler.open("/").address == "/", "nothing is asked to be confirmed any more"
    assert "没有未读的消息" in handler.open("/messages/?show=unread")
    listed = desk[Role.CLERK].open(f"/counter/messages/?q={known.application.name}&way=prompt")
    assert "已读" in listed
    assert "待确认</span>" not in listed
    kept = events(ground, "open_notices")
    handler.get(opened.format(number))
    assert events(ground, "open_notices") == kept
    assert kept[-1] == f"restriction:{number}"


def test_who_proposed_it_finds_on_his_first_page_that_it_came_back(desk: dict[Role, Browser]) -> None:
    known = newcomer()
    number = number_in(propose(desk[Role.CLERK], known))
    address = f"/counter/restrictions/{number}/"
    page = desk[Role.REVIEWER].open(address)
    desk[Role.REVIEWER].submit(page, f"{address}decide/", verdict="returned", note="证据看不清")
    home = desk[Role.CLERK].open("/counter/")
    assert re.search(f'href="{address}">退回补正（限制使用）：[^<]*{known.application.name}', home.html)
    assert address not in desk[Role.REVIEWER].open("/counter/")


def test_a_suspended_handler_logs_in_to_one_page_appeals_and_leaves(desk: dict[Role, Browser]) -> None:
    known, handler = newcomer(), Browser()
    known.settles(handler)
    number = restrict(known.employer_id, suspension())
    assert "贵单位的网厅使用已被中止" in handler.open("/roster/")
    wrong = handler.submit(handler.open("/login/"), "/login/", user_name=known.user_name, password="wrong" * 3)
    assert "中止" not in wrong
    page = known.logs_in(handler, PASSWORD)
    assert page.address == "/restriction/"
    assert "贵单位的网厅使用已被中止" in page
    for closed in ("/", "/roster/", "/agreement/", "/sessions/", "/seal/"):
        assert handler.open(closed).address == "/restriction/"
    assert send(handler, "/seal/").response.headers["Location"] == "/restriction/"

    assert handler.get(f"/restriction/{number}/notice.pdf").content.startswith(b"%PDF-")

    address = f"/restriction/{number}/appeal/"
    empty = handler.submit(handler.open(address), address, text=" ")
    assert (empty.status, "未填写申诉理由" in empty) == (422, True)
    page = handler.submit(handler.open(address), address, text="财务软件误操作，已停用")
    assert page.path == "/restriction/"
    assert "待答复" in page
    assert handler.submit(page, "/leave/").address == "/login/"

    listed = desk[Role.MANAGER].open("/counter/restrictions/")
    assert known.application.name in listed
    assert "还有 7 天" in listed
    own = desk[Role.MANAGER].open(f"/counter/restrictions/{number}/")
    with reading(SYSTEM):
        made = queries.appeal_of(number)
    assert made is not None
    assert desk[Role.MANAGER].submit(own, f"/counter/appeals/{made.pk}/answer/", text="情况属实").status == 422
    with reading(SYSTEM):
        assert queries.open_appeals()[0].pk == made.pk  # no button, no answer: it stays open until somebody says one
    assert "1 件申诉待答复" in desk[Role.MANAGER].open("/counter/")
    answered = desk[Role.MANAGER].submit(own, f"/counter/appeals/{made.pk}/answer/", text="情况属实", verdict="upheld")
    assert "申诉成立" in answered
    assert "已答复，已告知经办人。" in answered
    assert known.logs_in(handler, PASSWORD).address == "/"  # what was lifted is not asked to be confirmed
    assert "情况属实" in handler.open("/restriction/")


def test_nothing_is_offered_to_who_was_put_out_for_breach(desk: dict[Role, Browser]) -> None:
    known, handler = newcomer(), Browser()
    known.settles(handler)
    card = f"/counter/employers/{known.employer_id}/"
    assert "设立办理权限" in desk[Role.CLERK].open(card)
    number = restrict(known.employer_id, suspension())
    page = desk[Role.CLERK].open(card)
    assert '<span class="tag no">已中止</span>' in page
    assert "设立办理权限" in page
    known.logs_in(handler, PASSWORD)
    page = handler.open("/employers/")
    assert page.address == "/restriction/"
    assert 'href="/roster/"' not in page
    lift(number)

    restrict(known.employer_id, suspension(kind=RestrictionKind.ENDED))
    page = desk[Role.CLERK].open(card)
    assert '<span class="tag">已终止</span>' in page
    for offered in (f"{card}handler/", f"{card}mobile/", f"{card}grants/new/", "发放初始密码"):
        assert offered not in page
    assert "网厅使用已终止，不再发放密码" in page


def test_a_restriction_that_is_not_there_is_nobody_s_to_withdraw_decide_or_appeal(desk: dict[Role, Browser]) -> None:
    clerk, reviewer = desk[Role.CLERK], desk[Role.REVIEWER]
    clerk.open("/counter/restrictions/")
    reviewer.open("/counter/restrictions/")
    for browser, act in ((clerk, "withdraw"), (clerk, "appeal"), (clerk, "lift"), (reviewer, "decide")):
        assert send(browser, f"/counter/restrictions/999999/{act}/").status == 404, act


def test_whoever_comes_with_an_initial_password_sets_his_own_before_he_reads_why() -> None:
    known, browser = newcomer(), Browser()
    restrict(known.employer_id, suspension())
    page = known.logs_in(browser)
    assert page.address == "/password/"
    assert browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD).address == "/restriction/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"functions": "", "clause": "9.9", "ends_on": "2026-08-01", "scans": ""},
            ("未选择限制哪些业务", "所选条款不在现行协议中", "未附证据材料", "恢复日期不晚于生效日期"),
        ),
        (
            {
                "functions": "",
                "clause": "7.1",
                "reason": "",
                "starts_on": "明天",
                "scans": SimpleUploadedFile("截图.png", b"MZ"),
            },
            ("未选择限制哪些业务", "协议第7.1条没有对单位的要求", "请填写原因", "生效日期不是有效的日期", "不是PDF"),
        ),
    ],
)
def test_all_that_is_wrong_stands_beside_its_field_at_once(
    desk: dict[Role, Browser], typed: dict[str, object], said: tuple[str, ...]
) -> None:
    page = propose(desk[Role.CLERK], newcomer(), **typed)
    assert page.status == 422
    assert [one for one in said if one not in page] == []
    assert page.html.count('class="err"') == len(said)
    clauses = re.findall(r'<option value="([\d.()]+)"', page.html)
    assert CLAUSE in clauses
    assert not {"6.1", "7.1", "1.1"} & set(clauses)


def test_a_proposal_is_withdrawn_by_who_made_it(desk: dict[Role, Browser]) -> None:
    page = propose(desk[Role.CLERK], newcomer())
    number = number_in(page)
    page = desk[Role.CLERK].submit(page, f"/counter/restrictions/{number}/withdraw/")
    assert "已撤回" in page
    assert str(number) not in re.findall(
        r'href="/counter/restrictions/(\d+)/"', desk[Role.CLERK].open("/counter/restrictions/").html
    )


def test_the_clerk_enters_an_appeal_from_paper_and_who_decided_cannot_answer(desk: dict[Role, Browser]) -> None:
    number = number_in(propose(desk[Role.CLERK], newcomer()))
    address = f"/counter/restrictions/{number}/"
    desk[Role.REVIEWER].submit(desk[Role.REVIEWER].open(address), f"{address}decide/", verdict="approved")
    page = desk[Role.CLERK].submit(desk[Role.CLERK].open(address), f"{address}appeal/", text="书面：误操作")
    assert "书面提交" in page
    assert "由没有提出、也没有复核这项限制的人员答复" in desk[Role.REVIEWER].open(address)
    assert "维持原决定" in desk[Role.MANAGER].open(address)


def test_another_employer_sees_nothing_of_it(desk: dict[Role, Browser]) -> None:
    known, other = newcomer(), Browser()
    newcomer().settles(other)
    number = restrict(known.employer_id, proposal())
    assert other.get(f"/restriction/{number}/notice.pdf").status_code == 404
    assert other.get(f"/restriction/{number}/appeal/").status_code == 404
    assert "现在没有限制" in other.open("/restriction/")
    lift(number)
    assert known.application.name in desk[Role.CLERK].open("/counter/restrictions/?show=past")


def test_who_appeals_has_the_notice_also_on_paper(desk: dict[Role, Browser]) -> None:
    known, other = newcomer(), newcomer()
    number, another = restrict(known.employer_id), restrict(known.employer_id, proposal(functions=("sealing",)))
    address = f"/counter/restrictions/{number}/"
    desk[Role.CLERK].submit(desk[Role.CLERK].open(address), f"{address}appeal/", text="书面：误操作")
    assert stood(number) == READ
    assert stood(another) == UNREAD
    assert stood(restrict(other.employer_id)) == UNREAD
