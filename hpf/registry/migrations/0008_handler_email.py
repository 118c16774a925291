from django.db import migrations

import hpf.storage.fields


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_password_age"),
    ]

    operations = [
        migrations.AddField(
            model_name="handler",
            name="email",
            field=hpf.storage.fields.EncryptedField(null=True, purpose="email"),
        ),
    ]
