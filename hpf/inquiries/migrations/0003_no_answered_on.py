from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0002_late")]
    operations = [migrations.RemoveField("inquiry", "answered_on")]
