"""Each set of columns is indexed once: a foreign key whose column begins another index needs none of its own."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_branch_contact"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="member",
            name="registry_me_employe_c02ff2_idx",
        ),
        migrations.RemoveIndex(
            model_name="unitaccount",
            name="registry_un_employe_13e5f8_idx",
        ),
        migrations.AlterField(
            model_name="account",
            name="employer",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registry.employer"
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="unit_account",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registry.unitaccount"
            ),
        ),
    ]
