"""Functions that work with their owner's rights are counted. Something new without an entry fails."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from hpf.storage import role_name

# What the portal may call that works with its owner's rights: each gives a verdict, a name or a receipt, never a table.
FUNCTIONS_OF_THE_PORTAL = {
    "employer_registration_ask",
    "employer_registration_prefill",
    "employer_registration_read",
    "employer_registration_try",
    "evidence_record",
    "hall_access_ask_reset",
    "hall_access_challenge",
    "hall_access_challenged",
    "hall_access_change_password",
    "hall_access_charge",
    "hall_access_choices",
    "hall_access_choose",
    "hall_access_end_session",
    "hall_access_end_own",
    "hall_access_farewell",
    "hall_access_finish",
    "hall_access_forgive",
    "hall_access_handler",
    "hall_access_in_two_steps",
    "hall_access_issue_code",
    "hall_access_new_place",
    "hall_access_own_equipment",
    "hall_access_password_profile",
    "hall_access_principal",
    "hall_access_proof_terms",
    "hall_access_prove",
    "hall_access_recover",
    "hall_access_sessions",
    "hall_access_take_proof",
    "handler_may_act",
    "procrastinate_defer_jobs_v1",
    "registry_standing",
}


def test_functions_with_the_owner_s_rights_are_counted_and_stay_in_the_schema(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        rows = superuser.execute(
            "SELECT proname, proconfig, has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc"
            " WHERE pronamespace = %s::regnamespace AND prosecdef AND prorettype <> 'trigger'::regtype",
            [role_name(settings.CENTER, "portal"), settings.CENTER],
        ).fetchall()
    for name, config, _ in rows:
        assert (config or [""])[0].split(", ")[0] == f"search_path={settings.CENTER}", name
    assert {name for name, _, callable_ in rows if callable_} == FUNCTIONS_OF_THE_PORTAL
