"""A published wording names the draft that was approved: the database looks it up."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0011_receipts"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedversion",
            name="draft_no",
            field=models.BigIntegerField(null=True, unique=True),
        ),
    ]
