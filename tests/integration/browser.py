"""A browser without JavaScript: it follows links, fills in the forms it is shown, and sends the tokens they carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils.functional import cached_property

from hpf import ledger
from hpf.employer_registration.rules import EmployerApplication
from hpf.hall_access.authenticators import equip, usable_code
from hpf.hall_access.models import PrincipalKind
from hpf.hall_access.queries import unreleased
from hpf.hall_access.staff import release_authenticator
from hpf.kernel import Actor, ActorKind, Channel, Key
from hpf.policy import choose_business_day
from hpf.registry.codes import Role
from hpf.registry.models import BankAccount, Branch, Staff
from hpf.storage import durable, reading
from tests.integration.hall import TODAY, another, last_code, lay_ground, register, visit
from tests.server import as_owner
from tests.versions import found_center

PASSWORD = "correct horse battery staple"
STAFF_PASSWORD = "counter-2026"
SECOND_OF_SECURITY = "security_admin_2"
BANK = "5100100000000001"
PART_OF_A_PAGE = {"HX-Request": "true", "HX-Target": "some-rows"}
"""What a browser with JavaScript says when a search or a pager asks for its rows alone."""


class Browser(Client):
    """Django's test client with the checks on, on the host that the settings allow."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME="localhost")

    def open(self, address: str, **headers: str) -> Page:
        return self._landed(address, self.get(address, headers=headers))

    def submit(self, page: Page, action: str, **typed: object) -> Page:
        """Send the form of a page that goes to ``action``, with what a person typed; follow where it leads."""
        data = {**page.form(action), **typed}
        return self._landed(action, self.post(action, data))

    def _landed(self, address: str, response: Any) -> Page:
        while response.status_code in (301, 302, 303):
            address = urljoin(address, response.headers["Location"])
            response = self.get(address)
        return Page(address, response)


@dataclass
class Page:
    """Where a browser has landed."""

    address: str
    response: Any

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @cached_property
    def html(self) -> str:
        return str(self.response.content.decode())

    @property
    def path(self) -> str:
        """The address without what is asked of it."""
        return self.address.partition("?")[0]

    def form(self, action: str) -> dict[str, str]:
        """What the form already holds: hidden fields, values shown, boxes ticked."""
        (found,) = [one for one in _Forms(self.html).found if one.action == action][:1]
        return found.values

    def __contains__(self, text: str) -> bool:
        return text in self.html


@dataclass
class _Form:
    action: str
    values: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[_Form] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(_Form(given.get("action", "")))
        elif tag == "input" and self.found and given.get("name"):
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked and given.get("type") != "file":
                self.found[-1].values[given["name"]] = given.get("value", "")


def limit(**limits: int) -> None:
    """Set limits of the hall's, as its owner does."""
    with as_owner() as owner:
        for name, most in limits.items():
            owner.execute(f"UPDATE hall_access_limits SET {name} = %s", [most])


def lay_hall() -> None:
    """A center with its agreement and one member of the staff for every role, on the tests' business day."""
    lay_ground()
    # All browsers of a test stand at one address, and none of them computes.
    limit(codes_from_an_address=1000, unproved_tries=1000)
    with durable(Actor.SYSTEM):
        choose_business_day(TODAY)
        branch = Branch.objects.get()
        BankAccount.objects.create(
            number=BANK,
            name="测试住房公积金管理中心",
            bank="示范银行营业部",
            ledger_account_id=ledger.open_account(ledger.Kind.BANK, on=TODAY),
        )
        people = [
            Staff.objects.create(
                user_name=user_name,
                name=role.label,
                password_hash=make_password(STAFF_PASSWORD),
                must_change_password=False,
                branch=branch,
                roles=[role.value],
            )
            for user_name, role in [*((role.value, role) for role in Role), (SECOND_OF_SECURITY, Role.SECURITY_ADMIN)]
        ]
        for person in people:  # all are there before the first one is released
            equip(PrincipalKind.STAFF, person.pk, datetime.now(UTC))
    release()
    found_center("一", TODAY)


@dataclass(frozen=True)
class Newcomer:
    """A handler with what the counter gave him."""

    employer_id: int
    handler_id: int
    application: EmployerApplication
    user_name: str
    password: str

    @property
    def actor(self) -> Actor:
        return Actor(
            ActorKind.HANDLER, self.handler_id, self.application.handler_name, Channel.PORTAL, self.employer_id
        )

    @property
    def mobile(self) -> str:
        return self.application.handler_mobile

    def logs_in(self, browser: Browser, password: str = "", start: str = "/login/") -> Page:
        """User name, password, code: wherever that leads."""
        page = browser.open(start)
        page = browser.submit(page, "/login/", user_name=self.user_name, password=password or self.password)
        return browser.submit(page, "/login/code/", code=last_code(self.mobile))

    def settles(self, browser: Browser) -> Page:
        """The whole first login: code, password, agreement."""
        page = self.logs_in(browser)
        page = browser.submit(page, "/password/", password=PASSWORD, again=PASSWORD)
        return browser.submit(page, "/agreement/", accepted="1")


def newcomer(**changes: str) -> Newcomer:
    """Register an employer now, as the counter does."""
    application = another(**changes)
    done = register(application, datetime.now(UTC))
    result: Any = done.receipt.result
    return Newcomer(
        result["employer_id"], result["handler_id"], application, result["user_name"], done.initial_password
    )


def confirms(browser: Browser) -> None:
    """A handler confirms what has to be confirmed before anything else opens; who only looks is shown it."""
    shown = browser.open("/prompts/")
    while "我已知悉" in shown:
        shown = browser.submit(shown, "/prompts/")


def release() -> None:
    """Whoever waits for it is released by an administrator of security who has been released himself."""
    with reading(Actor.SYSTEM):
        waiting = unreleased()
        security = Staff.objects.filter(roles=[Role.SECURITY_ADMIN.value]).order_by("id")
        person = next(one for one in security if one.pk not in waiting)
    by = Actor(ActorKind.STAFF, person.pk, person.name, Channel.COUNTER, roles=frozenset(person.roles))
    for one in waiting.values():
        release_authenticator(one.staff_id, one.id, by=by, visit=visit(), key=Key.fresh())


def staff_logs_in(browser: Browser, user_name: str, start: str = "/counter/login/") -> Page:
    """User name, password, the code of the authenticator: wherever that leads."""
    page = browser.submit(browser.open(start), "/counter/login/", user_name=user_name, password=STAFF_PASSWORD)
    return browser.submit(page, "/counter/login/code/", code=code_of(user_name))


def code_of(user_name: str) -> str:
    """What the authenticator of a member of the staff shows. It is a new one each time: a used step works no more."""
    now = datetime.now(UTC)
    with durable(Actor.SYSTEM):
        number = Staff.objects.get(user_name=user_name).pk
        equip(PrincipalKind.STAFF, number, now)
    release()
    with durable(Actor.SYSTEM):
        shown = usable_code(PrincipalKind.STAFF, number, now)
    assert shown is not None
    return shown[0]


def staff_browser(role: Role) -> Browser:
    """A browser in which someone with a role has logged in at the counter."""
    browser = Browser()
    page = staff_logs_in(browser, role.value)
    assert page.address == "/counter/", page.html
    return browser
