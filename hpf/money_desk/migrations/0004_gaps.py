"""What both persons read of a gap, as the database compares it. What waits from before is handed in anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("money_desk", "0003_handed_in"),
        ("treasury", "0009_confirmed_gaps"),
    ]

    operations = [
        migrations.AddField(
            model_name="handedin",
            name="gaps",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
