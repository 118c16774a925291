"""Proof of work (工作量证明) instead of pictures: before a browser asks for what costs a message or a guess it
computes for a moment (ALTCHA's protocol, version 1). Nobody notices it once; a thousand times it is dear.

A challenge is signed, good for some minutes, for one purpose and once. It leaves nothing behind until it is solved. A
browser that does not compute has fewer tries from its address (settled 22).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import parse_qs

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution

from hpf import evidence
from hpf.hall_access import rules
from hpf.hall_access.attempts import AGENT_LENGTH, statements
from hpf.hall_access.rules import Visit
from hpf.kernel import Actor, Channel, Refused
from hpf.storage import durable, keyring, sm3

FIELD = "altcha"
_LONGEST = 2048
_ALGORITHM: Literal["SHA-256"] = "SHA-256"
_SALT_BYTES = 16


class ProofPurpose(StrEnum):
    """What a proof is good for. One for another purpose is none."""

    LOGIN = "login"
    RESET = "reset"
    CODE = "code"
    PREFILL = "prefill"


@dataclass(frozen=True, slots=True)
class _Solved:
    """A proof that holds: what is remembered of it, and until when."""

    digest: bytes
    expires_at: datetime


def proof_challenge(purpose: ProofPurpose, visit: Visit) -> dict[str, object]:
    """What a browser is asked to compute, as ALTCHA writes it; ``seconds`` is how long the answer is good."""
    effort, minutes = statements("proof_terms").row()
    options = ChallengeOptions(
        algorithm=_ALGORITHM,
        max_number=effort,
        salt_length=_SALT_BYTES,
        hmac_key=_key(),
        expires=visit.now + timedelta(minutes=minutes),
        params={"purpose": purpose.value},
    )
    return {**create_challenge(options).to_dict(), "seconds": minutes * 60}


def take_proof(purpose: ProofPurpose, payload: str, visit: Visit) -> None:
    """Take the proof that came with a form; without one the attempt counts for its address.

    Raises ``Refused`` (ACCESS-PROOF-WAIT) after too many without. The first refusal is an event.
    """
    solved = _solved(purpose, payload, visit.now)
    with durable(Actor.ANONYMOUS):
        seconds, is_news = statements(
            "take_proof",
            proof=solved.digest if solved else None,
            expires_at=solved.expires_at if solved else None,
            address=keyring().digest("unproved", f"{purpose}\0{visit.network}"),
            now=visit.now,
        ).row()
        if is_news:
            evidence.record(
                "miss_proof",
                by=Actor.ANONYMOUS.through(Channel.PUBLIC, visit.address),
                today=visit.today,
                detail={"purpose": purpose.value, "agent": visit.agent[:AGENT_LENGTH]},
            )
    if seconds:
        raise Refused(rules.unproved_too_often(seconds))


def _solved(purpose: ProofPurpose, payload: str, now: datetime) -> _Solved | None:
    """What a form brought, if it is a proof for this purpose that still holds."""
    proof = _read(payload)
    if proof is None or not verify_solution(proof, _key(), check_expires=False)[0]:
        return None
    signed = parse_qs(proof["salt"].partition("?")[2])  # ours, as we wrote it: the signature says so
    expires_at = datetime.fromtimestamp(int(signed["expires"][0]), UTC)
    if signed["purpose"] != [purpose.value] or expires_at <= now:
        return None
    return _Solved(sm3(proof["signature"].encode()), expires_at)


def _read(payload: str) -> Any:
    """A payload as it is written, base64 around JSON; ``None`` for what is none."""
    if not payload or len(payload) > _LONGEST:
        return None
    try:
        proof = json.loads(base64.b64decode(payload, validate=True))
    except (ValueError, RecursionError):
        return None
    return proof if isinstance(proof, Mapping) and _is_whole(proof) else None


def _is_whole(proof: Mapping[str, object]) -> bool:
    given = (proof.get(name) for name in ("challenge", "salt", "signature"))
    texts = all(isinstance(one, str) and one.isascii() for one in given)
    return texts and proof.get("algorithm") == _ALGORITHM and type(proof.get("number")) is int


def _key() -> str:
    """What challenges are signed with: the center's, the same in every process."""
    return keyring().digest("proof_of_work", "").hex()
