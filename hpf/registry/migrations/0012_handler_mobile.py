"""One mobile for one user of an employer. Who has two is told which: the program does not choose whose it is."""

from django.db import migrations, models

from hpf.storage.center import Unmigratable

_SHARED = """
SELECT e.name, string_agg(left(h.user_name, 4) || '****' || right(h.user_name, 2), '、' ORDER BY h.id)
FROM registry_handler h JOIN registry_employer e ON e.id = h.employer_id
WHERE h.active GROUP BY e.id, e.name, h.mobile_digest HAVING count(*) > 1 ORDER BY e.id
"""


def refuse_shared_mobiles(_, schema_editor) -> None:
    """Raises ``Unmigratable``, which names the users, masked, and says what to do."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_SHARED)
        found = "；".join(f"{employer}（{users}）" for employer, users in cursor.fetchall())
    if found:
        raise Unmigratable(
            f"同一单位的用户登记了同一手机号，不能升级：{found}。请先用升级前的版本在柜面为其中一人变更手机或终止使用，再升级 / "
            f"users of one employer have the same mobile, so this center cannot be upgraded: {found}; change the mobile "
            "of one of them, or end his use, at the counter of the version before, then upgrade"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0011_index_once"),
    ]

    operations = [
        migrations.RunPython(refuse_shared_mobiles, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="handler",
            constraint=models.UniqueConstraint(
                condition=models.Q(("active", True)),
                fields=("employer", "mobile_digest"),
                name="registry_handler_mobile",
            ),
        ),
    ]
