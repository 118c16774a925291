"""The foreign keys of members and accounts are asked once a statement, by the triggers that ``access.py`` names (ADR 17)."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0012_handler_mobile"),
    ]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="employer",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="registry.employer"
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="member",
            field=models.OneToOneField(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="registry.member"
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="number",
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name="account",
            name="unit_account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="registry.unitaccount",
            ),
        ),
        migrations.AlterField(
            model_name="member",
            name="employer",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="registry.employer"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("number",), name="registry_account_number"),
        ),
    ]
