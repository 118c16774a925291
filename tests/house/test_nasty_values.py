"""Strangers' values that no form asks for: every public address answers them, and none of them is our bug."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from hpf.faces.web.limits import limits
from hpf.hall_access.proofs import FIELD, ProofPurpose, proof_challenge
from hpf.kernel import Actor
from hpf.storage import reading
from tests.house.addresses import addresses
from tests.integration.browser import Browser, lay_hall
from tests.integration.hall import quick_passwords, visit

FORM = "application/x-www-form-urlencoded"
NASTY = (
    "9" * 5_000,
    "9999-12-31",
    "0001-01-01",
    "0001-01",
    "\ud800",
    "\0",
    "x" * 5_000,
    "2026-07-01",
    "-1",
    "[" * 1_500,
)


@pytest.fixture(scope="module")
def strangers(shared_center: Any) -> Iterator[list[str]]:
    """The public addresses that take a form."""
    with quick_passwords():
        lay_hall()
        yield [
            reverse(one.name)
            for one in addresses()
            if getattr(one.view, "who", None)
            and one.view.who.side == "public"
            and "POST" in one.view.methods  # type: ignore[attr-defined]
            and not one.arguments
        ]


def proof(**changed: object) -> str:
    with reading(Actor.ANONYMOUS):
        whole = {**proof_challenge(ProofPurpose.LOGIN, visit()), "number": 1, **changed}
    return base64.b64encode(json.dumps(whole).encode()).decode()


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value[:10]))
def test_no_value_of_a_stranger_s_is_our_bug(strangers: list[str], value: str) -> None:
    browser, answers = Browser(), {}
    browser.get("/login/")
    for address in strangers:
        page = browser.get(address).content.decode()
        names = {*re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page), FIELD}
        fields = dict.fromkeys(names - {"csrfmiddlewaretoken", "key"}, value)
        token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
        answers[address] = browser.post(
            address, urlencode(fields, errors="surrogatepass"), FORM, headers=token
        ).status_code
        limits.forget()
    assert len(answers) > 5
    assert 413 not in answers.values()
    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize(
    "given",
    [
        lambda: base64.b64encode(b"[" * 1_500).decode(),
        lambda: proof(salt="\ud800"),
        lambda: proof(signature="\ud800"),
        lambda: proof(number=10**1_500),
        lambda: proof(number=-1),
    ],
    ids=["deep", "salt", "signature", "long", "negative"],
)
def test_no_proof_of_a_stranger_s_is_our_bug(strangers: list[str], given: Any) -> None:
    browser = Browser()
    page = browser.open("/login/")
    form = page.form("/login/") | {
        "user_name": "nobody",
        "password": "x",
        FIELD: given if isinstance(given, str) else given(),
    }
    assert browser.post("/login/", form).status_code == 422
