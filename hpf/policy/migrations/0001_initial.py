"""Parameters by name, place and first day; and the calendar's one row."""

from django.db import migrations

TABLES = """
CREATE TABLE policy_parameter (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    place      text NOT NULL CONSTRAINT policy_parameter_place CHECK (place ~ '^[0-9]{6}$'),
    starts_on  date NOT NULL,
    ends_on    date CONSTRAINT policy_parameter_period CHECK (ends_on > starts_on),
    value      text NOT NULL,
    unit       text NOT NULL,
    source     text NOT NULL CONSTRAINT policy_parameter_source CHECK (source <> ''),
    checked    text NOT NULL,
    loaded_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT policy_parameter_once UNIQUE (name, place, starts_on)
);

CREATE TABLE policy_calendar (
    only_row    boolean PRIMARY KEY DEFAULT true CONSTRAINT policy_calendar_one_row CHECK (only_row),
    chosen_day  date
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(TABLES, "DROP TABLE policy_calendar; DROP TABLE policy_parameter")]
