from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_application")]

    operations = [
        migrations.AddField(
            model_name="agreementversion",
            name="document",
            field=models.TextField(
                choices=[
                    ("agreement", "服务协议"),
                    ("direct_debit", "委托扣款专项规则"),
                    ("program_access", "程序接入专项规则"),
                    ("two_step", "单位内部复核专项规则"),
                ],
                default="agreement",
            ),
        ),
        migrations.AddField(model_name="agreementversion", name="published_on", field=models.DateField(null=True)),
        migrations.RunSQL("UPDATE registry_agreementversion SET published_on = effective_on", migrations.RunSQL.noop),
        migrations.AlterField(model_name="agreementversion", name="published_on", field=models.DateField()),
        migrations.AddField(
            model_name="agreementversion", name="draft_id", field=models.BigIntegerField(null=True, unique=True)
        ),
        migrations.AlterField(model_name="agreementversion", name="number", field=models.TextField()),
        migrations.AlterField(model_name="agreementversion", name="effective_on", field=models.DateField()),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="registry_agreement_number"),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("document", "effective_on"), name="registry_agreement_day"),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=Q(effective_on__gte=F("published_on")), name="registry_agreement_not_backdated"
            ),
        ),
    ]
