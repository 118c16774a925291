from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0011_index_once"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="handler",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("employer", "mobile_digest"),
                name="registry_handler_mobile",
            ),
        ),
    ]
