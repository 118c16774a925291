from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0014_password_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreementversion",
            name="binding",
            field=ArrayField(base_field=models.TextField(), null=True),
        ),
    ]
