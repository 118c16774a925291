"""Every table stands in a list here: whose it is, and what the hall's roles may do with it. Written by hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from hpf.storage import role_name
from hpf.storage.access import LIBRARY_TABLES, declared_tables

EMPLOYER_OWNED = {
    "access_restriction_appeal",
    "access_restriction_restriction",
    "account_opening_roster",
    "account_opening_rosterrow",
    "agreement_agreementacceptance",
    "casework_attachment",
    "casework_case",
    "casework_hold",
    "casework_preparedact",
    "casework_progress",
    "channels_daycount",
    "evidence_event",
    "hall_access_handlerchange",
    "hall_access_termination",
    "inquiries_inquiry",
    "inquiries_turn",
    "ledger_account",
    "ledger_corrected_month",
    "ledger_entry",
    "ledger_posting",
    "messaging_emailproof",
    "notices_delivery",
    "publications_acknowledgement",
    "registry_account",
    "registry_employer",
    "registry_handler",
    "registry_member",
    "registry_nametoken",
    "registry_timelineevent",
    "registry_unitaccount",
    "remittance_sheet",
    "remittance_sheetline",
    "treasury_line",
}
SHARED = {
    "channels_closure",
    "channels_timetable",
    "ledger_closed_day",
    "ledger_subject",
    "notices_publishedversion",
    "notices_switchedoff",
    "policy_calendar",
    "policy_parameter",
    "publications_publication",
    "publications_token",
    "publications_version",
    "registry_agreementversion",
    "registry_bankaccount",
    "registry_branch",
    "registry_center",
}
DROPPED_IN = {"notices_message", "notices_outboxmessage"}  # the portal puts in and cannot look in
STAFF_ONLY = {
    "access_restriction_evidence",
    "access_restriction_lifting",
    "agreement_agreementdraft",
    "casework_review",
    "center_details_change",
    "employer_registration_application",
    "employer_registration_limits",
    "employer_registration_proof",
    "evidence_link",
    "evidence_unsealed",
    "hall_access_authenticator",
    "hall_access_backupcode",
    "hall_access_challenge",
    "hall_access_code",
    "hall_access_grant",
    "hall_access_limits",
    "hall_access_look",
    "hall_access_lookschange",
    "hall_access_pastpassword",
    "hall_access_release",
    "hall_access_spentproof",
    "hall_access_staffproposal",
    "hall_access_tally",
    "hall_access_throttle",
    "hall_access_websession",
    "ledger_control_total",
    "ledger_voucher",
    "notices_gatewayreceipt",
    "publications_draft",
    "messaging_massmessage",
    "money_desk_handedin",
    "money_desk_proposal",
    "messaging_wording",
    "registry_identitylookup",
    "registry_staff",
    "treasury_statement",
}
LIBRARIES = {
    "django_migrations",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}
# What no handler may write, whatever his employer: the books, the bank, the event log, the register's own numbers.
NEVER_WRITTEN_BY_THE_PORTAL = {
    "evidence_event",
    "ledger_corrected_month",
    "ledger_entry",
    "ledger_posting",
    "registry_employer",
    "treasury_line",
}


def test_every_table_is_of_a_kind_and_this_list_agrees(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        rows = superuser.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition",
            [settings.CENTER],
        )
        present = {name for (name,) in rows}
    kinds = [EMPLOYER_OWNED, SHARED, DROPPED_IN, STAFF_ONLY, LIBRARIES]
    assert present == set().union(*kinds)
    assert len(present) == sum(map(len, kinds))
    tables = declared_tables()
    assert tables.keys() == present
    assert LIBRARY_TABLES.keys() == LIBRARIES
    assert {name for name, access in tables.items() if access.owner_column} == EMPLOYER_OWNED
    assert {name for name in SHARED if tables[name].portal != ("SELECT",)} == set()
    assert {name for name in STAFF_ONLY | LIBRARIES if tables[name].portal} == set()
    assert all(tables[name].portal == ("INSERT",) for name in DROPPED_IN)


def test_rights_are_what_is_declared(shared_center: Any) -> None:
    portal, tables = role_name(settings.CENTER, "portal"), declared_tables()
    with shared_center.connect("superuser") as superuser:
        for table in tables:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
                said = right in tables[table].portal
                (has,) = superuser.execute("SELECT has_table_privilege(%s, %s, %s)", [portal, table, right]).fetchone()
                assert has == said, (table, right)
        partitions = superuser.execute(
            "SELECT has_table_privilege(role, oid, 'SELECT, INSERT, UPDATE, DELETE') FROM pg_class"
            " CROSS JOIN unnest(%s::text[]) role WHERE relispartition",
            [[portal, role_name(settings.CENTER, "staff")]],
        ).fetchall()
    assert set(partitions) == {(False,)}  # row level security stands on the whole table: nobody goes around it
    for table in NEVER_WRITTEN_BY_THE_PORTAL:
        assert all(right.startswith("SELECT") for right in tables[table].portal), table


SEEN = {"access_restriction_restriction": "state = 'approved'::text"}
"""Which of an employer's own rows the portal sees, where it is not all of them."""


def test_every_employer_s_table_has_one_policy_a_role_and_no_or(shared_center: Any) -> None:
    own = "= (NULLIF(current_setting('hpf.employer'::text, true), ''::text))::bigint)"
    portal, staff = (role_name(settings.CENTER, role) for role in ("portal", "staff"))
    with shared_center.connect("superuser") as superuser:
        secured = superuser.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relrowsecurity", [settings.CENTER]
        )
        assert {name for (name,) in secured} == EMPLOYER_OWNED
        rows = superuser.execute(
            "SELECT tablename, roles::text[], cmd, permissive, qual, with_check FROM pg_policies WHERE schemaname = %s",
            [settings.CENTER],
        ).fetchall()
    policies: dict[tuple[str, str], str] = {}
    for table, roles, command, permissive, seen, written in rows:
        assert (len(roles), command, permissive) == (1, "ALL", "PERMISSIVE")
        assert (table, roles[0]) not in policies
        assert seen in (written, f"({written} AND ({SEEN.get(table)}))")
        assert " OR " not in seen
        policies[table, roles[0]] = written
    assert {role for _, role in policies} == {portal, staff}
    for table in EMPLOYER_OWNED:
        assert policies[table, staff] == "true"
        assert policies[table, portal] in {f"(employer_id {own}", f"(id {own}"}
    assert len(policies) == 2 * len(EMPLOYER_OWNED)


def test_the_hall_s_roles_can_neither_bypass_nor_own_anything(shared_center: Any) -> None:
    roles = [role_name(settings.CENTER, role) for role in ("app", "portal", "staff")]
    with shared_center.connect("superuser") as superuser:
        powers = superuser.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"
            " FROM pg_roles WHERE rolname = ANY(%s)",
            [roles],
        ).fetchall()
        owned = superuser.execute(
            "SELECT deptype, objid FROM pg_shdepend"
            " WHERE deptype = 'o' AND refobjid IN (SELECT oid FROM pg_roles WHERE rolname = ANY(%s))",
            [roles],
        ).fetchall()
        outside = superuser.execute(
            "SELECT nspname FROM pg_namespace n CROSS JOIN unnest(%s::text[]) role"
            " WHERE has_schema_privilege(role, n.oid, 'CREATE')",
            [roles],
        ).fetchall()
    assert sorted(powers) == sorted((role, False) for role in roles)
    assert owned == []
    assert outside == []
