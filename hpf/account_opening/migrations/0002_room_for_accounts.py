"""Room on each page for the rows' second version: opening writes the account into every row, and touches no index."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("account_opening", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE account_opening_rosterrow SET (fillfactor = 45)",
            "ALTER TABLE account_opening_rosterrow RESET (fillfactor)",
        ),
    ]
