"""A statement may be handed in behind one that still waits: which one it continues."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("money_desk", "0004_gaps")]

    operations = [
        migrations.AddField(model_name="handedin", name="follows_id", field=models.BigIntegerField(null=True)),
    ]
