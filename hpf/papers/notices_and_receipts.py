"""The papers around a payment: 汇缴通知单 before it, 汇缴回单 after it."""

from __future__ import annotations

from collections.abc import Iterable

from hpf.kernel import Fen, Month, Rate, amount_in_words
from hpf.papers.marks import grouped, qr_code
from hpf.papers.pdf import plain, render
from hpf.papers.shapes import PaymentNotice, RemittanceReceipt


def payment_notice(notice: PaymentNotice) -> bytes:
    """汇缴通知单 with its 汇缴书, one page for up to about six months (domain H-06, m.02)."""
    sheets = notice.sheets
    data = plain(notice) | {
        "sheets": [plain(sheet) | {"current": plain(sheet.current)} for sheet in sheets],
        "period": _period(sheets[0].month, sheets[-1].month),
        "people": plain(max(sheet.current.people for sheet in sheets)),
        "unit_rates": _distinct(sheet.unit_rate for sheet in sheets),
        "member_rates": _distinct(sheet.member_rate for sheet in sheets),
        "unit_share": sum((sheet.unit_share for sheet in sheets), Fen(0)).yuan,
        "member_share": sum((sheet.member_share for sheet in sheets), Fen(0)).yuan,
        "due": notice.due.yuan,
        "payable": notice.payable.yuan,
        "received": notice.received.yuan if notice.received else None,
        "beside": notice.beside.yuan if notice.beside else None,
        "payable_words": amount_in_words(notice.payable),
        "reference_grouped": grouped(notice.reference),
        "pay_to_number": grouped(notice.pay_to.number),
        "qr": qr_code(notice.reference),
    }
    return render("payment_notice", data, printed_at=notice.imprint.printed_at)


def remittance_receipt(receipt: RemittanceReceipt) -> bytes:
    """汇缴回单: proof that one month is booked (条例 §20)."""
    data = plain(receipt) | {
        "total": receipt.total.yuan,
        "total_words": amount_in_words(receipt.total),
        "reference_grouped": grouped(receipt.reference),
        "qr": qr_code(receipt.imprint.number),
    }
    return render("remittance_receipt", data, printed_at=receipt.imprint.printed_at)


def _period(first: Month, last: Month) -> str:
    return first.chinese if first == last else f"{first.chinese}至{last.chinese}"


def _distinct(rates: Iterable[Rate]) -> str:
    return "、".join(dict.fromkeys(rate.percent for rate in rates))
