"""Each set of columns is indexed once: a foreign key whose column begins another index needs none of its own."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hall_access", "0015_polls"),
        ("registry", "0011_index_once"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="termination",
            name="hall_access_handler_337b2b_idx",
        ),
        migrations.AlterField(
            model_name="handlerchange",
            name="new_handler",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.handler"
            ),
        ),
    ]
