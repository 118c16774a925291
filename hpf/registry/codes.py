"""Code lists of JGJ/T 320-2014 appendix A and their kin, as the register uses them."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices


class UnitState(TextChoices):
    """单位账户状态 (A.4)."""

    ACTIVE = "01", "正常"
    OPENED = "02", "开户"
    DEFERRED = "03", "缓缴"
    CLOSED = "04", "销户"
    SEALED = "05", "封存"

    @classmethod
    def remitting(cls) -> tuple[UnitState, ...]:
        """States in which a month may be declared (domain H-03)."""
        return (cls.ACTIVE, cls.OPENED, cls.DEFERRED)


class AccountState(TextChoices):
    """个人账户状态 (A.6)."""

    ACTIVE = "01", "正常"
    SEALED = "02", "封存"
    MERGED = "03", "合并销户"
    MOVED_OUT = "04", "外部转出销户"
    WITHDRAWN = "05", "提取销户"


class IdentityType(TextChoices):
    """证件类型 (A.1)."""

    CITIZEN = "01", "身份证"
    OFFICER = "02", "军官证"
    PASSPORT = "03", "护照"
    FOREIGN_RESIDENT = "04", "外国人永久居留证"
    OTHER = "99", "其他"


class Sex(TextChoices):
    """性别 (GB/T 2261.1)."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"


class Nature(TextChoices):
    """单位性质, the ministry's codes. 附件1 prints seven boxes; ``box`` maps each code to its box."""

    STATE_ORGAN = "10", "国家机关"
    PUBLIC_INSTITUTION = "20", "事业单位"
    STATE_OWNED = "30", "国有企业"
    COLLECTIVE = "31", "城镇集体企业"
    FOREIGN_INVESTED = "32", "外商投资企业"
    PRIVATE = "33", "城镇私营企业"
    OTHER_ENTERPRISE = "39", "其他城镇企业"
    NON_ENTERPRISE = "40", "民办非企业单位"
    ASSOCIATION = "50", "社会团体"
    OTHER = "90", "其他"

    @property
    def box(self) -> str:
        """The box of 附件1 that this nature is ticked in."""
        return BOXES[_BOX_OF[self.value]]


BOXES = (
    "国家机关,事业单位",
    "外商投资企业",
    "民办非企业单位,社会团体",
    "国有企业",
    "城镇集体企业",
    "城镇私营企业及其他城镇企业",
    "其他",
)
"""The boxes of 附件1 in the order of the form."""

_BOX_OF = {"10": 0, "20": 0, "32": 1, "40": 2, "50": 2, "30": 3, "31": 4, "33": 5, "39": 5, "90": 6}


class Affiliation(TextChoices):
    """隶属关系 (GB/T 12404); 部队 has no national code and takes a local one."""

    CENTRAL = "10", "中央"
    PROVINCE = "20", "省"
    CITY = "40", "市、地区"
    COUNTY = "50", "县"
    ARMY = "91", "部队"
    OTHER = "90", "其他"


class EconomicType(TextChoices):
    """单位经济类型 (GB/T 12402-2000), two levels as forms ask for them."""

    STATE = "110", "国有全资"
    COLLECTIVE = "120", "集体全资"
    COOPERATIVE = "130", "股份合作"
    JOINT = "140", "联营"
    LIMITED = "150", "有限责任公司"
    STOCK = "160", "股份有限公司"
    PRIVATE = "170", "私有"
    OTHER_DOMESTIC = "190", "其他内资"
    HONGKONG_MACAO_TAIWAN = "200", "港澳台投资"
    FOREIGN = "300", "国外投资"
    OTHER = "900", "其他"


class Industry(TextChoices):
    """行业 (GB/T 4754-2017), the sections."""

    FARMING = "A", "农、林、牧、渔业"
    MINING = "B", "采矿业"
    MANUFACTURING = "C", "制造业"
    ENERGY = "D", "电力、热力、燃气及水生产和供应业"
    BUILDING = "E", "建筑业"
    TRADE = "F", "批发和零售业"
    TRANSPORT = "G", "交通运输、仓储和邮政业"
    LODGING = "H", "住宿和餐饮业"
    INFORMATION = "I", "信息传输、软件和信息技术服务业"
    FINANCE = "J", "金融业"
    REAL_ESTATE = "K", "房地产业"
    LEASING = "L", "租赁和商务服务业"
    RESEARCH = "M", "科学研究和技术服务业"
    UTILITIES = "N", "水利、环境和公共设施管理业"
    SERVICES = "O", "居民服务、修理和其他服务业"
    EDUCATION = "P", "教育"
    HEALTH = "Q", "卫生和社会工作"
    CULTURE = "R", "文化、体育和娱乐业"
    ADMINISTRATION = "S", "公共管理、社会保障和社会组织"
    INTERNATIONAL = "T", "国际组织"


class FundDepartment(TextChoices):
    """公积金经办部门 (附件1)."""

    FINANCE = "finance", "财务"
    LABOUR = "labour", "劳资"
    PERSONNEL = "personnel", "人事"
    OTHER = "other", "其他"


class SealReason(TextChoices):
    """封存原因."""

    ENDED = "01", "终止或解除劳动合同"
    RETIRED = "02", "离休、退休"
    MOVED = "03", "调动工作"
    KEPT_UNPAID = "04", "保留劳动关系停发工资"
    ARMY = "05", "入伍"
    EMIGRATED = "06", "出境定居"
    DECEASED = "07", "死亡"
    OTHER = "99", "其他"


class TimelineKind(TextChoices):
    """What an effective-month event does."""

    OPENING = "opening", "开户"
    UNSEALING = "unsealing", "启封"
    SEALING = "sealing", "封存"
    BASE = "base", "基数变更"
    RATE = "rate", "比例变更"


class AgreementDocument(TextChoices):
    """What is published in versions and accepted: the service agreement (服务协议), and the rules for single functions.

    The agreement is accepted before anything else, a special rule (专项规则) at the first use of its function.
    """

    AGREEMENT = "agreement", "服务协议"
    DIRECT_DEBIT = "direct_debit", "委托扣款专项规则"
    PROGRAM_ACCESS = "program_access", "程序接入专项规则"
    TWO_STEP = "two_step", "单位内部复核专项规则"
    AGENCY = "agency", "代办专项规则"


class Duty(TextChoices):
    """What somebody does in the hall for an employer. It has one handler; the others only where the center has granted
    it (settled 19)."""

    HANDLER = "handler", "经办人"
    APPROVER = "approver", "复核人"
    VIEWER = "viewer", "查询人"
    AGENT = "agent", "代办人"


class HallFunction(StrEnum):
    """What of a channel can be closed by itself, or withheld from an employer; a case of it has the same code."""

    REGISTRATION = "employer_registration"
    RECOVERY = "recover_password"
    ACCESS = "hall_access"
    MONEY = "money_desk"
    OPENING = "account_opening"
    SEALING = "sealing"
    REMITTANCE = "remittance"
    INQUIRIES = "inquiries"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _FUNCTION_LABELS[self]


_FUNCTION_LABELS = {
    HallFunction.REGISTRATION: "单位登记",
    HallFunction.RECOVERY: "找回密码",
    HallFunction.ACCESS: "经办人和办理权限",
    HallFunction.MONEY: "银行流水和款项认领",
    HallFunction.OPENING: "开户",
    HallFunction.SEALING: "封存",
    HallFunction.REMITTANCE: "汇缴",
    HallFunction.INQUIRIES: "咨询建议",
}


class Role(TextChoices):
    """What a staff member may do (settled 20). Who may do what stands in ``hpf.faces.counter.permissions``."""

    CLERK = "clerk", "柜员"
    REVIEWER = "reviewer", "复核"
    TREASURER = "treasurer", "资金"
    ACCOUNTANT = "accountant", "会计"
    PARAMETERS = "parameters", "政策"
    PUBLISHER = "publisher", "发布"
    MANAGER = "manager", "负责人"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


ADMINISTRATOR_ROLES = (Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value, Role.AUDIT_ADMIN.value)
"""三员: each apart from the other two and from all business."""
BUSINESS_ROLES = tuple(role.value for role in Role if role.value not in ADMINISTRATOR_ROLES)
