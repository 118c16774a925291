"""What attackers add to forms."""

from __future__ import annotations

FOREIGN = {
    **dict.fromkeys(("id", "pk", "employer_id", "unit_id", "unit_account_id", "handler_id", "principal_id"), "1"),
    **dict.fromkeys(("amount", "amount_fen", "balance_fen", "total_fen", "active_count"), "100000000"),
    **dict.fromkeys(("is_staff", "is_superuser", "active", "passed_at", "proved"), "1"),
    **dict.fromkeys(("mobile", "handler_mobile", "phone", "bound_mobile", "new_mobile"), "13712345678"),
    "status": "booked",
    "roles": "clerk",
    "duty": "approver",
    "password_hash": "!",
    "must_change_password": "1",
    "agreement_version": "9",
    "business_day": "2030-01-01",
    "today": "2030-01-01",
}
"""Columns that no form asks for, and the bound mobile under all its names."""
