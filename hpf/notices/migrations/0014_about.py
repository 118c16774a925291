"""What a message speaks of, so that a later word can take it off the pages and the login."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0013_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="about",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("about", ""), _negated=True), fields=["about"], name="notices_message_about"
            ),
        ),
    ]
