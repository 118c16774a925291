"""Whose tables these are: the center's, until what they hold is published."""

from hpf.storage.access import staff_only

TABLES = {
    "messaging_massmessage": staff_only(),
    "messaging_wording": staff_only(),
}
