import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0008_handler_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("effective_on", models.DateField()),
                ("title", models.TextField()),
                ("sms", models.TextField()),
                ("text", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("submitted", "待复核"),
                            ("published", "已发布"),
                            ("returned", "已退回"),
                            ("refused", "不予通过"),
                        ],
                        default="submitted",
                    ),
                ),
                ("number", models.IntegerField(null=True)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MassMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("ways", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("submitted", "待复核"),
                            ("published", "已发布"),
                            ("returned", "已退回"),
                            ("refused", "不予通过"),
                        ],
                        default="submitted",
                    ),
                ),
                ("message_no", models.BigIntegerField(null=True)),
                ("made_by", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "branch",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="registry.branch"),
                ),
            ],
        ),
    ]
