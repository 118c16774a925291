"""Whose tables these are."""

from hpf.storage.access import APPEND, READ, employer_owned, staff_only

TABLES = {
    "evidence_event": employer_owned(portal=READ, staff=READ),
    "evidence_unsealed": staff_only(("SELECT", "DELETE")),
    "evidence_link": staff_only(APPEND),
}
