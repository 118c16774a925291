"""Which addresses show records of people or employers: what is looked up there is counted (agreement §3.2(6))."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

LIST = "?"
CHOSEN = ("account", "accounts")
"""The fields that choose accounts, each by its number: in an address, and in the form that it shows."""
MOST_CHOSEN = 50
"""As many as one page of the roster lists."""
WATCHED: dict[str, str] = {
    "portal:roster": LIST,
    "portal:roster-workbook": LIST,
    "portal:account": "account_no",
    "portal:seal": CHOSEN[0],
    "portal:statement": "account_no",
    "portal:preview": "case_no",
    "portal:declare-lines": LIST,
    "portal:sheet-lines": "case_no",
    "portal:sheet-lines-paper": "case_no",
    "portal:sheet-lines-workbook": "case_no",
    "portal:marked": "case_no",
    "counter:employers": LIST,
    "counter:employer": "employer_id",
    "counter:handler": "employer_id",
    "counter:mobile": "employer_id",
    "counter:termination": "employer_id",
    "counter:unlock": "handler_id",
    "counter:grant-new": "employer_id",
    "counter:grant": "grant_id",
    "counter:statement": "statement_id",
    "counter:handed-in": "handed_in_id",
    "counter:handed-in-file": "handed_in_id",
    "counter:bank-line": "line_id",
    "counter:line-proposal": "proposal_id",
    "counter:inquiry": "inquiry_id",
    "counter:applications": LIST,
    "counter:application": "application_id",
    "counter:open-application": "application_id",
    "counter:read-application": "application_id",
    "counter:print-application": "application_id",
    "counter:application-scan": "scan_id",
    "counter:cases": LIST,
    "counter:case": "case_no",
    "counter:change-slip": "change_id",
    "counter:termination-paper": "termination_id",
    "counter:agreement-certificate": "acceptance_id",
    "counter:scan": "attachment_id",
    "counter:restriction": "restriction_id",
    "counter:restriction-new": "employer_id",
    "counter:restriction-evidence": "restriction_id",
    "counter:restriction-paper": "restriction_id",
    "counter:lifting": "lifting_id",
    "counter:delivery": "delivery_id",
    "counter:letters-paper": "batch",
}
"""URL name: the argument that names the record, or ``LIST`` for one whose pages and searches are records of their own.

The first page of a list, without a search, is no record: everybody begins there.
"""


def subjects_of(
    name: str, request: HttpRequest, arguments: Mapping[str, object], own: Callable[[Collection[str]], Collection[str]]
) -> list[str]:
    """What is looked up at an address, each record by itself; nothing where nothing is counted.

    ``own`` says which of some account numbers are the reader's to see: of numbers that are chosen together, all others
    show nothing and are one try.
    """
    counted = WATCHED.get(name, "")
    if counted == CHOSEN[0]:
        chosen = list(dict.fromkeys(request.GET.getlist(CHOSEN[0]) + request.POST.getlist(CHOSEN[1])))
        given = chosen[: MOST_CHOSEN + 1]
        found = own(given) if given else ()
        strange = [number for number in given if number not in found]
        return [f"account_no:{number}" for number in given if number in found] + ([f"try:{strange}"] if strange else [])
    if counted != LIST:
        return [f"{counted}:{arguments[counted]}"] if counted else []
    asked = sorted((key, value) for key, value in request.GET.items() if value)
    return [f"{request.path}?{asked}"] if asked or name.endswith("workbook") else []
