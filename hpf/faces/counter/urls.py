"""Addresses of the counter. Who may open which is said in ``permissions``."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern

from hpf.faces.counter import (
    access,
    agreements,
    cases,
    closures,
    employers,
    events,
    grants,
    handing_over,
    home,
    inquiries,
    letters,
    messages,
    money,
    own,
    publication_editor,
    publications,
    registration,
    reviews,
    scans,
    staff,
    staff_looking,
    statements,
    termination,
    unlocking,
    writing,
)
from hpf.faces.counter.permissions import WHO
from hpf.faces.web import addresses, own_access  # noqa: F401 - lets addresses hold the numbers of rows
from hpf.faces.web.door import door
from hpf.faces.web.heavy import heavy

_ONE_S_OWN = {"login", "login-code", "password", "enrol", "leave", "security", "end-others", "end-session"}
_OPENING = {"closures", "closure-at-once", "closure", "closure-decide", "closure-lift"}
_ADMINISTRATION = {name for name in WHO if name.startswith(("staff", "events"))}
NEVER_CLOSED = _ONE_S_OWN | {"change-password", "keep", "looking"} | _OPENING | _ADMINISTRATION
"""What works while the counter is closed: coming, going, opening it again, stopping somebody, reading the log."""

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def _door(route: str, view: Callable[..., HttpResponse], name: str, methods: tuple[str, ...] = GET) -> URLPattern:
    who, _ = WHO[name]
    return door(route, view, name, who, methods, function="" if name in NEVER_CLOSED else "counter")


urlpatterns = [
    _door("", home.home, "home"),
    _door("login/", own.login, "login", BOTH),
    _door("login/code/", own.login_code, "login-code", BOTH),
    _door("password/", own.password, "password", BOTH),
    _door("authenticator/", own.enrol, "enrol", BOTH),
    _door("security/", own.security, "security"),
    _door("security/end/", own.end_others, "end-others", POST),
    _door("security/<row:session_id>/end/", own.end_session, "end-session", POST),
    _door("security/password/", own.change_password, "change-password", BOTH),
    _door("looking/", own.looking, "looking", BOTH),
    _door("keep/", own_access.keep, "keep", POST),
    _door("leave/", own.leave, "leave", POST),
    _door("reviews/", reviews.reviews, "reviews"),
    _door("employers/", employers.employers, "employers"),
    _door("employers/<row:employer_id>/", employers.employer, "employer"),
    _door("employers/<row:employer_id>/hand-over/", handing_over.hand_over, "hand-over", POST),
    _door("applications/", registration.applications, "applications"),
    _door("applications/new/", registration.register, "register", BOTH),
    _door("applications/<row:application_id>/", registration.application, "application"),
    _door("applications/<row:application_id>/open/", registration.open_form, "open-application", POST),
    _door("applications/<row:application_id>/print/", registration.print_form, "print-application", POST),
    _door("applications/<row:application_id>/correct/", registration.correct, "correct-application", POST),
    _door("applications/<row:application_id>/submit/", registration.submit, "submit-application", POST),
    _door("applications/<row:application_id>/take-back/", registration.take_back, "take-back-application", POST),
    _door("applications/<row:application_id>/withdraw/", registration.withdraw, "withdraw-application", POST),
    _door("applications/<row:application_id>/decide/", registration.decide, "decide-application", POST),
    _door("employers/<row:employer_id>/handler/", access.handler, "handler", BOTH),
    _door("employers/<row:employer_id>/mobile/", access.mobile, "mobile", BOTH),
    _door("users/<row:handler_id>/unlock/", unlocking.unlock, "unlock", BOTH),
    _door("employers/<row:employer_id>/grants/new/", grants.new, "grant-new", BOTH),
    _door("grants/<row:grant_id>/", grants.grant, "grant"),
    _door("grants/<row:grant_id>/decide/", grants.decide, "grant-decide", POST),
    _door("grants/<row:grant_id>/hand-over/", grants.hand_over, "grant-hand-over", POST),
    _door("grants/<row:grant_id>/end/", grants.end, "grant-end", POST),
    _door("grants/<row:grant_id>/end/decide/", grants.decide_end, "grant-end-decide", POST),
    _door("employers/<row:employer_id>/termination/", termination.termination, "termination", BOTH),
    _door("terminations/<row:termination_id>/form.pdf", termination.termination_paper, "termination-paper"),
    _door("changes/<row:change_id>/slip.pdf", access.change_slip, "change-slip"),
    _door("scans/<row:attachment_id>/", scans.scan, "scan"),
    _door("cases/", cases.cases, "cases"),
    _door("cases/<row:case_no>/", cases.case, "case"),
    _door("statements/", statements.statements, "statements", BOTH),
    _door("statements/sample.csv", statements.sample, "statement-sample"),
    _door("statements/<row:statement_id>/", statements.statement, "statement"),
    _door("money/", money.desk, "money"),
    _door("money/<row:line_id>/claim/", money.claim, "claim", POST),
    _door("agreements/", agreements.agreements, "agreements"),
    _door("agreements/versions/<row:version_id>/", agreements.version, "agreement-version"),
    _door("agreements/acceptances/<row:acceptance_id>/", agreements.certificate, "agreement-certificate"),
    _door("agreements/new/", agreements.new, "agreement-new", BOTH),
    _door("agreements/<row:draft_id>/", agreements.draft, "agreement-draft"),
    _door("agreements/<row:draft_id>/edit/", agreements.edit, "agreement-edit", BOTH),
    _door("agreements/<row:draft_id>/withdraw/", agreements.withdraw, "agreement-withdraw", POST),
    _door("agreements/<row:draft_id>/decide/", agreements.decide, "agreement-decide", POST),
    _door("publications/", publications.publications, "publications"),
    _door("publications/new/<str:kind>/", publication_editor.new, "publication-new", BOTH),
    _door("publications/<row:publication_id>/", publications.publication, "publication"),
    _door("publications/<row:publication_id>/revise/", publication_editor.revise, "publication-revise", BOTH),
    _door("publications/<row:publication_id>/take-down/", publications.take_down, "publication-take-down", POST),
    _door("drafts/<row:draft_id>/", publications.draft, "draft"),
    _door("drafts/<row:draft_id>/files/<row:place>/", publications.draft_file, "draft-file"),
    _door("drafts/<row:draft_id>/edit/", publication_editor.edit, "draft-edit", BOTH),
    _door("drafts/<row:draft_id>/turn/", publications.turn, "draft-turn", POST),
    _door("drafts/<row:draft_id>/decide/", publications.decide, "draft-decide", POST),
    _door("inquiries/", inquiries.inquiries, "inquiries"),
    _door("inquiries/<row:inquiry_id>/", inquiries.inquiry, "inquiry"),
    _door("inquiries/<row:inquiry_id>/answer/", inquiries.answer, "inquiry-answer", POST),
    _door("inquiries/<row:inquiry_id>/forward/", inquiries.forward, "inquiry-forward", POST),
    _door("messages/", messages.deliveries, "deliveries"),
    _door("messages/new/", writing.write, "write", BOTH),
    _door("messages/<row:message_id>/", messages.sent, "sent"),
    _door("messages/<row:message_id>/letters/", messages.write_letters, "message-letters", POST),
    _door("messages/deliveries/<row:delivery_id>/", messages.delivery, "delivery", BOTH),
    _door("messages/drafts/<row:draft_id>/", writing.mass_message, "mass-message"),
    _door("messages/drafts/<row:draft_id>/decide/", writing.decide, "mass-decide", POST),
    _door("letters/", letters.letters, "letters", BOTH),
    _door("letters/<row:batch>/letters.pdf", letters.paper, "letters-paper"),
    _door("letters/<row:batch>/post/", letters.post, "letters-post", POST),
    _door("closures/", closures.closures, "closures", BOTH),
    _door("closures/at-once/", closures.at_once, "closure-at-once", BOTH),
    _door("closures/<row:closure_id>/", closures.closure, "closure"),
    _door("closures/<row:closure_id>/decide/", closures.decide, "closure-decide", POST),
    _door("closures/<row:closure_id>/lift/", closures.lift, "closure-lift", POST),
    _door("staff/", staff.people, "staff"),
    _door("staff/new/", staff.create, "staff-new", BOTH),
    _door("staff/looking/", staff_looking.held_back, "staff-looking"),
    _door("staff/looking/<row:tally_id>/resume/", staff_looking.resume, "staff-looking-resume", POST),
    _door("staff/<row:staff_id>/", staff.member, "staff-member"),
    _door("staff/<row:staff_id>/propose/", staff.propose, "staff-propose", POST),
    _door("staff/<row:staff_id>/password/", staff.password, "staff-password", POST),
    _door("staff/<row:staff_id>/decide/", staff.decide, "staff-decide", POST),
    _door("staff/<row:staff_id>/secure/", staff.secure, "staff-secure", POST),
    _door("events/", events.events, "events"),
    _door("events/trace/", events.trace, "events-trace"),
    _door("events/export.csv", heavy(events.export), "events-export", POST),
]
