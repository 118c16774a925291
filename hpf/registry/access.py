"""Whose tables these are."""

from hpf.storage.access import APPEND, READ, employer_owned, shared, staff_only

TABLES = {
    # Both are changed by an approved change alone (center_details_apply).
    "registry_center": shared(READ, APPEND),
    "registry_branch": shared(READ, APPEND),
    "registry_bankaccount": shared(),
    # Roles and branch are changed by an approved proposal alone (hall_access_grant_roles).
    "registry_staff": staff_only(
        (
            "SELECT",
            "INSERT",
            "UPDATE (password_hash, must_change_password, initial_password_expires_at, active)",
        )
    ),
    "registry_employer": employer_owned(column="id"),
    "registry_unitaccount": employer_owned(
        portal=("SELECT", "UPDATE (active_count, sealed_count)"),
    ),
    "registry_handler": employer_owned(
        portal=("SELECT", "UPDATE (agreement_version, email)"),
    ),
    "registry_agreementversion": shared(READ, APPEND),
    "registry_member": employer_owned(portal=APPEND),
    "registry_account": employer_owned(portal=("SELECT", "INSERT", "UPDATE (state, seal_reason)")),
    "registry_nametoken": employer_owned(portal=APPEND, staff=("SELECT", "INSERT", "DELETE")),
    "registry_timelineevent": employer_owned(portal=APPEND, staff=APPEND),
    "registry_identitylookup": staff_only(READ),
}

# Columns that point here, in this app's tables and in all others.
OWNERS = {
    "unit_account_id": ("registry_unitaccount", "id"),
    "member_id": ("registry_member", "id"),
    "account_id": ("registry_account", "id"),
    "handler_id": ("registry_handler", "id"),
}

# Foreign keys of the tables that a roster fills.
REFERENCES = {
    "registry_member": {"employer_id": ("registry_employer", "id")},
    "registry_account": {
        "member_id": ("registry_member", "id"),
        "employer_id": ("registry_employer", "id"),
        "unit_account_id": ("registry_unitaccount", "id"),
    },
    "registry_timelineevent": {
        "employer_id": ("registry_employer", "id"),
        "unit_account_id": ("registry_unitaccount", "id"),
        "account_id": ("registry_account", "id"),
    },
    "registry_nametoken": {"employer_id": ("registry_employer", "id"), "account_id": ("registry_account", "id")},
}
