"""The one row of limits, with the values that the design settled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hall_access", "0001_initial")]
    operations = [migrations.RunSQL("INSERT INTO hall_access_limits DEFAULT VALUES", migrations.RunSQL.noop)]
