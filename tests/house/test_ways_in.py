"""Whatever lets a handler in ends with him: no table that is keyed by a handler is forgotten."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings

# Tables that name a handler and outlive his access, because they are evidence of it.
KEPT = {
    "agreement_agreementacceptance": "who accepted which version",
    "hall_access_handlerchange": "who followed whom",
    "hall_access_termination": "whose access ended with the service",
    "inquiries_inquiry": "who asked the center what",
    "messaging_emailproof": "codes that confirm a mail address: nothing without the login they were sent for",
    "notices_delivery": "what was told to whom: a code in it is dead with its login",
    "publications_acknowledgement": "who has read what was important",
    "hall_access_look": "digests of what was looked up, counted for a day; they open nothing",
    "hall_access_tally": "how many records were looked up: a stop outlives the login",
    "hall_access_pastpassword": "hashes that open nothing: a password is compared with them, nobody with it",
}


def test_every_table_that_is_keyed_by_a_handler_ends_with_him_or_is_evidence(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        keyed = superuser.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns c WHERE table_schema = %(schema)s"
            " AND (column_name LIKE '%%handler_id' OR column_name = 'principal_id')",
            {"schema": settings.CENTER},
        ).fetchall()
        hanging = superuser.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = %s::regnamespace",
            [settings.CENTER],
        ).fetchall()
        (ending,) = superuser.execute(
            "SELECT string_agg(prosrc, ' ') FROM pg_proc"
            " WHERE proname IN ('hall_access_end_handler', 'hall_access_cut', 'hall_access_end_under_way')"
        ).fetchone()
    tables = {name for (name,) in keyed} - KEPT.keys()
    tables |= {child for child, parent in hanging if parent in tables}
    assert {"hall_access_websession", "hall_access_challenge", "hall_access_code"} <= tables
    assert {table for table in tables if not re.search(rf"\b{table}\b", ending)} == set()


def test_what_is_kept_is_there(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        rows = superuser.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s)", [list(KEPT)]).fetchall()
    assert {name for (name,) in rows} == KEPT.keys()
