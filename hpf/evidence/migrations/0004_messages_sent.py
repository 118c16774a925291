"""What somebody has written to single employers on a day is counted at each message."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_taken_off")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX evidence_event_message_sent ON evidence_event (business_day, actor_id) WHERE act = 'send_message'",
            "DROP INDEX evidence_event_message_sent",
        )
    ]
