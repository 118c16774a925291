"""Whose tables these are: the center's. Until an employer is registered there is nobody to own an application."""

from hpf.storage.access import WRITE, staff_only

TABLES = {
    "employer_registration_application": staff_only(WRITE),
}
