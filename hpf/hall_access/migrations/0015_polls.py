from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("hall_access", "0014_agents"),
    ]

    operations = [
        # It takes another argument now: guards are laid anew after the migrations.
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS hall_access_principal(bytea, timestamptz, date)", migrations.RunSQL.noop
        ),
    ]
