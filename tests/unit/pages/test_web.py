"""Filters, words for states, headers, error pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from hpf.casework.models import CaseKind, PreparedState
from hpf.casework.review import ReviewState
from hpf.faces.web import csp, environment, pages
from hpf.faces.web.middleware import Outcomes, RequestReference
from hpf.faces.web.reference import fresh_reference
from hpf.faces.web.states import TONES, State, Tone, tag_of
from hpf.kernel import Fen, Month, Refusal, Refused, Severity
from tests.unit.pages.ground import GAP


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (environment.yuan(Fen(120400)), "1,204.00"),
        (environment.yuan(None), "—"),
        (environment.signed(Fen(576000)), "+5,760.00"),
        (environment.signed(Fen(-220320)), "−2,203.20"),
        (environment.signed(Fen(0)), "0.00"),
        (environment.signed(-2), "−2"),
        (environment.signed(1204), "+1,204"),
        (environment.signed(None), "—"),
        (environment.words(41590240), "肆拾壹万伍仟玖佰零贰元肆角整"),
        (environment.month(Month(2026, 8)), "2026年8月"),
        (environment.day(date(2026, 8, 10)), "2026-08-10"),
        (environment.day(datetime(2026, 8, 9, 16, 30, tzinfo=UTC)), "2026-08-10"),
        (environment.moment(datetime(2026, 8, 9, 16, 30, tzinfo=UTC)), "2026-08-10 00:30"),
        (environment.grouped("511100000214"), "5111 0000 0214"),
    ],
)
def test_figures_are_written_one_way(written: str, wanted: str) -> None:
    assert written == wanted


def test_an_address_leaves_empty_queries_out() -> None:
    assert environment.url("portal:account", "9926") == "/roster/9926/"
    assert environment.url("portal:roster", state="", q="陈") == "/roster/?q=%E9%99%88"


def test_a_static_address_changes_with_its_content() -> None:
    assert environment.static("hall.css").startswith("/static/hall.css?v=")
    with pytest.raises(FileNotFoundError):
        environment.static("no-such-file.css")


STATES: list[State] = [state for states in TONES.values() for state in states]


def test_words_for_states_keep_the_rule_of_the_colours() -> None:
    colours: dict[str, Tone] = {}
    for state in STATES:
        label, tone = tag_of(state)
        assert colours.setdefault(label, tone) is tone, f"{label} has two colours"
        if label.startswith("待"):
            assert tone is Tone.WAITING, label
        if label in ("已退回", "不能办理"):
            assert tone is Tone.STOPPED, label


def test_equal_codes_of_two_lists_keep_their_own_words() -> None:
    """Members of two lists of text codes are equal: what is kept of one must not answer for the other."""
    assert ReviewState.APPROVED.value == PreparedState.APPROVED.value
    assert "复核通过" in environment.state_tag(ReviewState.APPROVED)
    assert "已通过" in environment.state_tag(PreparedState.APPROVED)


@pytest.mark.parametrize("states", TONES)
def test_every_state_of_a_list_has_its_colour(states: type[Enum]) -> None:
    assert set(TONES[states]) == set(states)


def test_a_state_without_a_word_is_a_bug() -> None:
    with pytest.raises(KeyError):
        tag_of(CaseKind.REMITTANCE)  # type: ignore[arg-type]
    assert [tag_of(one).label for one in Severity] == [one.value for one in Severity]


@pytest.fixture
def browser() -> Iterator[Client]:
    """A client behind the hall's middleware."""
    middleware = [
        "hpf.faces.web.csp.SecurityHeaders",
        "hpf.faces.web.middleware.RequestReference",
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "hpf.faces.web.middleware.Outcomes",
    ]
    with override_settings(MIDDLEWARE=middleware, CSRF_FAILURE_VIEW="hpf.faces.web.pages.csrf_failure"):
        yield Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"path": "/components/"}, 200),
        ({"path": "/static/hall.css"}, 200),
        ({"path": "/nowhere/"}, 404),
        ({"path": "/broken/"}, 500),
        ({"path": "/components/", "headers": {"host": "evil.example"}}, 400),
        ({"path": "/print-size/", "method": "POST"}, 403),
        ({"path": "/print-size/"}, 405),
    ],
)
def test_every_answer_carries_the_headers(browser: Client, request_: dict[str, Any], status: int) -> None:
    call = dict(request_)
    method = call.pop("method", "GET")
    response = browser.generic(method, call.pop("path"), **call)
    assert response.status_code == status
    assert response.headers["Content-Security-Policy"] == csp.CONTENT_SECURITY_POLICY
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    for name, value in csp.HEADERS.items():
        assert response.headers[name] == value
    kept = "max-age" if request_["path"].startswith("/static/") else "no-store"
    assert kept in response.headers["Cache-Control"]


def test_an_error_page_gives_the_reference_that_the_header_carries(browser: Client) -> None:
    response = browser.get("/broken/")
    assert response.headers["X-Reference"] in response.content.decode()
    assert "RuntimeError" not in response.content.decode()


def test_references_have_no_signs_that_sound_alike() -> None:
    assert not set("".join(fresh_reference() for _ in range(200))) & set("01IOL")


def _behind(outcome: Exception) -> HttpResponse:
    request = RequestFactory().get("/sheet/1/withdraw/")
    answered = Outcomes(lambda _request: HttpResponse()).process_exception(request, outcome)
    assert isinstance(answered, HttpResponse)
    return answered


def test_a_refusal_that_no_view_caught_becomes_its_page() -> None:
    response = _behind(Refused([GAP, Refusal("SEAL-STATE", "这个账户已封存")]))
    text = response.content.decode()
    assert response.status_code == 422
    for part in (GAP.what, GAP.why, GAP.remedy, GAP.basis, GAP.code, "这个账户已封存", str(GAP.case_no)):
        assert part in text


def test_a_database_that_does_not_answer_becomes_an_apology() -> None:
    response = _behind(OperationalError("canceling statement due to statement timeout"))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "canceling" not in response.content.decode()


def test_a_bug_is_left_to_be_found() -> None:
    request = RequestFactory().get("/")
    assert Outcomes(lambda _request: HttpResponse()).process_exception(request, ValueError("a bug")) is None


def test_the_reference_is_bound_to_what_is_logged_meanwhile() -> None:
    seen: dict[str, object] = {}

    def view(_request: HttpRequest) -> HttpResponse:
        seen.update(structlog.contextvars.get_contextvars())
        return HttpResponse()

    response = RequestReference(view)(RequestFactory().get("/"))
    assert seen["reference"] == response.headers["X-Reference"]
    assert "reference" not in structlog.contextvars.get_contextvars()


@pytest.mark.parametrize(
    ("here", "landing"),
    [("/roster/?q=1", "/roster/?q=1"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_the_print_size_comes_back_to_this_hall_only(here: str, landing: str) -> None:
    request = RequestFactory().post("/print-size/", {"here": here, "large": "1"})
    response = pages.print_size(request)
    assert response.headers["Location"] == landing
    assert response.cookies["large"]["httponly"]


def test_large_print_lasts_where_nobody_is_logged_in() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["large"] = "1"
    assert 'class="large"' in pages.not_found(request).content.decode()


def test_the_hall_s_templates_are_the_settings_templates() -> None:
    assert django_settings.TEMPLATES[0]["OPTIONS"]["environment"].startswith("hpf.faces.web.environment")
