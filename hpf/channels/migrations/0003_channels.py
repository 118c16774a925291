"""Hours and single closures belong to a channel. What there was of the portal and the public pages together is parted;
back, it is put together again, and what only channels can say goes."""

from __future__ import annotations

from django.db import migrations, models

PART = """
ALTER TABLE channels_timetable DISABLE TRIGGER USER;
UPDATE channels_timetable SET channel = 'public' WHERE function = 'employer_registration';
ALTER TABLE channels_timetable ENABLE TRIGGER USER;
ALTER TABLE channels_closure DISABLE TRIGGER USER;
UPDATE channels_closure SET channels = array_append(channels, 'public') WHERE function = '' AND 'portal' = ANY (channels);
UPDATE channels_closure SET channels = '{public}' WHERE function = 'employer_registration';
ALTER TABLE channels_closure ENABLE TRIGGER USER;
"""
TOGETHER = """
ALTER TABLE channels_timetable DISABLE TRIGGER USER;
DELETE FROM channels_timetable
WHERE channel <> CASE function WHEN 'employer_registration' THEN 'public' ELSE 'portal' END;
ALTER TABLE channels_timetable ENABLE TRIGGER USER;
ALTER TABLE channels_closure DISABLE TRIGGER USER;
UPDATE channels_closure
SET channels = CASE function WHEN '' THEN array_remove(channels, 'public') ELSE array_replace(channels, 'public', 'portal') END
WHERE 'public' = ANY (channels) AND ('portal' = ANY (channels) OR function = 'employer_registration');
DELETE FROM channels_closure
WHERE 'public' = ANY (channels) OR function IN ('recover_password', 'hall_access', 'money_desk');
ALTER TABLE channels_closure ENABLE TRIGGER USER;
"""
CHANNELS = [("portal", "单位网厅"), ("public", "公众页面"), ("counter", "柜面")]


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_timetables"),
    ]

    operations = [
        migrations.AddField(
            model_name="timetablerow",
            name="channel",
            field=models.TextField(choices=CHANNELS, default="portal"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="timetablerow",
            name="function",
            field=models.TextField(
                choices=[
                    ("employer_registration", "单位登记"),
                    ("recover_password", "找回密码"),
                    ("hall_access", "经办人和办理权限"),
                    ("money_desk", "银行流水和款项认领"),
                    ("account_opening", "开户"),
                    ("sealing", "封存"),
                    ("remittance", "汇缴"),
                    ("inquiries", "咨询建议"),
                ]
            ),
        ),
        migrations.RunSQL(PART, TOGETHER),
    ]
