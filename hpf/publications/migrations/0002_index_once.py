"""Each set of columns is indexed once: a foreign key whose column begins another index needs none of its own."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publications", "0001_initial"),
        ("registry", "0011_index_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="acknowledgement",
            name="handler",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registry.handler"),
        ),
        migrations.AlterField(
            model_name="version",
            name="publication",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="publications.publication"
            ),
        ),
    ]
