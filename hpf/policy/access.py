"""Whose tables these are. Everyone reads the law; nobody rewrites it: a change is a row with a later start."""

from hpf.storage.access import APPEND, READ, WRITE, shared

TABLES = {
    "policy_parameter": shared(READ, APPEND),
    "policy_calendar": shared(READ, WRITE),
}
