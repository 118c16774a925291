"""A letter is worth sending until what it says is over, and one that is not sent any more says why."""

from __future__ import annotations

from django.db import migrations, models

FILL = """
UPDATE notices_delivery d SET shown_until = beside.shown_until
FROM (
    SELECT message_id, employer_id, max(shown_until) AS shown_until FROM notices_delivery
    WHERE way IN ('page', 'prompt') GROUP BY message_id, employer_id
) beside
WHERE d.way = 'letter' AND (d.message_id, d.employer_id) = (beside.message_id, beside.employer_id)
"""
STATES = [
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
    ("posted", "已交寄"),
    ("taken_out", "不再寄送"),
]


class Migration(migrations.Migration):
    dependencies = [("notices", "0012_draft_no")]
    operations = [
        migrations.AddField("delivery", "reason", models.TextField(db_default="")),
        migrations.AlterField("delivery", "state", models.TextField(choices=STATES)),
        migrations.AlterField("outboxmessage", "state", models.TextField(choices=STATES, default="waiting")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
