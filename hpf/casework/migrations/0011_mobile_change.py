from django.db import migrations, models

KINDS = [
    ("account_opening", "个人账户设立"),
    ("sealing", "封存"),
    ("remittance", "汇缴"),
    ("handler_change", "经办人变更"),
    ("mobile_change", "手机号码变更"),
    ("termination", "网厅终止"),
    ("access_grant", "办理权限"),
]


class Migration(migrations.Migration):
    """A change of the mobile alone is a kind of case of its own."""

    dependencies = [
        ("casework", "0010_by_which_door"),
    ]

    operations = [
        migrations.AlterField(model_name="case", name="kind", field=models.TextField(choices=KINDS)),
        migrations.AlterField(model_name="hold", name="kind", field=models.TextField(choices=KINDS)),
    ]
