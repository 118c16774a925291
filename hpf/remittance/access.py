"""Whose tables these are."""

from hpf.storage.access import APPEND, WRITE, employer_owned

TABLES = {
    "remittance_sheet": employer_owned(portal=("SELECT", "INSERT", "UPDATE (live)"), staff=WRITE),
    "remittance_sheetline": employer_owned(portal=APPEND, staff=APPEND),
}
