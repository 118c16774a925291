"""A body has one application under way: under its 统一社会信用代码, or under the 组织机构代码 that is in it."""

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
        FROM employer_registration_application
        WHERE state IN ('accepted', 'under_review', 'returned')) numbered
    WHERE place > 1;
    EXECUTE 'CREATE UNIQUE INDEX employer_registration_organisation_under_way'
        || ' ON employer_registration_application (right(left(credit_code, 17), 9))'
        || format(' WHERE state IN (%L, %L, %L)', 'accepted', 'under_review', 'returned')
        || COALESCE(' AND id <> ALL (' || quote_literal(twice) || '::bigint[])', '');
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("employer_registration", "0003_scans"),
    ]

    operations = [
        migrations.RunSQL(
            INDEX,
            "DROP INDEX employer_registration_organisation_under_way",
            state_operations=[
                migrations.AddConstraint(
                    model_name="application",
                    constraint=models.UniqueConstraint(
                        Right(Left("credit_code", 17), 9),
                        condition=models.Q(state__in=("accepted", "under_review", "returned")),
                        name="employer_registration_organisation_under_way",
                    ),
                ),
            ],
        ),
    ]
