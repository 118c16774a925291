"""Employers are told of something important once it is out. Of what there was before they were told on approval."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0002_index_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="told_at",
            field=models.DateTimeField(db_default=Now(), null=True),
        ),
        migrations.AlterField(
            model_name="version",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
    ]
