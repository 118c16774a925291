"""Whose tables these are. What is drafted is the center's own; what is published everyone may read and nobody rewrites.

An acknowledgement is evidence: it is added and never changed.
"""

from hpf.storage.access import APPEND, READ, WRITE, employer_owned, shared, staff_only

TABLES = {
    "publications_publication": shared(READ, APPEND),
    "publications_draft": staff_only(WRITE),
    "publications_version": shared(
        READ, ("SELECT", "INSERT", "UPDATE (told_at, message_no, taken_down_at, taken_down_by, taken_down_reason)")
    ),
    "publications_token": shared(READ, APPEND),
    "publications_acknowledgement": employer_owned(portal=APPEND, staff=READ),
}
