"""Addresses of the portal."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern

from hpf.faces.portal import (
    acknowledging,
    choosing,
    contact,
    handover,
    home,
    inquiries,
    messages,
    money,
    opening,
    papers,
    prepared,
    receipts,
    remitting,
    restriction,
    roster,
    sealing,
    sessions,
)
from hpf.faces.portal.functions import FUNCTIONS
from hpf.faces.web import addresses, own_access  # noqa: F401 - lets addresses hold the numbers of rows
from hpf.faces.web.door import (
    ACKNOWLEDGING,
    ACTING,
    ANSWERING,
    APPEALING,
    APPROVING,
    CHOOSING,
    HANDLER,
    LOGGED_IN,
    NOTIFIED,
    OWN,
    Who,
)
from hpf.faces.web.door import door as door_of
from hpf.faces.web.heavy import heavy
from hpf.registry.codes import AgreementDocument

BOTH, POST = ("GET", "POST"), ("POST",)


def door(
    route: str,
    view: Callable[..., HttpResponse],
    name: str,
    who: Who,
    methods: tuple[str, ...] = ("GET",),
    needs_rule: AgreementDocument | None = None,
) -> URLPattern:
    """An address of the portal with the function that it belongs to."""
    function = FUNCTIONS[name].value if name in FUNCTIONS else ""
    return door_of(route, view, name, who, methods, function=function, needs_rule=needs_rule)


urlpatterns = [
    door("", home.home, "home", HANDLER),
    door("roster/", roster.roster, "roster", HANDLER),
    door("roster/export.xlsx", heavy(roster.workbook), "roster-workbook", HANDLER),
    door("roster/<str:account_no>/", roster.account, "account", HANDLER),
    door("roster/<str:account_no>/statement.pdf", roster.statement, "statement", HANDLER),
    door("upload/", opening.upload, "upload", ACTING, BOTH),
    door("upload/template.xlsx", opening.template, "template", HANDLER),
    door("upload/<row:case_no>/", opening.preview, "preview", ACTING, BOTH),
    door("upload/<row:case_no>/marked.xlsx", heavy(opening.marked), "marked", HANDLER),
    door("upload/<row:case_no>/recheck/", opening.recheck, "recheck", ACTING, POST),
    door("upload/<row:case_no>/discard/", opening.discard, "discard", ACTING, POST),
    door("open/", opening.open_person, "open", ACTING, BOTH),
    door("seal/", sealing.seal, "seal", ACTING, BOTH),
    door("receipt/<row:case_no>/", receipts.receipt, "receipt", HANDLER),
    door("declare/", remitting.declare, "declare", ACTING, BOTH),
    door("declare/lines/", remitting.declare_lines, "declare-lines", HANDLER),
    door("sheet/<row:case_no>/", remitting.sheet, "sheet", ACTING),
    door("sheet/<row:case_no>/lines/", remitting.sheet_lines, "sheet-lines", HANDLER),
    door("sheet/<row:case_no>/withdraw/", remitting.withdraw, "withdraw", ACTING, POST),
    door("sheet/<row:case_no>/pay/", remitting.pay_unallocated, "pay-unallocated", ACTING, POST),
    door("sheet/<row:case_no>/notice.pdf", papers.notice, "notice", HANDLER),
    door("sheet/<row:case_no>/receipt.pdf", papers.slip, "slip", HANDLER),
    door("sheet/<row:case_no>/lines.pdf", heavy(papers.sheet_lines_paper), "sheet-lines-paper", HANDLER),
    door("sheet/<row:case_no>/lines.xlsx", heavy(papers.sheet_lines_workbook), "sheet-lines-workbook", HANDLER),
    door("unallocated/", money.unallocated, "unallocated", HANDLER),
    door("records/", money.records, "records", HANDLER),
    door("records/export.xlsx", money.records_workbook, "records-workbook", HANDLER),
    door("prepared/", prepared.acts, "prepared", HANDLER),
    door("prepared/<row:prepared_id>/", prepared.act, "prepared-act", HANDLER, needs_rule=AgreementDocument.TWO_STEP),
    door("prepared/<row:prepared_id>/approve/", prepared.approve, "prepared-approve", APPROVING, POST),
    door("prepared/<row:prepared_id>/return/", prepared.give_back, "prepared-return", APPROVING, POST),
    door("prepared/<row:prepared_id>/withdraw/", prepared.take_back, "prepared-withdraw", ACTING, POST),
    door("questions/", inquiries.inquiries, "inquiries", HANDLER, BOTH),
    door("questions/<row:inquiry_id>/", inquiries.inquiry, "inquiry", HANDLER),
    door("questions/<row:inquiry_id>/again/", inquiries.again, "inquiry-again", HANDLER, POST),
    door("questions/<row:inquiry_id>/rate/", inquiries.rate, "inquiry-rate", HANDLER, POST),
    door("employers/", choosing.choose, "choose", CHOOSING, BOTH),
    door("acknowledge/", acknowledging.acknowledge, "acknowledge", ACKNOWLEDGING, BOTH),
    door("messages/", messages.messages, "messages", HANDLER),
    door("messages/read/", messages.read_all, "read-all", ANSWERING, POST),
    door("messages/<row:delivery_id>/", messages.message, "message", HANDLER, BOTH),
    door("prompts/", messages.prompts, "prompts", ANSWERING, BOTH),
    door("contact/", contact.contact, "contact", HANDLER, BOTH),
    door("contact/confirm/", contact.confirm, "contact-confirm", HANDLER, POST),
    door("contact/drop/", contact.drop, "contact-drop", HANDLER, POST),
    door("restriction/", restriction.restriction, "restriction", NOTIFIED),
    door("restriction/<row:restriction_id>/notice.pdf", restriction.notice, "restriction-paper", NOTIFIED),
    door("restriction/<row:restriction_id>/appeal/", restriction.appeal, "restriction-appeal", APPEALING, BOTH),
    door("handover/", handover.handover, "handover", HANDLER),
    door("handover/list.pdf", handover.handover_paper, "handover-paper", HANDLER),
    door("handover/away/", handover.away, "handover-away", HANDLER, POST),
    door("sessions/", sessions.sessions, "sessions", LOGGED_IN),
    door("sessions/end/", sessions.end_others, "end-others", LOGGED_IN, POST),
    door("sessions/<row:session_id>/end/", sessions.end_session, "end-session", LOGGED_IN, POST),
    door("sessions/password/", sessions.change_password, "change-password", OWN, BOTH),
    door("sessions/authenticator/", sessions.enrol, "enrol", OWN, BOTH),
    door("sessions/authenticator/drop/", sessions.drop_authenticator, "drop-authenticator", OWN, BOTH),
    door("looking/", sessions.looking, "looking", HANDLER, BOTH),
    door("keep/", own_access.keep, "keep", LOGGED_IN, POST),
]
