"""Whose tables these are."""

from hpf.storage.access import FULL, employer_owned

TABLES = {
    "account_opening_roster": employer_owned(
        portal=("SELECT", "INSERT", "UPDATE (choice, accept_mended)"),
    ),
    "account_opening_rosterrow": employer_owned(
        portal=("SELECT", "INSERT", "UPDATE (member_id, account_id)", "DELETE"), staff=FULL, ahead=("account_id",)
    ),
}
