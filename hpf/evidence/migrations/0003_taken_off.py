"""The scans that were taken off are looked for every night."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_refused_logins")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX evidence_event_taken_off ON evidence_event (business_day) WHERE act = 'take_scan_off'",
            "DROP INDEX evidence_event_taken_off",
        )
    ]
