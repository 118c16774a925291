"""Whose tables these are. An acceptance is evidence: it is added and never changed."""

from hpf.storage.access import APPEND, READ, employer_owned

TABLES = {
    "agreement_agreementacceptance": employer_owned(portal=APPEND, staff=READ),
}
