"""The outbox as a gateway needs it. What it held were login codes, worthless by now: the table is made anew."""

import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models

import hpf.storage.fields


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.DeleteModel("SmsMessage"),
        migrations.CreateModel(
            name="SmsMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mobile", hpf.storage.fields.EncryptedField(purpose="mobile")),
                ("mobile_digest", models.BinaryField()),
                ("template", models.TextField()),
                ("version", models.IntegerField(default=1)),
                ("text", hpf.storage.fields.EncryptedField(purpose="sms_text")),
                ("values", hpf.storage.fields.EncryptedField(purpose="sms_values")),
                ("segments", models.SmallIntegerField(default=1)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "待发送"),
                            ("sending", "发送中"),
                            ("sent", "已发送"),
                            ("delivered", "已送达"),
                            ("failed", "发送失败"),
                            ("expired", "已过期未发"),
                            ("unclear", "是否发出不明"),
                        ],
                        default="waiting",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("attempts", models.SmallIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
                ("gateway", models.TextField(default="")),
                ("gateway_id", models.TextField(default="")),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.db.models.expressions.ExpressionWrapper(
                            models.Q(("valid_until", None)), output_field=models.BooleanField()
                        ),
                        models.F("id"),
                        condition=models.Q(("state", "waiting")),
                        name="notices_sms_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["taken_at"], name="notices_sms_sending"
                    ),
                    models.Index(
                        condition=models.Q(("gateway_id", ""), _negated=True),
                        fields=["gateway_id"],
                        name="notices_sms_gateway_id",
                    ),
                    models.Index(fields=["state", "id"], name="notices_sms_state_38dcfb_idx"),
                ],
            },
        ),
    ]
