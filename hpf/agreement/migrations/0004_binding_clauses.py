from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreement", "0003_access_grants"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreementdraft",
            name="binding",
            field=ArrayField(base_field=models.TextField(), null=True),
        ),
    ]
