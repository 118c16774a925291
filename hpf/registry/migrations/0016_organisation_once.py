"""A body is registered once: under its 统一社会信用代码, or under the 组织机构代码 that is in it."""

from django.db import migrations, models
from django.db.models.functions import Left, Right

# Those who came in twice before this stay as they are: nobody but the center can say what becomes of the second one.
INDEX = """
DO $$
DECLARE
    twice bigint[];
BEGIN
    SELECT array_agg(id) INTO twice FROM (
        SELECT id, row_number() OVER (PARTITION BY right(left(credit_code, 17), 9) ORDER BY id) AS place
        FROM registry_employer) numbered
    WHERE place > 1;
    EXECUTE 'CREATE UNIQUE INDEX registry_employer_organisation ON registry_employer (right(left(credit_code, 17), 9))'
        || COALESCE(' WHERE id <> ALL (' || quote_literal(twice) || '::bigint[])', '');
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0015_binding_clauses"),
    ]

    operations = [
        migrations.RunSQL(
            INDEX,
            "DROP INDEX registry_employer_organisation",
            state_operations=[
                migrations.AddConstraint(
                    model_name="employer",
                    constraint=models.UniqueConstraint(
                        Right(Left("credit_code", 17), 9),
                        name="registry_employer_organisation",
                    ),
                ),
            ],
        ),
    ]
