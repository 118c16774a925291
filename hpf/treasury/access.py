"""Whose tables these are. What the bank said never changes; what became of it does.

The portal sees the lines that name its employer, and the payer only where that is the employer itself: a wrong payer is
somebody else.
"""

from hpf.storage.access import employer_owned, staff_only

_SEEN = (
    "id, employer_id, unit_account_id, case_no, flow_no, booked_on, amount_fen, state, findings, "
    "own_payer_name, own_payer_account, assigned_entry_id"
)
_PLACED = "place, contained, confirmed_gap_fen, base_moved_fen"
_MOVES = "state, findings, employer_id, unit_account_id, assigned_entry_id, offsets_id"

TABLES = {
    "treasury_statement": staff_only(("SELECT", "INSERT", f"UPDATE ({_PLACED})")),
    "treasury_line": employer_owned(portal=(f"SELECT ({_SEEN})",), staff=("SELECT", "INSERT", f"UPDATE ({_MOVES})")),
}

# Foreign keys of the lines, which a statement brings by the ten thousand.
REFERENCES = {
    "treasury_line": {
        "statement_id": ("treasury_statement", "id"),
        "entry_id": ("ledger_entry", "id"),
        "assigned_entry_id": ("ledger_entry", "id"),
        "offsets_id": ("treasury_line", "id"),
    }
}
