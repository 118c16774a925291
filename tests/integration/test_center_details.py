"""What everybody reads about the center is kept in the hall by two persons, and read at once."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from hpf.casework.review import ReviewState
from hpf.center_details import operations
from hpf.kernel import Actor, Key, Refused
from hpf.registry.codes import Role
from hpf.registry.models import Branch
from hpf.storage import reading
from tests.integration.browser import Browser, Page, lay_hall, staff_browser
from tests.integration.hall import TODAY, quick_passwords
from tests.office import SYSTEM, employ

LIST = "/counter/details/"


@pytest.fixture
def hall(center: Any) -> Any:
    with quick_passwords():
        lay_hall()
        yield center


def act(by: Actor) -> dict[str, Any]:
    return {"by": by, "today": TODAY, "key": Key.fresh()}


def branch_id() -> int:
    with reading(SYSTEM):
        return Branch.objects.get().pk


def moved(by: Actor, address: str = "嘉定中路2号") -> int:
    after = {"name": "城区管理部", "address": address, "hours": "", "phone": "", "services": ""}
    return int(operations.propose_branch(branch_id(), after, "搬迁", **act(by)).result["change_id"])


def approved(reviewer: Browser, page: Page) -> Page:
    return reviewer.submit(reviewer.open(page.path), f"{page.path}decide/", verdict="approved")


def test_the_foot_of_every_page_is_changed_by_two_and_read_at_once(hall: Any) -> None:
    publisher, reviewer, form = staff_browser(Role.PUBLISHER), staff_browser(Role.REVIEWER), f"{LIST}center/"
    typed = {"hotline": "0833-2170000", "icp_record": "某ICP备12345678号-1"}
    page = publisher.submit(publisher.open(form), form, **typed, reason="", site_code="12")
    assert "请填写变更原因" in page
    page = publisher.submit(page, form, **typed, reason="更换热线", site_code="12")
    assert "应为10位数字" in page
    page = publisher.submit(page, form, **typed, reason="更换热线", site_code="")
    assert "/decide/" not in page
    assert "0833-2170000" not in Browser().open("/login/")
    assert "更换热线" in reviewer.open(page.path)
    approved(reviewer, page)
    stranger = Browser().open("/login/")
    assert "0833-2170000" in stranger
    assert "某ICP备12345678号-1" in stranger
    assert "未生效" not in publisher.open(LIST)


def test_a_branch_moves_and_another_opens(hall: Any) -> None:
    publisher, reviewer = staff_browser(Role.PUBLISHER), staff_browser(Role.REVIEWER)
    form = f"{LIST}branches/{branch_id()}/"
    approved(reviewer, publisher.submit(publisher.open(form), form, address="嘉定中路2号", reason="搬迁"))
    new, typed = f"{LIST}branches/new/", {"place": "511102", "name": "市中区管理部", "phone": "0833-2123456"}
    assert "已有网点" in publisher.submit(publisher.open(new), new, **typed, code="01", reason="增设")
    approved(reviewer, publisher.submit(publisher.open(new), new, **typed, code="02", reason="增设"))
    listed = Browser().open("/branches/")
    for text in ("嘉定中路2号", "市中区管理部", "0833-2123456"):
        assert text in listed
    assert f'href="{new}"' not in reviewer.open(LIST)


def test_one_change_at_a_time_and_none_by_its_maker_or_over_another(hall: Any) -> None:
    maker, other = employ("发布甲", Role.PUBLISHER, Role.REVIEWER), employ("复核乙", Role.REVIEWER)
    first, yes = moved(maker), ReviewState.APPROVED
    with pytest.raises(Refused, match="REVIEW-UNDER-WAY"):
        moved(maker, "别处")
    with pytest.raises(Refused, match="REVIEW-OWN-WORK"):
        operations.decide(first, yes, note="", **act(maker))
    operations.decide(first, yes, note="", **act(other))
    with pytest.raises(Refused, match="DETAILS-SAME"):
        moved(maker)


def test_a_key_that_moved_one_branch_moves_no_other(hall: Any) -> None:
    maker, key = employ("发布甲", Role.PUBLISHER), Key.fresh()
    after = {"name": "城区管理部", "address": "嘉定中路2号", "hours": "", "phone": "", "services": ""}
    told: dict[str, Any] = {"by": maker, "today": TODAY, "key": key}
    number = branch_id()
    operations.propose_branch(number, after, "搬迁", **told)
    with pytest.raises(Refused, match="KEY-REUSED"):
        operations.propose_branch(number + 1, after, "搬迁", **told)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE registry_branch SET address = 'x'",
        "UPDATE registry_center SET hotline = 'x'",
        "SELECT center_details_apply(1)",
    ],
)
def test_the_database_lets_nobody_change_them_alone(hall: Any, attack: str) -> None:
    moved(employ("发布甲", Role.PUBLISHER))
    with hall.connect("app") as app:
        app.execute("SET ROLE hpf_demo_staff")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(attack)
