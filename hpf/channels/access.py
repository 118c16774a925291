"""Whose tables these are: everybody may read what is closed and when the hall is open; nobody rewrites it."""

from hpf.storage.access import READ, employer_owned, shared

TABLES = {
    "channels_closure": shared(READ, ("SELECT", "INSERT", "UPDATE (state, lifted_at, lifted_by)")),
    "channels_timetable": shared(READ, ("SELECT", "INSERT", "UPDATE (state)")),
    "channels_daycount": employer_owned(portal=READ, staff=READ),
}
