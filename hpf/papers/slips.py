"""Slips handed to one person: the sealed letter with the initial password."""

from __future__ import annotations

from hpf.papers.pdf import plain, render
from hpf.papers.shapes import InitialPasswordLetter


def initial_password_letter(letter: InitialPasswordLetter) -> bytes:
    """初始密码函 (domain S-01): one sheet, folded in three, the password in the inner third.

    The password stands in this PDF in clear. The caller hands it out once and stores neither the letter nor the PDF.
    """
    return render("initial_password", plain(letter), printed_at=letter.imprint.printed_at)
