"""Whose tables these are. An acceptance is evidence: it is added and never changed, but for the day it ended."""

from hpf.storage.access import APPEND, employer_owned, staff_only

TABLES = {
    "agreement_agreementacceptance": employer_owned(portal=APPEND, staff=("SELECT", "UPDATE (ended_on)")),
    "agreement_agreementdraft": staff_only(
        ("SELECT", "INSERT", "UPDATE (number, effective_on, summary, text, digest, binding)")
    ),
}
