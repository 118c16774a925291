from django.db import migrations


class Migration(migrations.Migration):
    """Changes of the mobile alone, which were filed as changes of the handler, get the kind that is theirs."""

    dependencies = [
        ("casework", "0011_mobile_change"),
        ("hall_access", "0025_farewell_at_a_moment"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE casework_case SET kind = 'mobile_change' FROM hall_access_handlerchange c"
            " WHERE c.case_id = number AND c.kind = 'mobile'",
            "UPDATE casework_case SET kind = 'handler_change' WHERE kind = 'mobile_change'",
        ),
    ]
