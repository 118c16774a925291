"""Who may do what at the center: one table. Every address of the counter stands in it; no door has another answer.

The administrators of system, security and audit (三员) see nothing of the business, and those of the business do
nothing of theirs (settled 20).
"""

from __future__ import annotations

from hpf.faces.web.door import (
    PUBLIC,
    STAFF,
    STAFF_ENROLLING,
    STAFF_ENTERING,
    STAFF_LOGIN,
    STAFF_SETTING_PASSWORD,
    STAFF_UNRELEASED,
    Who,
    staff,
)
from hpf.registry.codes import Role

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
BUSINESS = Who("各业务岗位", "counter", roles=frozenset(Role) - ADMINISTRATORS)
CLERK = staff(Role.CLERK)
REVIEWER = staff(Role.REVIEWER)
REGISTRY = staff(Role.CLERK, Role.REVIEWER, Role.MANAGER)
RESTRICTING = staff(Role.CLERK, Role.MANAGER)
DECIDING = staff(Role.REVIEWER, Role.MANAGER)
DESK = staff(Role.CLERK, Role.REVIEWER)
TREASURER = staff(Role.TREASURER)
MONEY = staff(Role.TREASURER, Role.ACCOUNTANT)
CLOSING = staff(Role.PARAMETERS, Role.MANAGER)
CLOSING_AT_ONCE = staff(Role.SYSTEM_ADMIN)
WATCHING_CLOSURES = staff(Role.PARAMETERS, Role.MANAGER, Role.SYSTEM_ADMIN)
PUBLISHER = staff(Role.PUBLISHER)
PUBLISHING = staff(Role.PUBLISHER, Role.REVIEWER)
ANSWERING = staff(Role.CLERK, Role.MANAGER, Role.PUBLISHER)
WRITING = staff(Role.CLERK, Role.PUBLISHER)
TELLING = staff(Role.CLERK, Role.REVIEWER, Role.PUBLISHER, Role.MANAGER)

SYSTEM = staff(Role.SYSTEM_ADMIN)
SECURITY = staff(Role.SECURITY_ADMIN)
AUDIT = staff(Role.AUDIT_ADMIN)
STAFFING = staff(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)

WHO: dict[str, tuple[Who, str]] = {
    "login": (STAFF_LOGIN, "登录"),
    "login-code": (PUBLIC, "登录：验证器"),
    "password": (STAFF_SETTING_PASSWORD, "首次登录：设置密码"),
    "enrol": (STAFF_ENROLLING, "首次登录：开通验证器"),
    "unreleased": (STAFF_UNRELEASED, "首次登录：等待放行验证器"),
    "security": (STAFF, "查看自己的登录安全"),
    "end-others": (STAFF, "结束自己在其他浏览器的登录"),
    "end-session": (STAFF, "结束自己的一次登录"),
    "change-password": (STAFF, "修改自己的密码"),
    "keep": (STAFF, "保持登录"),
    "looking": (STAFF, "说明大量查询的用途"),
    "leave": (STAFF_ENTERING, "退出"),
    "home": (STAFF, "工作台"),
    "reviews": (BUSINESS, "查看待复核业务"),
    "employers": (BUSINESS, "查询单位"),
    "employer": (BUSINESS, "查看单位"),
    "hand-over": (CLERK, "发放用户名和初始密码"),
    "applications": (REGISTRY, "查询单位登记申请"),
    "application": (REGISTRY, "查看单位登记申请"),
    "register": (CLERK, "受理单位登记申请"),
    "read-application": (DESK, "查看登记申请全文"),
    "open-application": (CLERK, "打开登记申请全文"),
    "print-application": (DESK, "打印登记申请表"),
    "correct-application": (CLERK, "更正登记申请，受理预填"),
    "submit-application": (CLERK, "核对材料，提交登记复核"),
    "attach-scans": (CLERK, "附登记材料的扫描件"),
    "take-scan-off": (CLERK, "移除登记材料的扫描件"),
    "application-scan": (REGISTRY, "查看登记材料的扫描件"),
    "take-back-application": (CLERK, "收回自己提交的登记复核"),
    "withdraw-application": (CLERK, "撤回登记申请"),
    "decide-application": (REVIEWER, "复核单位登记申请"),
    "handler": (CLERK, "变更或重新登记经办人"),
    "unlock": (CLERK, "解除单位用户的登录锁定"),
    "mobile": (CLERK, "变更经办人手机号码"),
    "change-slip": (BUSINESS, "打印经办人或手机号码变更回执"),
    "grant-new": (CLERK, "申请设立复核人、查询人、代办人"),
    "grant": (BUSINESS, "查看办理权限"),
    "grant-decide": (REVIEWER, "复核办理权限的设立"),
    "grant-hand-over": (CLERK, "向复核人、查询人发放用户名和初始密码"),
    "grant-end": (CLERK, "申请终止办理权限"),
    "grant-end-decide": (REVIEWER, "复核办理权限的终止"),
    "termination": (CLERK, "终止单位的网厅服务"),
    "termination-paper": (BUSINESS, "打印单位终止使用申请表"),
    "restrictions": (REGISTRY, "查询限制使用和申诉"),
    "restriction": (REGISTRY, "查看一项限制使用"),
    "restriction-new": (RESTRICTING, "提出限制使用"),
    "restriction-withdraw": (RESTRICTING, "撤回自己提出的限制使用"),
    "restriction-decide": (DECIDING, "复核限制使用"),
    "restriction-evidence": (REGISTRY, "查看限制使用的证据材料"),
    "restriction-paper": (REGISTRY, "打印限制使用通知书"),
    "lifting": (REGISTRY, "查看解除限制"),
    "lifting-new": (RESTRICTING, "提出解除限制"),
    "lifting-decide": (DECIDING, "复核解除限制"),
    "appeal-new": (RESTRICTING, "录入书面申诉"),
    "appeal-answer": (DECIDING, "答复申诉"),
    "scan": (BUSINESS, "查看办件的扫描件"),
    "cases": (BUSINESS, "查询办件"),
    "case": (BUSINESS, "查看办件"),
    "statements": (TREASURER, "导入银行流水"),
    "statement-sample": (TREASURER, "下载银行流水样例"),
    "statement": (MONEY, "查看银行流水"),
    "handed-in": (MONEY, "查看提交复核的对账单"),
    "handed-in-file": (MONEY, "下载提交复核的对账单"),
    "handed-in-withdraw": (TREASURER, "撤回自己提交的对账单"),
    "handed-in-decide": (MONEY, "复核对账单"),
    "money": (MONEY, "查看待认领款项"),
    "claim": (TREASURER, "提出认领款项"),
    "bank-line": (MONEY, "查看一笔银行流水"),
    "line-correct": (TREASURER, "提出更正认领"),
    "line-take-back": (TREASURER, "提出冲正到账，或确认为付款"),
    "line-proposal": (MONEY, "查看认领、更正和冲正"),
    "line-withdraw": (TREASURER, "撤回自己提出的认领、更正和冲正"),
    "line-decide": (MONEY, "复核认领、更正和冲正"),
    "agreements": (PUBLISHING, "查看协议版本"),
    "agreement-version": (PUBLISHING, "查看已公布的协议全文"),
    "agreement-certificate": (BUSINESS, "打印协议签署凭证"),
    "agreement-new": (PUBLISHER, "起草协议版本"),
    "agreement-draft": (PUBLISHING, "查看协议草稿"),
    "agreement-edit": (PUBLISHER, "修改退回的协议草稿"),
    "agreement-withdraw": (PUBLISHER, "撤回自己的协议草稿"),
    "agreement-decide": (REVIEWER, "复核并公布协议版本"),
    "publications": (PUBLISHING, "查询发布内容"),
    "publication": (PUBLISHING, "查看发布内容的各版"),
    "publication-new": (PUBLISHER, "新拟发布内容"),
    "publication-revise": (PUBLISHER, "修订发布内容"),
    "publication-take-down": (PUBLISHER, "下线发布内容"),
    "draft": (PUBLISHING, "查看稿件"),
    "draft-file": (PUBLISHING, "下载稿件附件"),
    "draft-edit": (PUBLISHER, "修改稿件"),
    "draft-turn": (PUBLISHER, "提交、撤回、作废稿件"),
    "draft-decide": (PUBLISHING, "复核稿件"),
    "details": (PUBLISHING, "查看网点和页脚的变更"),
    "details-center": (PUBLISHER, "提出变更页脚和中心信息"),
    "details-new": (PUBLISHER, "提出新增网点"),
    "details-branch": (PUBLISHER, "提出变更网点"),
    "details-change": (PUBLISHING, "查看一项网点、页脚变更"),
    "details-decide": (PUBLISHING, "复核网点、页脚变更"),
    "inquiries": (BUSINESS, "查询咨询建议"),
    "inquiry": (BUSINESS, "查看咨询建议"),
    "inquiry-answer": (ANSWERING, "答复咨询建议"),
    "inquiry-forward": (ANSWERING, "转办咨询建议"),
    "deliveries": (TELLING, "查询消息送达"),
    "delivery": (TELLING, "查看一次送达的经过；重发失败的（柜员、发布）"),
    "sent": (TELLING, "查看一条消息"),
    "message-letters": (CLERK, "为未送达的单位准备信函"),
    "write": (WRITING, "写消息"),
    "mass-message": (TELLING, "查看群发消息"),
    "mass-decide": (PUBLISHING, "复核群发消息"),
    "letters": (CLERK, "打印信函"),
    "letters-out": (CLERK, "取出不再寄送的信函"),
    "letters-paper": (CLERK, "打印一批信函的PDF"),
    "letters-post": (CLERK, "登记信函交寄"),
    "templates": (PUBLISHING, "查询消息模板"),
    "template": (PUBLISHING, "查看消息模板"),
    "template-edit": (PUBLISHER, "改写消息模板"),
    "template-switch": (PUBLISHER, "停发、恢复一种送达方式"),
    "wording": (PUBLISHING, "查看待复核的消息模板"),
    "wording-decide": (PUBLISHING, "复核消息模板"),
    "closures": (CLOSING, "安排停办与维护"),
    "closure-at-once": (CLOSING_AT_ONCE, "立即停办"),
    "closure": (WATCHING_CLOSURES, "查看停办安排"),
    "closure-decide": (CLOSING, "复核停办安排"),
    "closure-lift": (WATCHING_CLOSURES, "取消停办，马上恢复"),
    "timetables": (CLOSING, "提出办理时间和次数"),
    "timetable": (CLOSING, "查看办理时间"),
    "timetable-decide": (CLOSING, "复核办理时间"),
    "staff": (STAFFING, "查询工作人员"),
    "staff-member": (STAFFING, "查看工作人员"),
    "staff-new": (SYSTEM, "新增工作人员，申请岗位"),
    "staff-propose": (SYSTEM, "申请调整岗位和管理部"),
    "staff-password": (SYSTEM, "发放工作人员初始密码"),
    "staff-decide": (SECURITY, "审批岗位"),
    "staff-secure": (SECURITY, "停用、恢复、解锁，结束登录，重置验证器"),
    "staff-release": (SECURITY, "放行工作人员的验证器"),
    "staff-looking": (SECURITY, "查看被暂停查询的账号"),
    "staff-looking-resume": (SECURITY, "恢复查询"),
    "staff-looks": (SECURITY, "查看查询限额，提出变更"),
    "staff-looks-change": (STAFFING, "查看查询限额的一项变更"),
    "staff-looks-decide": (STAFFING, "复核查询限额的变更"),
    "staff-attempts": (SECURITY, "查看登录预警"),
    "sms-usage": (STAFFING, "查看短信用量"),
    "events": (AUDIT, "查询事件日志"),
    "events-export": (AUDIT, "导出事件日志"),
    "events-trace": (AUDIT, "按追溯号查是谁取走的"),
}
"""URL name: who may open it, and what is done there."""
