from django.db import migrations, models


class Migration(migrations.Migration):
    """A recovery keeps a code that is sent to nobody; issuing one asks for the address in clear, to know who was in."""

    dependencies = [
        ("hall_access", "0020_one_order"),
    ]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS hall_access_issue_code(bytea, bytea, bytea, timestamptz)", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="code",
            name="mobile_digest",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="challenge",
            index=models.Index(
                condition=models.Q(("stand_in", None), _negated=True), fields=["stand_in"], name="hall_access_typed"
            ),
        ),
    ]
