from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever of the staff works with an authenticator already goes on with it; whatever is enrolled from now on waits."""

    dependencies = [
        ("registry", "0014_password_by"),
        ("hall_access", "0021_dead_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="authenticator",
            name="check_number",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="authenticator",
            name="password_by",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("authenticator_id", models.BigIntegerField(unique=True)),
                ("staff_id", models.BigIntegerField()),
                ("founding", models.BooleanField(default=False)),
                ("released_by", models.BigIntegerField(null=True)),
                ("released_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("founding", True)), fields=("founding",), name="hall_access_release_first"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("released_by", models.F("staff_id")), _negated=True),
                        name="hall_access_release_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO hall_access_release (authenticator_id, staff_id, founding, released_at)"
            " SELECT id, principal_id, false, now() FROM hall_access_authenticator WHERE kind = 'staff'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS hall_access_principal(bytea, timestamptz, date, boolean)",
            migrations.RunSQL.noop,
        ),
    ]
