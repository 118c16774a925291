"""Whose tables these are. The portal reads; it never posts. Nobody updates anything but balances."""

from hpf.storage.access import APPEND, READ, employer_owned, shared, staff_only

_BALANCE = "UPDATE (carried_fen, current_fen, moment)"
_HOLDER = "UPDATE (employer_id, unit_account_id)"
_OPENING = "INSERT (id, kind, subject, employer_id, unit_account_id, label, opened_on, segment_starts_on)"

TABLES = {
    "ledger_subject": shared(READ, READ),
    "ledger_account": employer_owned(portal=("SELECT", _OPENING), staff=("SELECT", _OPENING, _BALANCE, _HOLDER)),
    "ledger_entry": employer_owned(
        portal=READ,
        staff=(
            "SELECT",
            "INSERT (id, key, content_digest, lines_digest, kind, book_date, value_date, about, employer_id,"
            " unit_account_id, reverses_id, narrative, actor, total_fen)",
        ),
    ),
    "ledger_posting": employer_owned(portal=READ, staff=APPEND),
    "ledger_corrected_month": employer_owned(portal=READ, staff=APPEND),
    "ledger_closed_day": shared(READ, ("SELECT", "INSERT (day, closed_by)")),
    "ledger_voucher": staff_only(APPEND),
    "ledger_control_total": staff_only(APPEND),
}

# The column that points here from the tables of higher floors. Its own ledger tables the portal does not write.
OWNERS = {"entry_id": ("ledger_entry", "id")}

# The foreign key of the table that a roster fills.
REFERENCES = {"ledger_account": {"subject": ("ledger_subject", "code")}}
