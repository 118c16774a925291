from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hall_access", "0023_password_by_another"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="witnessed_by",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("witnessed_by__in", (models.F("staff_id"), models.F("released_by"))), _negated=True
                ),
                name="hall_access_release_witness",
            ),
        ),
    ]
