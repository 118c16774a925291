"""Whose tables these are. What is proposed for money without an owner stays with the staff; its words never change."""

from hpf.storage.access import staff_only

TABLES = {
    "money_desk_handedin": staff_only(("SELECT", "INSERT", "UPDATE (state, decided_on)")),
    "money_desk_proposal": staff_only(("SELECT", "INSERT", "UPDATE (state, decided_on, entry_id, told_before_id)")),
}
