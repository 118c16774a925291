from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_forgotten")]
    operations = [
        migrations.AddField("outboxmessage", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("outboxmessage", "submissions", ArrayField(models.DateTimeField(), default=list)),
        migrations.RunSQL(
            "UPDATE notices_outboxmessage SET submissions = ARRAY[taken_at] WHERE attempts > 0 AND taken_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex("outboxmessage", "notices_outbox_created"),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(fields=("taken_at",), name="notices_outbox_taken", condition=Q(way="sms")),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(fields=("settled_at",), name="notices_outbox_unanswered", condition=Q(state="sent")),
        ),
    ]
