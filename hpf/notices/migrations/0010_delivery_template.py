from django.db import migrations, models

FILL = """
UPDATE notices_delivery d SET template = m.template FROM notices_message m
WHERE m.id = d.message_id AND d.way IN ('inbox', 'prompt', 'page')
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0009_shown_until")]
    operations = [
        migrations.AddField("delivery", "template", models.TextField(default="", db_default="")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
