from django.db import migrations


class Migration(migrations.Migration):
    """Whether somebody has to choose is asked for a day now: the function that knew none goes."""

    dependencies = [
        ("hall_access", "0016_index_once"),
    ]

    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS hall_access_choice(bigint, bigint, bigint)", migrations.RunSQL.noop),
    ]
