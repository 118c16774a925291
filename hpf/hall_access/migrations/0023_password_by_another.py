from django.db import migrations, models


class Migration(migrations.Migration):
    """What was changed before now is taken as it stands: the rule begins with the next change."""

    dependencies = [
        ("hall_access", "0022_release"),
    ]

    operations = [
        migrations.AddField(
            model_name="handlerchange",
            name="changed_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="handlerchange",
            name="proved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL("UPDATE hall_access_handlerchange SET proved_at = changed_at", migrations.RunSQL.noop),
    ]
