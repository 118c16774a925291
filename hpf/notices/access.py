"""Whose tables these are. The portal drops messages into the outbox and cannot look into it: they carry codes.

Of a message it reads what was delivered to its own employer, and says that it was read or confirmed.
"""

from hpf.storage.access import APPEND, READ, WRITE, Access, employer_owned, shared, staff_only

TABLES = {
    "notices_message": Access(portal=("INSERT",), staff=APPEND),
    "notices_delivery": employer_owned(portal=("SELECT", "INSERT", "UPDATE (state, settled_at, settled_by)")),
    "notices_outboxmessage": Access(portal=("INSERT",), staff=WRITE),
    "notices_gatewayreceipt": staff_only(("SELECT", "INSERT", "DELETE")),
    "notices_publishedversion": shared(READ, APPEND),
    "notices_switchedoff": shared(READ, ("SELECT", "INSERT", "DELETE")),
}
