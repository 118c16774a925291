"""Whose tables these are. What was said is added and never changed; only how an inquiry stands moves on."""

from hpf.storage.access import APPEND, employer_owned

TABLES = {
    "inquiries_inquiry": employer_owned(
        portal=("SELECT", "INSERT", "UPDATE (state, due_on, reopened, rating)"),
        staff=("SELECT", "INSERT", "UPDATE (state, branch_id)"),
    ),
    "inquiries_turn": employer_owned(portal=APPEND, staff=APPEND),
}

# The column that points here.
OWNERS = {"inquiry_id": ("inquiries_inquiry", "id")}
