"""Who may touch which table. Each app declares its tables in ``access.py``; applied after every migration.

Three kinds of table:

* ``employer_owned`` — row level security: the portal sees the rows of the employer that its transaction names and no
  others (plain equality, nothing else: an OR makes every query slow); staff see all.
* ``shared`` — no owner (parameters, branches, notices): the portal may read.
* ``staff_only`` — nothing for the portal, except through a SECURITY DEFINER function that gives a verdict only.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.backends.utils import CursorWrapper

from hpf.storage.transactions import role_name

READ = ("SELECT",)
APPEND = ("SELECT", "INSERT")
WRITE = ("SELECT", "INSERT", "UPDATE")
FULL = ("SELECT", "INSERT", "UPDATE", "DELETE")

_EMPLOYER = "NULLIF(current_setting('hpf.employer', true), '')::bigint"


@dataclass(frozen=True, slots=True)
class Access:
    """The rights on one table. Privileges are written as in GRANT: ``UPDATE (state, read_at)`` is one of them."""

    portal: tuple[str, ...]
    staff: tuple[str, ...]
    owner_column: str | None = None


def employer_owned(
    portal: tuple[str, ...] = READ, staff: tuple[str, ...] = WRITE, column: str = "employer_id"
) -> Access:
    """A table whose rows each belong to one employer, named by ``column``."""
    return Access(portal, staff, column)


def shared(portal: tuple[str, ...] = READ, staff: tuple[str, ...] = WRITE) -> Access:
    """A table without an owner, which everyone may read."""
    return Access(portal, staff)


def staff_only(staff: tuple[str, ...] = WRITE) -> Access:
    """A table that the portal never touches."""
    return Access((), staff)


# Tables that libraries bring. The worker runs the queue as the staff role; the portal defers through a function.
LIBRARY_TABLES: dict[str, Access] = {
    "django_migrations": Access((), READ),
    "procrastinate_jobs": Access((), FULL),
    "procrastinate_periodic_defers": Access((), FULL),
    "procrastinate_events": Access((), FULL),
    "procrastinate_workers": Access((), FULL),
}


def declared_tables() -> dict[str, Access]:
    """Every table of every app with its declaration. Raises ``ValueError`` if a table is declared twice."""
    tables = dict(LIBRARY_TABLES)
    for config in apps.get_app_configs():
        module = f"{config.name}.access"
        if find_spec(module) is None:
            continue
        for table, access in import_module(module).TABLES.items():
            if table in tables:
                raise ValueError(f"{table} is declared twice")
            tables[table] = access
    return tables


class ForeignTables(Exception):
    """Somebody else made tables in a center's schema. The message is one line, Chinese / English, and names them."""


def refuse_foreign_tables(cursor: CursorWrapper, center: str) -> None:
    """Raises ``ForeignTables`` if the schema holds anything that its owner did not make: the owner may not lay rights
    on it, so that nobody could say who sees it."""
    cursor.execute(
        """
        SELECT relname, pg_get_userbyid(relowner) FROM pg_class
        WHERE relnamespace = %s::regnamespace AND relkind = ANY('{r,p,v,m,f,S}') AND pg_get_userbyid(relowner) <> %s
        ORDER BY relname
        """,
        [center, role_name(center, "owner")],
    )
    if found := cursor.fetchall():
        names = ", ".join(f"{center}.{table} ({maker})" for table, maker in found)
        raise ForeignTables(
            f"中心的模式里有别人建立的表：{names}，请移走后再启动 / "
            f"somebody else made tables in the center's schema: {names}; move them out, then start again"
        )


def apply(cursor: CursorWrapper, center: str) -> None:
    """Bring rights and policies of a center's schema to what is declared. Run by its owner; safe to repeat."""
    portal, staff = role_name(center, "portal"), role_name(center, "staff")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {center} FROM {portal}, {staff}")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {center} TO {portal}, {staff}")
    for table, access in declared_tables().items():
        for role, privileges in ((portal, access.portal), (staff, access.staff)):
            if privileges:
                cursor.execute(f"GRANT {', '.join(privileges)} ON {center}.{table} TO {role}")
        if access.owner_column:
            _protect(cursor, f"{center}.{table}", access.owner_column, portal, staff)


def _protect(cursor: CursorWrapper, table: str, column: str, portal: str, staff: str) -> None:
    own = f"{column} = {_EMPLOYER}"
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS own_employer ON {table}")
    cursor.execute(f"DROP POLICY IF EXISTS all_employers ON {table}")
    cursor.execute(f"CREATE POLICY own_employer ON {table} TO {portal} USING ({own}) WITH CHECK ({own})")
    cursor.execute(f"CREATE POLICY all_employers ON {table} TO {staff} USING (true) WITH CHECK (true)")
