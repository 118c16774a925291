"""Whose tables these are: everybody may read what is closed and until when; nobody rewrites it."""

from hpf.storage.access import READ, shared

TABLES = {
    "channels_closure": shared(READ, ("SELECT", "INSERT", "UPDATE (state, lifted_at, lifted_by)")),
}
