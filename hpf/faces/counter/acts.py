"""What the acts of the event log are called on pages. An act without a word shows its own name."""

from __future__ import annotations

ACTS = {
    "start_login": "输入密码",
    "issue_login_code": "发送登录验证码",
    "login": "登录",
    "refuse_login": "登录被拒绝",
    "log_out": "退出",
    "miss_proof": "未完成安全验证的尝试过多",
    "ask_reset": "申请找回密码",
    "pass_reset": "找回密码：验证器通过",
    "recover_password": "找回密码",
    "change_password": "修改密码",
    "reissue_initial_password": "发放经办人初始密码",
    "enrol_authenticator": "开通验证器",
    "drop_authenticator": "停用验证器",
    "end_own_sessions": "结束自己的其他登录",
    "found_center": "建立中心",
    "create_staff": "新增工作人员",
    "propose_roles": "申请调整岗位",
    "decide_roles": "审批岗位",
    "issue_staff_password": "发放工作人员初始密码",
    "reset_authenticator": "重置验证器",
    "end_staff_sessions": "结束工作人员的登录",
    "unlock_staff": "解除验证码锁定",
    "suspend_staff": "停用工作人员",
    "resume_staff": "恢复工作人员",
    "read_log": "查询事件日志",
    "export_log": "导出事件日志",
    "take_out": "导出、打印",
    "access_refused": "越权访问被拒绝",
    "asked_for_nothing": "访问不存在的内容",
    "choose_business_day": "更改业务日期",
    "propose_grant": "申请设立办理权限",
    "decide_grant": "复核办理权限的设立",
    "propose_grant_end": "申请终止办理权限",
    "decide_grant_end": "复核办理权限的终止",
    "register_employer": "登记单位",
    "accept_application": "受理登记申请",
    "submit_application": "提交登记复核",
    "accept_agreement": "接受服务协议",
    "publish_agreement": "公布服务协议",
    "open_accounts": "个人账户设立",
    "seal_members": "封存",
    "submit_sheet": "汇缴核定",
    "withdraw_sheet": "撤回汇缴核定",
    "book_sheet": "汇缴入账",
    "import_statement": "导入银行流水",
    "claim_line": "认领款项",
}


def act_label(act: str) -> str:
    """The word for an act."""
    return ACTS.get(act, act)
