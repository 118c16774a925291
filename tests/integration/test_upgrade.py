"""A center whose rows do not fit the new version is told in words, before anything is changed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from psycopg.errors import UniqueViolation

from hpf.storage.center import Unmigratable, owner_connection
from tests.integration.browser import lay_hall, newcomer
from tests.integration.granting import granted
from tests.integration.hall import quick_passwords

ORGANISATION_ONCE = import_module("hpf.registry.migrations.0016_organisation_once")
ONE_MOBILE = import_module("hpf.registry.migrations.0012_handler_mobile")


def upgrade(center: Any) -> None:
    with owner_connection(settings.CENTER, center.admin_url) as alias, connections[alias].schema_editor() as editor:
        ONE_MOBILE.refuse_shared_mobiles(None, editor)


def test_two_users_of_one_employer_with_one_mobile_are_named_and_what_to_do_is_said(center: Any) -> None:
    with quick_passwords():
        lay_hall()
        known = newcomer()
        granted(known)
    with center.connect("superuser") as superuser:
        superuser.execute("SET session_replication_role = replica; DROP INDEX registry_handler_mobile")
        upgrade(center)
        superuser.execute(
            "UPDATE registry_handler SET mobile_digest = (SELECT mobile_digest FROM registry_handler WHERE id = %s)"
            " WHERE employer_id = %s",
            [known.handler_id, known.employer_id],
        )
    with pytest.raises(Unmigratable) as told:
        upgrade(center)
    said = str(told.value)
    assert f"{known.user_name[:4]}****{known.user_name[-2:]}" in said
    assert known.user_name not in said
    assert "变更手机或终止使用，再升级" in said


def test_who_was_registered_by_both_codes_stays_and_nobody_follows(center: Any) -> None:
    with quick_passwords():
        lay_hall()
        for _ in range(3):
            newcomer()
    as_new = "UPDATE registry_employer SET credit_code = %s WHERE id = %s"
    with center.connect("superuser") as superuser:
        superuser.execute("DROP INDEX registry_employer_organisation")
        ids = [one for (one,) in superuser.execute("SELECT id FROM registry_employer ORDER BY id DESC LIMIT 3")]
        superuser.execute(as_new, ["MB000777X", ids[2]])
        superuser.execute(as_new, ["91511102MB000777X1", ids[1]])
        superuser.execute(ORGANISATION_ONCE.INDEX)
        superuser.execute("UPDATE registry_employer SET name = name || '厂' WHERE id = %s", [ids[1]])
        with pytest.raises(UniqueViolation, match="registry_employer_organisation"):
            superuser.execute(as_new, ["92511102MB000777X2", ids[0]])
