"""Whose tables these are. Sessions, logins and codes are nobody's: portal and staff reach them through functions alone.

What was changed at the counter belongs to the employer and is never changed again.
"""

from hpf.storage.access import APPEND, employer_owned, staff_only

TABLES = {
    # Those of looking up are put in force by hall_access_set_looks, the others by the owner of the database alone.
    "hall_access_limits": staff_only(("SELECT",)),
    "hall_access_websession": staff_only(()),
    "hall_access_challenge": staff_only(()),
    "hall_access_code": staff_only(()),
    "hall_access_throttle": staff_only(()),
    "hall_access_spentproof": staff_only(()),
    "hall_access_look": staff_only(()),
    "hall_access_lookschange": staff_only(APPEND),
    "hall_access_tally": staff_only(("SELECT",)),
    "hall_access_staffproposal": staff_only(("SELECT", "INSERT")),
    "hall_access_pastpassword": staff_only(()),
    "hall_access_authenticator": staff_only(()),
    "hall_access_backupcode": staff_only(()),
    "hall_access_release": staff_only(()),
    "hall_access_handlerchange": employer_owned(portal=("SELECT", "UPDATE (put_away_at)"), staff=APPEND),
    "hall_access_termination": employer_owned(staff=APPEND),
    "hall_access_grant": staff_only(
        ("SELECT", "INSERT", "UPDATE (state, end_reason, ended_on, ended_at, ended_by)"),
    ),
}
