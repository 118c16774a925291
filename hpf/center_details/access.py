"""Whose tables these are. What was approved is put in force by ``center_details_apply`` alone."""

from hpf.storage.access import APPEND, staff_only

TABLES = {
    "center_details_change": staff_only(APPEND),
}
