"""Whose tables these are: nobody's. Portal and staff reach them through the functions of ``guards.sql`` alone."""

from hpf.storage.access import staff_only

TABLES = {
    "hall_access_limits": staff_only(("SELECT", "UPDATE")),
    "hall_access_websession": staff_only(()),
    "hall_access_challenge": staff_only(()),
    "hall_access_code": staff_only(()),
    "hall_access_throttle": staff_only(()),
    "hall_access_pastpassword": staff_only(()),
    "hall_access_authenticator": staff_only(()),
    "hall_access_backupcode": staff_only(()),
}
