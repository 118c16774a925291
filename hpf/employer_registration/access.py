"""Whose tables these are: the center's. Until an employer is registered there is nobody to own an application.

The public keeps and reads a form through the functions of ``guards.sql`` alone.
"""

from hpf.storage.access import WRITE, staff_only

TABLES = {
    "employer_registration_application": staff_only(WRITE),
    "employer_registration_limits": staff_only(("SELECT", "UPDATE")),
    "employer_registration_proof": staff_only(()),
}
