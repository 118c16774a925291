"""Whose tables these are. A restriction and the appeal against it belong to the employer, once it is decided; the
evidence and what is only proposed within the center stay with the staff. Words once written stay as they are.
"""

from hpf.storage.access import APPEND, employer_owned, staff_only

TABLES = {
    "access_restriction_restriction": employer_owned(
        staff=("SELECT", "INSERT", "UPDATE (state, decided_on, lifted_on, lifted_by, lifted_why)"),
        seen="state = 'approved'",
    ),
    "access_restriction_evidence": staff_only(APPEND),
    "access_restriction_lifting": staff_only(("SELECT", "INSERT", "UPDATE (state)")),
    "access_restriction_appeal": employer_owned(
        portal=APPEND,
        staff=("SELECT", "INSERT", "UPDATE (state, answer, answered_by_id, answered_name, answered_on)"),
    ),
}
