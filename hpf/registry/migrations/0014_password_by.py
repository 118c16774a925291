from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0013_references_by_set"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="password_by",
            field=models.BigIntegerField(null=True),
        ),
    ]
