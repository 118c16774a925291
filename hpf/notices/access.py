"""Whose tables these are. The portal drops messages into the outbox and cannot look into it: they carry codes."""

from hpf.storage.access import WRITE, Access

TABLES = {
    "notices_smsmessage": Access(portal=("INSERT",), staff=WRITE),
}
