"""The message by which employers were told of something important; of what there was before nobody kept it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0004_reviewed_with"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="message_no",
            field=models.BigIntegerField(null=True),
        ),
    ]
