"""What came back to its maker stands on his first page: found without reading what all others made."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0008_before_the_employer"),
    ]

    operations = [
        migrations.RunSQL(
            """CREATE INDEX casework_review_came_back ON casework_review (maker_id, decided_at)
               WHERE state IN ('returned', 'refused')""",
            "DROP INDEX casework_review_came_back",
        ),
    ]
