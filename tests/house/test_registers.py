"""What there is, and who may use it: every address stands in a list here, every table in that of ``test_tables``.

Something new without an entry fails. The lists are written by hand, on purpose: they are the second opinion.
"""

from __future__ import annotations

from hpf.faces.cli import permissions
from hpf.faces.counter.permissions import ADMINISTRATORS, WHO
from hpf.faces.portal.functions import FUNCTIONS
from hpf.hall_access.rules import Stage
from hpf.registry.codes import Role
from tests.house.addresses import Address, addresses
from tests.house.source import ROOT

EVERYBODY = ("public", frozenset(Stage), frozenset[Role]())
ENTERING = ("portal", frozenset(Stage), frozenset[Role]())
SETTING_PASSWORD = ("portal", frozenset({Stage.MUST_CHANGE_PASSWORD}), frozenset[Role]())
UNCONFIRMED = frozenset({Stage.MUST_CONFIRM, Stage.OPEN})
ACCEPTING = ("portal", UNCONFIRMED | {Stage.MUST_ACCEPT_AGREEMENT, Stage.MUST_ACKNOWLEDGE}, frozenset[Role]())
ACKNOWLEDGING = ("portal", frozenset({Stage.MUST_ACKNOWLEDGE}), frozenset[Role]())
CHOOSING = ("portal", frozenset(Stage) - {Stage.MUST_CHANGE_PASSWORD, Stage.MUST_ENROL}, frozenset[Role]())
HANDLER = ("portal", frozenset({Stage.OPEN}), frozenset[Role]())
LOGGED_IN = ("portal", UNCONFIRMED, frozenset[Role]())
STAFF = ("counter", frozenset({Stage.OPEN}), frozenset[Role]())
STAFF_ENTERING = ("counter", frozenset(Stage), frozenset[Role]())
STAFF_SETTING_PASSWORD = ("counter", frozenset({Stage.MUST_CHANGE_PASSWORD}), frozenset[Role]())
STAFF_UNRELEASED = ("counter", frozenset({Stage.MUST_BE_RELEASED}), frozenset[Role]())
STAFF_ENROLLING = ("counter", frozenset({Stage.MUST_ENROL}), frozenset[Role]())
BUSINESS = (
    "counter",
    frozenset({Stage.OPEN}),
    frozenset(
        {Role.CLERK, Role.REVIEWER, Role.TREASURER, Role.ACCOUNTANT, Role.PARAMETERS, Role.PUBLISHER, Role.MANAGER}
    ),
)
CLERK = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK}))
REVIEWER = ("counter", frozenset({Stage.OPEN}), frozenset({Role.REVIEWER}))
NOTIFIED = ("portal", UNCONFIRMED | {Stage.SUSPENDED}, frozenset[Role]())
RESTRICTING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK, Role.MANAGER}))
DECIDING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.REVIEWER, Role.MANAGER}))
DESK = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK, Role.REVIEWER}))
REGISTRY = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK, Role.REVIEWER, Role.MANAGER}))
TREASURER = ("counter", frozenset({Stage.OPEN}), frozenset({Role.TREASURER}))
MONEY = ("counter", frozenset({Stage.OPEN}), frozenset({Role.TREASURER, Role.ACCOUNTANT}))
CLOSING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.PARAMETERS, Role.MANAGER}))
CLOSING_AT_ONCE = ("counter", frozenset({Stage.OPEN}), frozenset({Role.SYSTEM_ADMIN}))
WATCHING_CLOSURES = ("counter", frozenset({Stage.OPEN}), frozenset({Role.PARAMETERS, Role.MANAGER, Role.SYSTEM_ADMIN}))
ANSWERING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK, Role.MANAGER, Role.PUBLISHER}))
PUBLISHER = ("counter", frozenset({Stage.OPEN}), frozenset({Role.PUBLISHER}))
PUBLISHING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.PUBLISHER, Role.REVIEWER}))
WRITING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK, Role.PUBLISHER}))
TELLING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.CLERK, Role.REVIEWER, Role.PUBLISHER, Role.MANAGER}))
SYSTEM = ("counter", frozenset({Stage.OPEN}), frozenset({Role.SYSTEM_ADMIN}))
SECURITY = ("counter", frozenset({Stage.OPEN}), frozenset({Role.SECURITY_ADMIN}))
AUDIT = ("counter", frozenset({Stage.OPEN}), frozenset({Role.AUDIT_ADMIN}))
STAFFING = ("counter", frozenset({Stage.OPEN}), frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}))
Expected = tuple[str, frozenset[Stage], frozenset[Role]]

EXPECTED: dict[str, tuple[Expected, str]] = {
    "login": (EVERYBODY, "GET POST"),
    "login-code": (EVERYBODY, "GET POST"),
    "login-app": (EVERYBODY, "GET POST"),
    "login-resend": (EVERYBODY, "POST"),
    "forgot": (EVERYBODY, "GET POST"),
    "reset": (EVERYBODY, "GET POST"),
    "reset-resend": (EVERYBODY, "POST"),
    "proof": (EVERYBODY, "GET"),
    "leave": (ENTERING, "POST"),
    "first-password": (SETTING_PASSWORD, "GET POST"),
    "agreement": (ACCEPTING, "GET POST"),
    "agreement-refuse": (ACCEPTING, "POST"),
    "agreement-refused": (EVERYBODY, "GET"),
    "recovered": (EVERYBODY, "GET"),
    "agreement-certificate": (HANDLER, "GET"),
    "agreement-rule": (HANDLER, "GET POST"),
    "agreements": (EVERYBODY, "GET"),
    "agreement-version": (EVERYBODY, "GET"),
    "agreement-text": (EVERYBODY, "GET"),
    "apply": (EVERYBODY, "GET POST"),
    "apply-done": (EVERYBODY, "GET"),
    "apply-paper": (EVERYBODY, "GET"),
    "apply-find": (EVERYBODY, "GET POST"),
    "apply-code": (EVERYBODY, "GET POST"),
    "closures": (EVERYBODY, "GET"),
    "branches": (EVERYBODY, "GET"),
    "sms-receipts": (EVERYBODY, "POST"),
    "blank-forms": (EVERYBODY, "GET"),
    "blank-form": (EVERYBODY, "GET"),
    "manual": (EVERYBODY, "GET"),
    "privacy": (EVERYBODY, "GET"),
    "publications": (EVERYBODY, "GET"),
    "publication": (EVERYBODY, "GET"),
    "publication-version": (EVERYBODY, "GET"),
    "publication-file": (EVERYBODY, "GET"),
    "demo:codes": (EVERYBODY, "GET"),
    "demo:day": (EVERYBODY, "POST"),
    "portal:home": (HANDLER, "GET"),
    "portal:roster": (HANDLER, "GET"),
    "portal:roster-workbook": (HANDLER, "GET"),
    "portal:account": (HANDLER, "GET"),
    "portal:statement": (HANDLER, "GET"),
    "portal:upload": (HANDLER, "GET POST"),
    "portal:template": (HANDLER, "GET"),
    "portal:preview": (HANDLER, "GET POST"),
    "portal:marked": (HANDLER, "GET"),
    "portal:recheck": (HANDLER, "POST"),
    "portal:discard": (HANDLER, "POST"),
    "portal:open": (HANDLER, "GET POST"),
    "portal:seal": (HANDLER, "GET POST"),
    "portal:receipt": (HANDLER, "GET"),
    "portal:declare": (HANDLER, "GET POST"),
    "portal:declare-lines": (HANDLER, "GET"),
    "portal:sheet": (HANDLER, "GET"),
    "portal:sheet-lines": (HANDLER, "GET"),
    "portal:withdraw": (HANDLER, "POST"),
    "portal:pay-unallocated": (HANDLER, "POST"),
    "portal:notice": (HANDLER, "GET"),
    "portal:slip": (HANDLER, "GET"),
    "portal:sheet-lines-paper": (HANDLER, "GET"),
    "portal:sheet-lines-workbook": (HANDLER, "GET"),
    "portal:unallocated": (HANDLER, "GET"),
    "portal:records": (HANDLER, "GET"),
    "portal:records-workbook": (HANDLER, "GET"),
    "portal:messages": (HANDLER, "GET"),
    "portal:message": (HANDLER, "GET POST"),
    "portal:read-all": (LOGGED_IN, "POST"),
    "portal:prompts": (LOGGED_IN, "GET POST"),
    "portal:contact": (HANDLER, "GET POST"),
    "portal:contact-confirm": (HANDLER, "POST"),
    "portal:contact-drop": (HANDLER, "POST"),
    "portal:choose": (CHOOSING, "GET POST"),
    "portal:prepared": (HANDLER, "GET"),
    "portal:prepared-act": (HANDLER, "GET"),
    "portal:prepared-approve": (HANDLER, "POST"),
    "portal:prepared-return": (HANDLER, "POST"),
    "portal:prepared-withdraw": (HANDLER, "POST"),
    "portal:restriction": (NOTIFIED, "GET"),
    "portal:restriction-paper": (NOTIFIED, "GET"),
    "portal:restriction-appeal": (NOTIFIED, "GET POST"),
    "portal:handover": (HANDLER, "GET"),
    "portal:handover-paper": (HANDLER, "GET"),
    "portal:handover-away": (HANDLER, "POST"),
    "portal:sessions": (LOGGED_IN, "GET"),
    "portal:inquiries": (HANDLER, "GET POST"),
    "portal:inquiry": (HANDLER, "GET"),
    "portal:inquiry-again": (HANDLER, "POST"),
    "portal:inquiry-rate": (HANDLER, "POST"),
    "portal:acknowledge": (ACKNOWLEDGING, "GET POST"),
    "portal:end-others": (LOGGED_IN, "POST"),
    "portal:end-session": (LOGGED_IN, "POST"),
    "portal:change-password": (LOGGED_IN, "GET POST"),
    "portal:enrol": (LOGGED_IN, "GET POST"),
    "portal:drop-authenticator": (LOGGED_IN, "GET POST"),
    "portal:keep": (LOGGED_IN, "POST"),
    "portal:looking": (HANDLER, "GET POST"),
    "counter:home": (STAFF, "GET"),
    "counter:reviews": (BUSINESS, "GET"),
    "counter:login": (EVERYBODY, "GET POST"),
    "counter:login-code": (EVERYBODY, "GET POST"),
    "counter:password": (STAFF_SETTING_PASSWORD, "GET POST"),
    "counter:enrol": (STAFF_ENROLLING, "GET POST"),
    "counter:unreleased": (STAFF_UNRELEASED, "GET"),
    "counter:staff": (STAFFING, "GET"),
    "counter:staff-member": (STAFFING, "GET"),
    "counter:staff-new": (SYSTEM, "GET POST"),
    "counter:staff-propose": (SYSTEM, "POST"),
    "counter:staff-password": (SYSTEM, "POST"),
    "counter:staff-decide": (SECURITY, "POST"),
    "counter:staff-secure": (SECURITY, "POST"),
    "counter:staff-release": (SECURITY, "POST"),
    "counter:sms-usage": (STAFFING, "GET"),
    "counter:staff-attempts": (SECURITY, "GET"),
    "counter:staff-looks": (SECURITY, "GET POST"),
    "counter:staff-looks-change": (STAFFING, "GET"),
    "counter:staff-looks-decide": (STAFFING, "POST"),
    "counter:events": (AUDIT, "GET"),
    "counter:events-export": (AUDIT, "POST"),
    "counter:events-trace": (AUDIT, "GET"),
    "counter:security": (STAFF, "GET"),
    "counter:end-others": (STAFF, "POST"),
    "counter:end-session": (STAFF, "POST"),
    "counter:change-password": (STAFF, "GET POST"),
    "counter:keep": (STAFF, "POST"),
    "counter:looking": (STAFF, "GET POST"),
    "counter:staff-looking": (SECURITY, "GET"),
    "counter:staff-looking-resume": (SECURITY, "POST"),
    "counter:leave": (STAFF_ENTERING, "POST"),
    "counter:employers": (BUSINESS, "GET"),
    "counter:employer": (BUSINESS, "GET"),
    "counter:hand-over": (CLERK, "POST"),
    "counter:applications": (REGISTRY, "GET"),
    "counter:application": (REGISTRY, "GET"),
    "counter:register": (CLERK, "GET POST"),
    "counter:open-application": (CLERK, "POST"),
    "counter:read-application": (DESK, "POST"),
    "counter:print-application": (DESK, "POST"),
    "counter:correct-application": (CLERK, "POST"),
    "counter:submit-application": (CLERK, "POST"),
    "counter:attach-scans": (CLERK, "POST"),
    "counter:take-scan-off": (CLERK, "POST"),
    "counter:application-scan": (REGISTRY, "GET"),
    "counter:take-back-application": (CLERK, "POST"),
    "counter:withdraw-application": (CLERK, "POST"),
    "counter:decide-application": (REVIEWER, "POST"),
    "counter:handler": (CLERK, "GET POST"),
    "counter:mobile": (CLERK, "GET POST"),
    "counter:unlock": (CLERK, "GET POST"),
    "counter:change-slip": (BUSINESS, "GET"),
    "counter:grant-new": (CLERK, "GET POST"),
    "counter:grant": (BUSINESS, "GET"),
    "counter:grant-decide": (REVIEWER, "POST"),
    "counter:grant-hand-over": (CLERK, "POST"),
    "counter:grant-end": (CLERK, "POST"),
    "counter:grant-end-decide": (REVIEWER, "POST"),
    "counter:termination": (CLERK, "GET POST"),
    "counter:termination-paper": (BUSINESS, "GET"),
    "counter:restrictions": (REGISTRY, "GET"),
    "counter:restriction": (REGISTRY, "GET"),
    "counter:restriction-new": (RESTRICTING, "GET POST"),
    "counter:restriction-withdraw": (RESTRICTING, "POST"),
    "counter:restriction-decide": (DECIDING, "POST"),
    "counter:restriction-evidence": (REGISTRY, "GET"),
    "counter:restriction-paper": (REGISTRY, "GET"),
    "counter:lifting": (REGISTRY, "GET"),
    "counter:lifting-new": (RESTRICTING, "POST"),
    "counter:lifting-decide": (DECIDING, "POST"),
    "counter:appeal-new": (RESTRICTING, "POST"),
    "counter:appeal-answer": (DECIDING, "POST"),
    "counter:scan": (BUSINESS, "GET"),
    "counter:cases": (BUSINESS, "GET"),
    "counter:case": (BUSINESS, "GET"),
    "counter:statements": (TREASURER, "GET POST"),
    "counter:statement-sample": (TREASURER, "GET"),
    "counter:statement": (MONEY, "GET"),
    "counter:handed-in": (MONEY, "GET"),
    "counter:handed-in-file": (MONEY, "GET"),
    "counter:handed-in-withdraw": (TREASURER, "POST"),
    "counter:handed-in-decide": (MONEY, "POST"),
    "counter:money": (MONEY, "GET"),
    "counter:claim": (TREASURER, "POST"),
    "counter:bank-line": (MONEY, "GET"),
    "counter:line-correct": (TREASURER, "POST"),
    "counter:line-take-back": (TREASURER, "POST"),
    "counter:line-proposal": (MONEY, "GET"),
    "counter:line-withdraw": (TREASURER, "POST"),
    "counter:line-decide": (MONEY, "POST"),
    "counter:agreements": (PUBLISHING, "GET"),
    "counter:agreement-version": (PUBLISHING, "GET"),
    "counter:agreement-certificate": (BUSINESS, "GET"),
    "counter:agreement-new": (PUBLISHER, "GET POST"),
    "counter:agreement-draft": (PUBLISHING, "GET"),
    "counter:agreement-edit": (PUBLISHER, "GET POST"),
    "counter:agreement-withdraw": (PUBLISHER, "POST"),
    "counter:agreement-decide": (REVIEWER, "POST"),
    "counter:publications": (PUBLISHING, "GET"),
    "counter:publication": (PUBLISHING, "GET"),
    "counter:publication-new": (PUBLISHER, "GET POST"),
    "counter:publication-revise": (PUBLISHER, "GET POST"),
    "counter:publication-take-down": (PUBLISHER, "POST"),
    "counter:draft": (PUBLISHING, "GET"),
    "counter:draft-file": (PUBLISHING, "GET"),
    "counter:draft-edit": (PUBLISHER, "GET POST"),
    "counter:draft-turn": (PUBLISHER, "POST"),
    "counter:draft-decide": (PUBLISHING, "POST"),
    "counter:inquiries": (BUSINESS, "GET"),
    "counter:inquiry": (BUSINESS, "GET"),
    "counter:inquiry-answer": (ANSWERING, "POST"),
    "counter:inquiry-forward": (ANSWERING, "POST"),
    "counter:deliveries": (TELLING, "GET"),
    "counter:delivery": (TELLING, "GET POST"),
    "counter:sent": (TELLING, "GET"),
    "counter:message-letters": (CLERK, "POST"),
    "counter:write": (WRITING, "GET POST"),
    "counter:mass-message": (TELLING, "GET"),
    "counter:mass-decide": (PUBLISHING, "POST"),
    "counter:letters": (CLERK, "GET POST"),
    "counter:letters-out": (CLERK, "POST"),
    "counter:letters-paper": (CLERK, "GET"),
    "counter:letters-post": (CLERK, "POST"),
    "counter:templates": (PUBLISHING, "GET"),
    "counter:template": (PUBLISHING, "GET"),
    "counter:template-edit": (PUBLISHER, "GET POST"),
    "counter:template-switch": (PUBLISHER, "POST"),
    "counter:wording": (PUBLISHING, "GET"),
    "counter:wording-decide": (PUBLISHING, "POST"),
    "counter:details": (PUBLISHING, "GET"),
    "counter:details-center": (PUBLISHER, "GET POST"),
    "counter:details-new": (PUBLISHER, "GET POST"),
    "counter:details-branch": (PUBLISHER, "GET POST"),
    "counter:details-change": (PUBLISHING, "GET"),
    "counter:details-decide": (PUBLISHING, "POST"),
    "counter:closures": (CLOSING, "GET POST"),
    "counter:closure-at-once": (CLOSING_AT_ONCE, "GET POST"),
    "counter:closure": (WATCHING_CLOSURES, "GET"),
    "counter:closure-decide": (CLOSING, "POST"),
    "counter:closure-lift": (WATCHING_CLOSURES, "POST"),
    "counter:timetables": (CLOSING, "GET POST"),
    "counter:timetable": (CLOSING, "GET"),
    "counter:timetable-decide": (CLOSING, "POST"),
}
# Addresses without a door: they show nothing of anybody and change nothing but a cookie.
OPEN = {"print-size", "components"}
DEMONSTRATION = {"demo:codes", "demo:day", "components"}


def test_every_address_says_who_may_use_it_and_this_table_agrees() -> None:
    found = {one.name: _said(one) for one in addresses() if one.name not in OPEN}
    assert found == {name: (expected, set(methods.split())) for name, (expected, methods) in EXPECTED.items()}


def test_addresses_without_a_door_are_counted() -> None:
    assert {one.name for one in addresses()} - EXPECTED.keys() == OPEN


def _said(address: Address) -> tuple[Expected, set[str]]:
    who = address.view.who  # type: ignore[attr-defined]
    stages = frozenset(Stage) if who.side == "public" else who.stages
    return (who.side, stages, who.roles), set(address.view.methods)  # type: ignore[attr-defined]


def test_the_counter_s_table_of_permissions_has_no_address_too_many() -> None:
    assert {f"counter:{name}" for name in WHO} == {name for name in EXPECTED if name.startswith("counter:")}


def test_the_printed_table_of_permissions_is_the_one_in_the_code() -> None:
    printed = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8").splitlines()
    assert printed == list(permissions.table()), "print it anew: hpf permissions > docs/permissions.md"


EVERY_STAFF_MEMBER_S = {
    f"counter:{name}"
    for name in (
        "home",
        "leave",
        "password",
        "enrol",
        "unreleased",
        "security",
        "end-others",
        "end-session",
        "change-password",
        "keep",
        "looking",
    )
}
"""What concerns nobody but the one who asks."""


ADMINISTRATION_S = {name for name in EXPECTED if name.startswith(("counter:staff", "counter:events"))}


def test_administrators_see_nothing_of_the_business_and_it_nothing_of_them() -> None:
    for name, ((side, _, roles), _methods) in EXPECTED.items():
        if side == "counter" and name not in EVERY_STAFF_MEMBER_S:
            assert roles, name
            if name in ADMINISTRATION_S:
                assert roles <= ADMINISTRATORS, name
            else:
                assert not roles & ADMINISTRATORS or name in OF_THE_SYSTEM, name


# What the system's administrator has besides: closing the hall when something is wrong, and opening it again.
OF_THE_SYSTEM = {"counter:sms-usage", "counter:closure-at-once", "counter:closure", "counter:closure-lift"}


# What of the portal is never closed: coming in, what is settled before anything opens, what one is told and where,
# one's own security, going.
ALWAYS_OPEN = {
    "leave",
    "first-password",
    "agreement",
    "agreement-refuse",
    "agreement-rule",
    "portal:acknowledge",
    "portal:change-password",
    "portal:choose",
    "portal:contact",
    "portal:contact-confirm",
    "portal:contact-drop",
    "portal:drop-authenticator",
    "portal:end-others",
    "portal:end-session",
    "portal:enrol",
    "portal:handover-away",
    "portal:keep",
    "portal:message",
    "portal:prompts",
    "portal:read-all",
    "portal:prepared-approve",
    "portal:prepared-return",
    "portal:prepared-withdraw",
    "portal:looking",
    "portal:restriction-appeal",
}


def test_whatever_a_handler_can_send_belongs_to_a_function_or_is_always_open() -> None:
    sent = {one for one in addresses() if EXPECTED.get(one.name, (("", 0, 0), ""))[0][0] == "portal"}
    taken = {one.name for one in sent if "POST" in one.view.methods}  # type: ignore[attr-defined]
    with_function = {one.name for one in sent if one.view.function}  # type: ignore[attr-defined]
    assert taken - with_function == ALWAYS_OPEN
    assert {f"portal:{name}" for name in FUNCTIONS} == with_function
