"""Whose tables these are: the center's, until what they hold is published; a proof is its handler's."""

from hpf.storage.access import employer_owned, staff_only

TABLES = {
    "messaging_emailproof": employer_owned(portal=("SELECT", "INSERT", "UPDATE (tries, settled_at)")),
    "messaging_massmessage": staff_only(),
    "messaging_wording": staff_only(),
}
