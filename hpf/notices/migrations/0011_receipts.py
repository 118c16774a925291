from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0010_delivery_template")]
    operations = [
        migrations.CreateModel(
            name="GatewayReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gateway", models.TextField()),
                ("gateway_id", models.TextField()),
                ("delivered", models.BooleanField()),
                ("reason", models.TextField()),
                ("came_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["gateway", "gateway_id"], name="notices_gatewayreceipt_of")],
            },
        ),
    ]
