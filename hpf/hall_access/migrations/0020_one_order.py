from django.db import migrations


class Migration(migrations.Migration):
    """Whoever opens or ends sessions holds their owner now: the lock of their own goes."""

    dependencies = [
        ("hall_access", "0019_authenticator_changed"),
    ]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS hall_access_hold_sessions(text, bigint)", migrations.RunSQL.noop),
    ]
