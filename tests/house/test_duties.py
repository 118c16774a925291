"""Who of an employer's users may send what, and what of it needs two of them: a second opinion, written by hand."""

from __future__ import annotations

from typing import Any

from hpf.faces.counter.acts import ACTS
from hpf.faces.portal.submitting import SUBMISSIONS
from hpf.registry.codes import Duty
from tests.house.addresses import addresses
from tests.house.test_registers import OPEN

# Who of an employer's users sends something where; the others look. Everywhere else they are all alike.
ACTING_S = {
    f"portal:{name}"
    for name in (
        "upload",
        "preview",
        "recheck",
        "discard",
        "open",
        "seal",
        "declare",
        "sheet",
        "withdraw",
        "pay-unallocated",
        "prepared-withdraw",
        "prompts",
        "read-all",
        "restriction-appeal",
    )
}
OWN_S = {"portal:change-password", "portal:enrol", "portal:drop-authenticator"}
APPROVER_S = {"portal:prepared-approve", "portal:prepared-return"}


def test_who_acts_and_who_approves_for_an_employer_is_listed_by_hand() -> None:
    found = {one.name: one.view.who.duties for one in addresses() if one.name not in OPEN}  # type: ignore[attr-defined]
    acting, approving = frozenset({Duty.HANDLER, Duty.AGENT}), frozenset({Duty.APPROVER})
    own = frozenset(Duty) - {Duty.AGENT}  # an agent has his password where he is at home
    assert {name for name, duties in found.items() if duties == acting} == ACTING_S
    assert {name for name, duties in found.items() if duties == approving} == APPROVER_S
    assert {name for name, duties in found.items() if duties == own} == OWN_S
    assert set(found.values()) == {frozenset(), acting, approving, own}


def test_what_needs_an_approver_is_what_the_portal_submits(shared_center: Any) -> None:
    acts = sorted(ACTS.keys() | SUBMISSIONS.keys())
    with shared_center.connect("portal") as portal:
        needing = {act for act in acts if portal.execute("SELECT casework_submits(%s)", [act]).fetchone()[0]}
    assert needing == SUBMISSIONS.keys()
