"""Whose tables these are."""

from hpf.storage.access import APPEND, FULL, READ, WRITE, employer_owned, staff_only

TABLES = {
    "casework_case": employer_owned(portal=WRITE),
    "casework_hold": employer_owned(portal=("SELECT", "INSERT", "DELETE"), staff=FULL),
    "casework_attachment": employer_owned(portal=APPEND),
    "casework_progress": employer_owned(portal=WRITE),
    "casework_preparedact": employer_owned(
        portal=("SELECT", "INSERT", "UPDATE (state, decided_by_id, decider_name, decided_at, note)"), staff=READ
    ),
    "casework_review": staff_only(
        ("SELECT", "INSERT", "UPDATE (state, checker_id, checker_name, decided_at, note)"),
    ),
}
