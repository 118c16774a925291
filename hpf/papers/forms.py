"""Forms that an employer signs: 附件1, 附件2."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from hpf.papers.marks import grouped, qr_code
from hpf.papers.pdf import plain, render
from hpf.papers.shapes import BlankForm, RegistrationForm, TerminationForm

COPIES = ("中心留存", "单位留存")
_PERCENT = "　　　%"


def registration_form(form: RegistrationForm) -> bytes:
    """附件1 单位开户登记申请表 in duplicate: one page for the center, one for the employer.

    The QR code is the application's number as a scanner types it.
    """
    data = plain(form) | {
        "number": grouped(form.number),
        "bank_account": grouped(form.bank_account),
        "qr": qr_code(form.number),
        "copies": list(COPIES),
    }
    return render("registration_form", data, printed_at=form.imprint.printed_at)


def termination_form(form: TerminationForm) -> bytes:
    """附件2 单位终止使用申请表 in duplicate: one page for the center, one for the employer."""
    return render("termination_form", plain(form) | {"copies": list(COPIES)}, printed_at=form.imprint.printed_at)


@lru_cache(maxsize=4)
def blank_registration_form(form: BlankForm, of: date) -> bytes:
    """附件1 in duplicate, to be filled in by hand. Nobody's data are in it, so the day's first one serves for all."""
    data = _blank(RegistrationForm, form) | {
        "affiliation": _empty(form.affiliation),
        "nature": _empty(form.nature),
        "fund_department": _empty(form.fund_department),
        "beyond": [[label, ""] for label in form.beyond],
        "declarations": list(form.declarations),
        "personal_rate": _PERCENT,
        "unit_rate": _PERCENT,
        "qr": None,
    }
    return _printed("registration_form", data, of)


@lru_cache(maxsize=4)
def blank_termination_form(form: BlankForm, of: date) -> bytes:
    """附件2 in duplicate, to be filled in by hand; the center's note is left to the center."""
    return _printed("termination_form", _blank(TerminationForm, form), of)


def _blank(shape: type, form: BlankForm) -> dict[str, Any]:
    """Every field of a filled form, empty, in the name of the center."""
    imprint = {"number": "", "printed_at": "", "printed_by": "", "trace": ""}
    empty = {field.name: "" for field in fields(shape)}
    return empty | {"center": plain(form.center), "imprint": imprint, "copies": list(COPIES)}


def _empty(labels: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"label": label, "ticked": False} for label in labels]


def _printed(template: str, data: dict[str, Any], of: date) -> bytes:
    return render(template, data, printed_at=datetime(of.year, of.month, of.day, tzinfo=UTC))
