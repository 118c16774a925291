"""Case numbers begin at ten digits, so that every payment reference has twelve."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE casework_case ALTER COLUMN number RESTART WITH 1000000001", migrations.RunSQL.noop
        )
    ]
