import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("agreement", "0001_initial"), ("registry", "0005_agreement_documents")]

    operations = [
        migrations.CreateModel(
            name="AgreementDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.TextField(
                        choices=[
                            ("agreement", "服务协议"),
                            ("direct_debit", "委托扣款专项规则"),
                            ("program_access", "程序接入专项规则"),
                            ("two_step", "单位内部复核专项规则"),
                        ]
                    ),
                ),
                ("number", models.TextField()),
                ("effective_on", models.DateField()),
                ("summary", models.TextField()),
                ("text", models.TextField()),
                ("digest", models.BinaryField()),
                ("drafted_by", models.TextField()),
                ("drafted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(model_name="agreementacceptance", name="handler_name", field=models.TextField(null=True)),
        migrations.RunSQL(
            "UPDATE agreement_agreementacceptance a SET handler_name = h.name"
            " FROM registry_handler h WHERE h.id = a.handler_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(model_name="agreementacceptance", name="handler_name", field=models.TextField()),
        migrations.AddField(model_name="agreementacceptance", name="ended_on", field=models.DateField(null=True)),
        migrations.RemoveConstraint(model_name="agreementacceptance", name="agreement_acceptance_once"),
        migrations.AddConstraint(
            model_name="agreementacceptance",
            constraint=models.UniqueConstraint(
                condition=Q(ended_on=None), fields=("handler", "version"), name="agreement_acceptance_once"
            ),
        ),
    ]
