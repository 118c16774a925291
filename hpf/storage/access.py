"""Who may touch which table. Each app declares its tables in ``access.py``; applied after every migration.

An app also names the columns by which other tables point to its rows (``OWNERS``): what the portal writes beside its
employer points to rows of the same employer and to nobody else's (ADR 16). For tables that are filled by the hundred
thousand it names the foreign keys (``REFERENCES``): they are asked once a statement, not once a row (ADR 17).

Three kinds of table:

* ``employer_owned`` — row level security: the portal sees the rows of the employer that its transaction names and no
  others (plain equality, nothing else: an OR makes every query slow); staff see all.
* ``shared`` — no owner (parameters, branches, notices): the portal may read.
* ``staff_only`` — nothing for the portal, except through a SECURITY DEFINER function that gives a verdict only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

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
    """The rights on one table. Privileges are written as in GRANT: ``UPDATE (state, read_at)`` is one of them.

    ``ahead``: columns that name what is made later in the same transaction, and so is nobody's yet. ``seen``: which of
    its own rows the portal sees, where it is not all of them.
    """

    portal: tuple[str, ...]
    staff: tuple[str, ...]
    owner_column: str | None = None
    ahead: tuple[str, ...] = ()
    seen: str = "true"


def employer_owned(
    portal: tuple[str, ...] = READ,
    staff: tuple[str, ...] = WRITE,
    column: str = "employer_id",
    ahead: tuple[str, ...] = (),
    seen: str = "true",
) -> Access:
    """A table whose rows each belong to one employer, named by ``column``."""
    return Access(portal, staff, column, ahead, seen)


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
    for module in _access_modules():
        for table, access in module.TABLES.items():
            if table in tables:
                raise ValueError(f"{table} is declared twice")
            tables[table] = access
    return tables


def declared_owners() -> dict[str, tuple[str, str]]:
    """Columns that point to rows of one employer, whatever table they stand in: to which table, by which key."""
    return {column: owner for module in _access_modules() for column, owner in getattr(module, "OWNERS", {}).items()}


def declared_references() -> dict[str, dict[str, tuple[str, str]]]:
    """The foreign keys that are asked once a statement: by table and column, to which table, by which key."""
    return {table: keys for module in _access_modules() for table, keys in getattr(module, "REFERENCES", {}).items()}


def _access_modules() -> Iterator[ModuleType]:
    """The ``access.py`` of every app that has one."""
    for config in apps.get_app_configs():
        name = f"{config.name}.access"
        if find_spec(name) is not None:
            yield import_module(name)


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
            _protect(cursor, f"{center}.{table}", access, portal, staff)
    _keep_references(cursor, center)
    _keep_references_own(cursor, center, portal)


def _protect(cursor: CursorWrapper, table: str, access: Access, portal: str, staff: str) -> None:
    own = f"{access.owner_column} = {_EMPLOYER}"
    seen = own if access.seen == "true" else f"{own} AND {access.seen}"
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS own_employer ON {table}")
    cursor.execute(f"DROP POLICY IF EXISTS all_employers ON {table}")
    cursor.execute(f"CREATE POLICY own_employer ON {table} TO {portal} USING ({seen}) WITH CHECK ({own})")
    cursor.execute(f"CREATE POLICY all_employers ON {table} TO {staff} USING (true) WITH CHECK (true)")


def _keep_references_own(cursor: CursorWrapper, center: str, portal: str) -> None:
    """Lay a trigger on every table where the portal may write a column that points to rows of one employer."""
    owners, tables = declared_owners(), declared_tables()
    cursor.execute(
        """
        SELECT t.relname, a.attname, has_column_privilege(%(portal)s, t.oid, a.attnum, 'INSERT'),
               has_column_privilege(%(portal)s, t.oid, a.attnum, 'UPDATE')
        FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped
        WHERE t.relnamespace = %(center)s::regnamespace AND t.relname = ANY(%(tables)s) AND a.attname = ANY(%(columns)s)
        ORDER BY t.relname, a.attnum
        """,
        {
            "portal": portal,
            "center": center,
            "tables": [name for name, access in tables.items() if access.owner_column == "employer_id"],
            "columns": list(owners),
        },
    )
    written = cursor.fetchall()
    for table in {table for table, *_ in written}:
        for at, verb in ((2, "INSERT"), (3, "UPDATE")):
            columns = [row[1] for row in written if row[0] == table and row[at] and row[1] not in tables[table].ahead]
            told = {column: owners[column] for column in columns}
            _lay_set_trigger(cursor, center, table, verb, "own_references", told)


def _keep_references(cursor: CursorWrapper, center: str) -> None:
    """Lay a trigger on every table that has foreign keys asked once a statement."""
    for table, columns in declared_references().items():
        for verb in ("INSERT", "UPDATE"):
            changed = columns if verb == "INSERT" else _changeable(cursor, center, table, columns)
            _lay_set_trigger(cursor, center, table, verb, "references", changed)


def _changeable(
    cursor: CursorWrapper, center: str, table: str, columns: dict[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """The columns that some role may change."""
    roles = [role_name(center, role) for role in ("portal", "staff")]
    cursor.execute(
        "SELECT name FROM unnest(%s::text[]) name"
        " WHERE EXISTS (SELECT FROM unnest(%s::text[]) r WHERE has_column_privilege(r, %s, name, 'UPDATE'))",
        [list(columns), roles, f"{center}.{table}"],
    )
    changeable = {name for (name,) in cursor.fetchall()}
    return {name: target for name, target in columns.items() if name in changeable}


def _lay_set_trigger(
    cursor: CursorWrapper, center: str, table: str, verb: str, rule: str, columns: dict[str, tuple[str, str]]
) -> None:
    """Lay ``storage_<rule>`` after a verb, told each column with its table and key; or none if there is no column."""
    name = f"{rule}_{verb.lower()}"
    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {center}.{table}")
    if columns:
        told = ", ".join(f"'{part}'" for column, target in columns.items() for part in (column, *target))
        cursor.execute(
            f"CREATE TRIGGER {name} AFTER {verb} ON {center}.{table} REFERENCING NEW TABLE AS written"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {center}.storage_{rule}({told})"
        )
