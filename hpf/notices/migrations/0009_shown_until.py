from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0008_submissions")]
    operations = [migrations.AddField("delivery", "shown_until", models.DateTimeField(null=True))]
