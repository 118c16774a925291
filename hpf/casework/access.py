"""Whose tables these are."""

from hpf.storage.access import APPEND, FULL, READ, employer_owned, staff_only

TABLES = {
    "casework_case": employer_owned(portal=("SELECT", "INSERT", "UPDATE (state, people, changed_at)")),
    "casework_hold": employer_owned(portal=("SELECT", "INSERT", "DELETE"), staff=FULL),
    "casework_attachment": employer_owned(portal=APPEND, staff=("SELECT", "INSERT", "DELETE")),
    "casework_progress": employer_owned(
        portal=("SELECT", "INSERT", "UPDATE (phase, done, total, started_at, changed_at)")
    ),
    "casework_preparedact": employer_owned(
        portal=("SELECT", "INSERT", "UPDATE (state, decided_by_id, decider_name, decided_at, note)"), staff=READ
    ),
    "casework_review": staff_only(
        ("SELECT", "INSERT", "UPDATE (state, checker_id, checker_name, decided_at, note)"),
    ),
}

# Columns that point here, in this app's tables and in all others.
OWNERS = {
    "case_id": ("casework_case", "number"),
    "case_no": ("casework_case", "number"),
    "attachment_id": ("casework_attachment", "id"),
}
