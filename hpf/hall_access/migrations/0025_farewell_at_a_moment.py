from django.db import migrations


class Migration(migrations.Migration):
    """Why a session ended is asked for a moment now: one that rested too long is over before anybody notes it."""

    dependencies = [
        ("hall_access", "0024_witnessed_by"),
    ]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS hall_access_farewell(bytea)", migrations.RunSQL.noop),
    ]
