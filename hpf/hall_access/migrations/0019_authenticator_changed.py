from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hall_access", "0018_looks_change"),
    ]

    operations = [
        migrations.AlterField(
            model_name="websession",
            name="ended_why",
            field=models.TextField(
                choices=[
                    ("logged_out", "安全退出"),
                    ("idle", "长时间未操作"),
                    ("expired", "超过最长登录时间"),
                    ("replaced", "在其他浏览器登录"),
                    ("ended", "由本人结束"),
                    ("password_changed", "密码已修改"),
                    ("authenticator_changed", "身份验证器已开通或更换"),
                    ("handler_changed", "经办人已变更"),
                    ("mobile_changed", "绑定手机已变更"),
                    ("terminated", "网厅服务已终止"),
                    ("grant_ended", "办理权限已终止"),
                    ("restricted", "网厅使用已被中止"),
                ],
                default="",
            ),
        ),
    ]
