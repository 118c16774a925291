"""By which door somebody handed over: at the server a command may be run in another one's name. Of those from before it is
not known."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0009_came_back"),
    ]

    operations = [
        migrations.RunSQL(
            """ALTER TABLE casework_review ADD COLUMN channel text NOT NULL DEFAULT '';
               CREATE INDEX casework_review_by_command ON casework_review (maker_id, id) WHERE channel = 'cli'""",
            "ALTER TABLE casework_review DROP COLUMN channel",
        ),
    ]
