from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0001_initial")]
    operations = [
        migrations.AddField("turn", "late", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(
            "UPDATE inquiries_turn t SET late = true FROM inquiries_inquiry i"
            " WHERE t.inquiry_id = i.id AND t.kind = 'answered' AND i.answered_on > i.due_on"
            " AND t.id = (SELECT max(id) FROM inquiries_turn WHERE inquiry_id = i.id AND kind = 'answered')",
            migrations.RunSQL.noop,
        ),
    ]
