"""Forms that an employer signs: 附件1, 附件2."""

from __future__ import annotations

from hpf.papers.marks import grouped, qr_code
from hpf.papers.pdf import plain, render
from hpf.papers.shapes import RegistrationForm, TerminationForm

COPIES = ("中心留存", "单位留存")


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
