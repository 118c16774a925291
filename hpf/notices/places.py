"""The places of templates in words: what each is called, and an example for previews."""

from __future__ import annotations

from collections.abc import Iterable

PLACES: dict[str, tuple[str, str]] = {
    "account": ("单位账号", "5111 0000 0214"),
    "address": ("网络地址", "203.0.113.7"),
    "amount": ("金额（元）", "4,523.68"),
    "body": ("正文", "请于本月底前核对职工缴存基数。"),
    "case_no": ("办件号", "26081000007"),
    "change": ("变更内容", "已改为wa***@example.com"),
    "clause": ("协议条款", "第3.2条第（1）项"),
    "code": ("验证码", "246810"),
    "day": ("日期", "2026年9月1日"),
    "deed": ("处理措施", "限制"),
    "days": ("天数", "7"),
    "duty": ("职责", "复核人"),
    "due": ("应缴金额（元）", "5,551.28"),
    "employer": ("单位名称", "示范建材有限公司"),
    "hours": ("办理时间", "工作日9:00至17:00"),
    "kind": ("信息类别", "公告"),
    "last_day": ("最后缴款日", "8月15日"),
    "minutes": ("分钟数", "5"),
    "missing": ("尚缺金额（元）", "551.28"),
    "mobile": ("手机号码（掩码）", "138****1234"),
    "moment": ("时间", "08月10日09:12"),
    "month": ("年月", "2026年8月"),
    "new": ("新经办人", "李静"),
    "number": ("版本号", "2026-2"),
    "occasion": ("发放事由", "贵单位已开通网上业务大厅"),
    "old": ("原经办人", "陈明"),
    "outcome": ("停办的结果", "已取消"),
    "over": ("多缴金额（元）", "448.72"),
    "password": ("初始密码", "Kf7-Tq2-Wm9"),
    "person": ("姓名", "李静"),
    "people": ("人数", "3"),
    "reason": ("原因", "提交虚假资料"),
    "received": ("已到账金额（元）", "5,000.00"),
    "scope": ("限制范围", "汇缴"),
    "starts": ("开始时间", "8月10日22:00"),
    "summary": ("变更摘要", "第5.2条增加了验证器登录。"),
    "title": ("标题", "关于核对缴存基数的通知"),
    "used": ("受限制的使用", "在单位网上业务大厅办理汇缴"),
    "until": ("期限", "预计8月10日23:00恢复"),
    "user_name": ("用户名", "5111 0000 0214 01"),
    "what": ("停办的业务", "全部业务"),
    "center": ("中心名称", "本中心名称"),
    "hotline": ("服务热线", "本中心热线"),
}
"""Name: label, example."""


def said_places(names: Iterable[str]) -> str:
    """Places as a reader finds them in a text: ``{month}年月、{amount}金额（元）``."""
    return "、".join(f"{{{name}}}{PLACES[name][0]}" if name in PLACES else f"{{{name}}}" for name in names)


def examples(names: Iterable[str]) -> dict[str, str]:
    """An example for each place; for one that nobody has named, its name."""
    return {name: PLACES[name][1] if name in PLACES else name for name in names}
