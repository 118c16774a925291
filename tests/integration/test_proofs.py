"""Proof of work at the door: computed once, good once; who does not compute has fewer tries."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from altcha.v1 import Challenge, Payload, solve_challenge

from hpf.hall_access.operations import forget
from hpf.hall_access.proofs import ProofPurpose, proof_challenge, take_proof
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, Refused
from hpf.storage import reading
from tests.integration.browser import Browser, lay_hall, limit
from tests.integration.hall import quick_passwords, visit

pytestmark = pytest.mark.usefixtures("ground")
TRIES = 10


@pytest.fixture(scope="module")
def ground(shared_center: Any) -> Iterator[Any]:
    with quick_passwords():
        lay_hall()
        limit(proof_effort=50, unproved_tries=TRIES)
        yield shared_center


@pytest.fixture(autouse=True)
def nobody_tried_yet(ground: Any) -> None:
    with ground.connect("owner") as owner:
        owner.execute("DELETE FROM hall_access_throttle")


def computed(challenge: dict[str, Any], **changes: object) -> str:
    """What a browser answers to a challenge, as it or a liar writes it."""
    parts = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    solution = solve_challenge(Challenge(max_number=challenge["maxNumber"], **parts))
    payload = Payload(number=solution.number if solution else 0, **parts).to_dict() | changes
    return base64.b64encode(json.dumps(payload).encode()).decode()


def proof(purpose: ProofPurpose = ProofPurpose.LOGIN, at: Visit | None = None, **changes: object) -> str:
    with reading(Actor.ANONYMOUS):
        challenge = proof_challenge(purpose, at or visit())
    return computed(challenge, **changes)


def is_taken(payload: str, purpose: ProofPurpose = ProofPurpose.LOGIN, at: Visit | None = None) -> bool:
    """Whether a proof passes where all tries without one are used up."""
    at = at or visit()
    for _ in range(TRIES):
        take_proof(purpose, "", at)
    try:
        take_proof(purpose, payload, at)
    except Refused as refused:
        return refused.codes != ("ACCESS-PROOF-WAIT",)
    return True


def noted(ground: Any) -> int:
    with ground.connect("superuser") as superuser:
        return int(superuser.execute("SELECT count(*) FROM evidence_event WHERE act = 'miss_proof'").fetchone()[0])


class TestAProof:
    def test_is_good_once(self) -> None:
        payload = proof()
        take_proof(ProofPurpose.LOGIN, payload, visit())
        assert not is_taken(payload)
        assert is_taken(proof(at=visit(11)), at=visit(11))

    def test_is_good_for_its_purpose_alone(self) -> None:
        assert not is_taken(proof(ProofPurpose.CODE))

    def test_is_good_for_ten_minutes(self) -> None:
        payload, late = proof(at=visit(0)), visit(10)
        assert is_taken(proof(at=visit(0.2)), at=late)
        assert not is_taken(payload, at=visit(10, address="203.0.113.99"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"number": 51},
            {"number": "1"},
            {"number": True},
            {"algorithm": "SHA-1"},
            {"salt": "00?expires=4102444800&purpose=login&"},
            {"salt": 7},
            {"signature": "0" * 64},
        ],
    )
    def test_that_was_changed_is_none(self, changes: dict[str, object]) -> None:
        assert not is_taken(proof(**changes))

    @pytest.mark.parametrize("payload", ["", "?", "bnVsbA==", "W10=", "e30=", "/w==", "A" * 5000])
    def test_that_is_none_is_none(self, payload: str) -> None:
        assert not is_taken(payload)

    def test_cannot_stretch_its_own_time_by_moving_digits(self) -> None:
        with reading(Actor.ANONYMOUS):
            challenge = proof_challenge(ProofPurpose.LOGIN, visit())
        honest = json.loads(base64.b64decode(computed(challenge)))
        salt, number = honest["salt"].rstrip("&"), str(honest["number"])
        moved = {"salt": salt + number[0], "number": int(number[1:] or 0)}
        assert not is_taken(base64.b64encode(json.dumps(honest | moved).encode()).decode())

    def test_is_forgotten_once_it_would_have_expired(self, ground: Any) -> None:
        take_proof(ProofPurpose.LOGIN, proof(), visit())
        forget(visit(60).now)
        with ground.connect("owner") as owner:
            assert owner.execute("SELECT count(*) FROM hall_access_spentproof").fetchone() == (0,)


class TestWithoutOne:
    def test_there_are_ten_tries_in_ten_minutes_from_an_address(self, ground: Any) -> None:
        before = noted(ground)
        assert not is_taken("")
        with pytest.raises(Refused) as again:
            take_proof(ProofPurpose.LOGIN, "", visit(4))
        assert "6分钟" in again.value.refusals[0].remedy
        assert noted(ground) == before + 1
        take_proof(ProofPurpose.LOGIN, "", visit(address="203.0.113.8"))
        take_proof(ProofPurpose.CODE, "", visit())
        take_proof(ProofPurpose.LOGIN, "", visit(10))

    @pytest.mark.parametrize(
        ("start", "action", "typed"),
        [
            ("/login/", "/login/", {"user_name": "nobody", "password": "wrong"}),
            ("/forgot/", "/forgot/", {"user_name": "nobody", "credit_code": "91511100MA6280003F"}),
            ("/apply/find/", "/apply/find/", {"number": "700000000063"}),
        ],
    )
    def test_the_page_says_so_and_a_proof_still_passes(self, start: str, action: str, typed: dict[str, str]) -> None:
        browser = Browser()
        pages = [browser.submit(browser.open(start), action, **typed) for _ in range(TRIES + 1)]
        assert ["本网络地址尝试的次数过多" in page for page in pages] == [False] * TRIES + [True]
        assert pages[-1].status == 422
        address = pages[-1].html.partition('data-proof="')[2].partition('"')[0]
        payload = computed(browser.get(address).json())
        assert "本网络地址尝试的次数过多" not in browser.submit(pages[-1], action, altcha=payload, **typed)

    @pytest.mark.parametrize("action", ["/login/resend/", "/forgot/resend/"])
    def test_codes_are_sent_again_so_often_and_no_more(self, action: str) -> None:
        browser = Browser()
        token = browser.open("/login/").form("/login/")["csrfmiddlewaretoken"]
        answers = [browser.post(action, {"csrfmiddlewaretoken": token}) for _ in range(TRIES + 1)]
        assert ["次数过多" in answer.content.decode() for answer in answers] == [False] * TRIES + [True]

    def test_nobody_computes_for_what_there_is_not(self) -> None:
        assert Browser().get("/proof/nothing/").status_code == 404
