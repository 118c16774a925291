"""Each set of columns is indexed once: a foreign key whose column begins another index needs none of its own."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access_restriction", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="restriction",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="access_restriction.restriction"
            ),
        ),
    ]
