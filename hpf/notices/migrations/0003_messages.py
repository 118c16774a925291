"""Messages and their deliveries. The outbox holds mails too: it is made anew, before anything was sent from it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import hpf.storage.fields


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_sending"),
        ("registry", "0008_handler_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.TextField(
                        choices=[
                            ("page", "服务页面展示"),
                            ("announcement", "网页公告"),
                            ("prompt", "登录提示"),
                            ("inbox", "站内消息"),
                            ("sms", "手机短信"),
                            ("mail", "电子邮件"),
                            ("letter", "信函"),
                        ]
                    ),
                ),
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
                            ("unreachable", "没有地址"),
                            ("unread", "未读"),
                            ("read", "已读"),
                            ("unconfirmed", "待确认"),
                            ("confirmed", "已确认"),
                            ("shown", "展示中"),
                            ("unprinted", "待打印"),
                            ("printed", "已打印"),
                        ]
                    ),
                ),
                ("important", models.BooleanField()),
                ("title", models.TextField(default="")),
                ("text", models.TextField(default="")),
                ("sent_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.TextField(default="")),
                ("employer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registry.employer")),
                (
                    "handler",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="registry.handler"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("template", models.TextField()),
                ("version", models.IntegerField()),
                ("title", models.TextField()),
                ("text", models.TextField()),
                ("important", models.BooleanField()),
                (
                    "ways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(
                            choices=[
                                ("page", "服务页面展示"),
                                ("announcement", "网页公告"),
                                ("prompt", "登录提示"),
                                ("inbox", "站内消息"),
                                ("sms", "手机短信"),
                                ("mail", "电子邮件"),
                                ("letter", "信函"),
                            ]
                        ),
                        size=None,
                    ),
                ),
                ("audience", models.TextField()),
                ("sender", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("business_day", models.DateField()),
                ("digest", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.TextField(
                        choices=[
                            ("page", "服务页面展示"),
                            ("announcement", "网页公告"),
                            ("prompt", "登录提示"),
                            ("inbox", "站内消息"),
                            ("sms", "手机短信"),
                            ("mail", "电子邮件"),
                            ("letter", "信函"),
                        ]
                    ),
                ),
                ("address", models.BinaryField()),
                ("address_digest", models.BinaryField(null=True)),
                ("template", models.TextField()),
                ("version", models.IntegerField()),
                ("subject", models.TextField(default="")),
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
                            ("unreachable", "没有地址"),
                            ("unread", "未读"),
                            ("read", "已读"),
                            ("unconfirmed", "待确认"),
                            ("confirmed", "已确认"),
                            ("shown", "展示中"),
                            ("unprinted", "待打印"),
                            ("printed", "已打印"),
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
        ),
        migrations.CreateModel(
            name="PublishedVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("number", models.IntegerField()),
                ("effective_on", models.DateField()),
                ("title", models.TextField()),
                ("sms", models.TextField()),
                ("text", models.TextField()),
                ("published_at", models.DateTimeField()),
                ("drafted_by", models.TextField()),
                ("approved_by", models.TextField()),
            ],
        ),
        migrations.DeleteModel(
            name="SmsMessage",
        ),
        migrations.AddField(
            model_name="delivery",
            name="message",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="notices.message"),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="delivery",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="notices.delivery"),
        ),
        migrations.AddIndex(
            model_name="publishedversion",
            index=models.Index(fields=["code", "-effective_on"], name="notices_version_on"),
        ),
        migrations.AddConstraint(
            model_name="publishedversion",
            constraint=models.UniqueConstraint(fields=("code", "number"), name="notices_version_number"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["employer", "way", "-id"], name="notices_delivery_of"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ("unread", "unconfirmed"))),
                fields=["employer", "way"],
                name="notices_delivery_open",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["way", "state", "id"], name="notices_delivery_state"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                models.F("way"),
                models.ExpressionWrapper(models.Q(("valid_until", None)), output_field=models.BooleanField()),
                models.F("id"),
                condition=models.Q(("state", "waiting")),
                name="notices_outbox_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state", "sending")), fields=["taken_at"], name="notices_outbox_sending"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("gateway_id", ""), _negated=True),
                fields=["gateway_id"],
                name="notices_outbox_gateway_id",
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["created_at"], name="notices_outbox_created"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["state", "id"], name="notices_outbox_state"),
        ),
    ]
