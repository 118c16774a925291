"""Refused logins are counted by address whenever the administrator of security opens his first page."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX evidence_event_refused_login ON evidence_event (recorded_at) WHERE act = 'refuse_login'",
            "DROP INDEX evidence_event_refused_login",
        )
    ]
