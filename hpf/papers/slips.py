"""Slips handed to one person: the sealed letter with the initial password, receipts of the counter."""

from __future__ import annotations

from hpf.papers.pdf import plain, render
from hpf.papers.shapes import CounterSlip, HandoverPack, InitialPasswordLetter, LetterBatch, RestrictionNotice


def initial_password_letter(letter: InitialPasswordLetter) -> bytes:
    """初始密码函 (domain S-01): one sheet, folded in three, the password in the inner third.

    The password stands in this PDF in clear. The caller hands it out once and stores neither the letter nor the PDF.
    """
    return render("initial_password", plain(letter), printed_at=letter.imprint.printed_at)


def counter_slip(slip: CounterSlip) -> bytes:
    """回执 of something done at the counter: one sheet, signed by both sides."""
    return render("counter_slip", plain(slip), printed_at=slip.imprint.printed_at)


def handover_pack(pack: HandoverPack) -> bytes:
    """交接清单: open business, dates, money, and the business of twelve months."""
    return render("handover_pack", plain(pack), printed_at=pack.imprint.printed_at)


def letters(batch: LetterBatch) -> bytes:
    """信函: messages on paper, one sheet or more each, the address where a window envelope shows it."""
    return render("letters", plain(batch), printed_at=batch.imprint.printed_at)


def restriction_notice(notice: RestrictionNotice) -> bytes:
    """限制使用网厅通知书 (u.10): what is withheld, why, by which clause, until when, how to appeal."""
    return render("restriction_notice", plain(notice), printed_at=notice.imprint.printed_at)
