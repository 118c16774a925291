from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_index_once")]
    operations = [
        migrations.AddField("outboxmessage", "digest", models.BinaryField(null=True)),
        migrations.AddField("outboxmessage", "forgotten_at", models.DateTimeField(null=True)),
    ]
