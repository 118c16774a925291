"""Every reference without a foreign key constraint is asked once a statement, by a trigger laid from its app's list."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field

from hpf.storage.access import declared_references


def test_every_foreign_key_without_a_constraint_is_declared() -> None:
    bare = {
        (model._meta.db_table, field.column): (field.related_model._meta.db_table, field.target_field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, Field) and field.remote_field and not field.db_constraint
    }
    declared = {
        (table, column): target
        for table, columns in declared_references().items()
        for column, target in columns.items()
    }
    of_models = {key: target for key, target in declared.items() if key[0] in {table for table, _ in bare}}
    assert bare == of_models
    lines = {("treasury_line", f"{name}_id") for name in ("statement", "entry", "assigned_entry", "offsets")}
    assert set(declared) - set(bare) == {("ledger_account", "subject"), *lines}


def test_each_declared_reference_is_asked_of_what_is_inserted_and_changed(shared_center: Any) -> None:
    with shared_center.connect("superuser") as superuser:
        rows = superuser.execute(
            r"""
            SELECT tgrelid::regclass::text, tgname, string_to_array(encode(tgargs, 'escape'), '\000')
            FROM pg_trigger WHERE tgfoid = 'storage_references'::regproc
            """
        ).fetchall()
    asked: dict[str, set[tuple[str, str]]] = {"references_insert": set(), "references_update": set()}
    for table, name, told in rows:
        asked[name] |= {(table.removeprefix(f"{settings.CENTER}."), column) for column in told[:-1:3]}
    declared = {(table, column) for table, columns in declared_references().items() for column in columns}
    assert asked["references_insert"] == declared
    assert asked["references_update"] == {
        ("registry_member", "employer_id"),
        ("registry_account", "member_id"),
        ("registry_account", "employer_id"),
        ("registry_account", "unit_account_id"),
        ("treasury_line", "assigned_entry_id"),
        ("treasury_line", "offsets_id"),
    }
