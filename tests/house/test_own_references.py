"""What the portal writes points to rows of its own employer: every column that could point elsewhere is kept, or named
here with the reason. A new table or column without either fails."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from hpf.storage import role_name

# Columns that count, or point to what is nobody's.
NOBODY_S = {
    "agreement_agreementacceptance.version_id",
    "casework_attachment.size",
    "casework_progress.done",
    "casework_progress.total",
    "inquiries_inquiry.branch_id",
    "notices_delivery.message_id",
    "publications_acknowledgement.version_id",
    "remittance_sheet.events_through",
}
# Columns that another guard keeps.
OTHERWISE = {
    "access_restriction_appeal.restriction_id": "access_restriction_appeal_guard",
    "access_restriction_appeal.answered_by_id": "access_restriction_appeal_guard",
    "casework_attachment.subject_id": "casework_attachment_one_owner",
    "casework_preparedact.prepared_by_id": "casework_prepared_guard",
    "casework_preparedact.decided_by_id": "casework_prepared_guard",
}
# Columns that name what is made later in the same transaction: the account under this number is opened by primary key.
AHEAD = {"account_opening_rosterrow.account_id"}


def test_every_column_by_which_the_portal_could_point_elsewhere_is_kept_or_named(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        rows = superuser.execute(
            r"""
            SELECT t.relname || '.' || a.attname, verb,
                   (SELECT string_to_array(encode(g.tgargs, 'escape'), '\000') FROM pg_trigger g
                    WHERE g.tgrelid = t.oid AND g.tgname = 'own_references_' || lower(verb))
            FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped AND a.attnum > 0
            CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE']) verb
            WHERE t.relnamespace = %(center)s::regnamespace AND t.relkind IN ('r', 'p')
              AND a.atttypid = 'bigint'::regtype
              AND a.attname NOT IN ('id', 'number', 'employer_id') AND a.attname NOT LIKE '%%\_fen'
              AND EXISTS (SELECT FROM pg_attribute e WHERE e.attrelid = t.oid AND e.attname = 'employer_id')
              AND has_column_privilege(%(portal)s, t.oid, a.attnum, verb)
            """,
            {"center": settings.CENTER, "portal": role_name(settings.CENTER, "portal")},
        ).fetchall()
        guards = {
            name
            for (name,) in superuser.execute("SELECT tgname FROM pg_trigger UNION SELECT conname FROM pg_constraint")
        }
    written = {(column, verb): told or [] for column, verb, told in rows}
    kept = {key for key, told in written.items() if key[0].partition(".")[2] in told[::3]}
    assert {column for column, _ in written.keys() - kept} == NOBODY_S | AHEAD | OTHERWISE.keys()
    assert set(OTHERWISE.values()) <= guards
    assert len(kept) > 20
