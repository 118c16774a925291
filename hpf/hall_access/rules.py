"""Rules of access: who comes from where, which passwords are good, what may be opened when. Pure."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from zxcvbn import zxcvbn

from hpf.kernel import Actor, Refusal, compact
from hpf.registry.codes import ADMINISTRATOR_ROLES, BUSINESS_ROLES

CHINA = ZoneInfo("Asia/Shanghai")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
_ESTIMATED = 72  # the estimate looks at so many characters; the password itself is never cut

_RULES = (
    f"至少{SHORTEST_PASSWORD}个字符，可以用中文、空格和符号",
    "不用常见密码、连续字符，不用单位名称、统一社会信用代码、用户名",
)
_CLASSES = (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum() or ord(char) > 127)
PAST_PASSWORDS = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """Where and when somebody comes: network address, browser, the real moment, the business day."""

    address: str
    agent: str
    now: datetime
    today: date

    @property
    def moment(self) -> datetime:
        """The hall's moment: the business day at this time of day. In production it is the real moment."""
        return datetime.combine(self.today, self.now.astimezone(CHINA).time(), CHINA)

    @property
    def network(self) -> str:
        """The address that failures are counted under: an IPv6 user has a whole /64 to choose from."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


class Stage(StrEnum):
    """How far a principal has come. Nothing but the named page (and the way out) is open before ``OPEN``."""

    MUST_CHANGE_PASSWORD = "must_change_password"  # noqa: S105 - a stage, not a password
    MUST_ENROL = "must_enrol"
    MUST_BE_RELEASED = "must_be_released"
    MUST_CHOOSE = "must_choose"
    SUSPENDED = "suspended"
    MUST_ACCEPT_AGREEMENT = "must_accept_agreement"
    MUST_ACKNOWLEDGE = "must_acknowledge"
    MUST_CONFIRM = "must_confirm"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is behind a session, and how far he may go. Without another request it ends at ``idle_at``, and at
    ``expires_at`` whatever happens. ``limited`` are the functions that are withheld from his employer for breach."""

    actor: Actor
    stage: Stage
    session_id: int
    idle_at: datetime
    expires_at: datetime
    limited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TracedLogin:
    """Whose login a number is. ``kind`` is handler or staff; ``employer`` is a handler's."""

    kind: str
    user_name: str
    name: str
    employer: str | None
    started_at: datetime
    ended_at: datetime | None
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Somebody who looked up many records; ``id`` is his tally's, ``state`` one of `LookingState`, ``purpose`` what he
    last said that they are for.
    """

    id: int
    kind: str
    name: str
    user_name: str
    employer: str | None
    state: str
    in_hour: int
    in_day: int
    since: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A login whose password was right. ``token`` is the browser's secret until the code is given."""

    token: str
    mobile_masked: str
    has_authenticator: bool = False


@dataclass(frozen=True, slots=True)
class ChallengeState:
    """Where a login under way stands; ``code_until`` is ``None`` while no code is out."""

    mobile_masked: str
    code_until: datetime | None
    wait_seconds: int
    has_authenticator: bool = False


class ResetStep(StrEnum):
    """What a recovery of a password asks for next."""

    CODE = "code"
    AUTHENTICATOR = "authenticator"
    PASSWORD = "password"  # noqa: S105 - a step, not a password


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An authenticator about to be set up: its secret to type, the address that its QR code carries, both sealed."""

    secret: str
    uri: str
    sealed: str


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way."""

    mobile_masked: str
    valid_until: datetime
    minutes_valid: int


@dataclass(frozen=True, slots=True)
class OwnSecurity:
    """How somebody's own access stands. ``password_days``: the age at which one is reminded to change it."""

    password_changed_at: datetime | None
    password_days: int
    password_is_old: bool
    authenticator_since: datetime | None
    backups_left: int


@dataclass(frozen=True, slots=True)
class Unreleased:
    """An authenticator of the staff's that waits to be released. ``password_by`` may not release it."""

    id: int
    staff_id: int
    enrolled_at: datetime
    check_number: str
    password_by: int | None


@dataclass(frozen=True, slots=True)
class EmployerChoice:
    """An employer for whom somebody may act: as which user, and whether it is his own, and chosen now."""

    user_id: int
    employer: str
    number: str
    is_own: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in the list of one's own; ``ended_why`` in Chinese, ``""`` while it lives."""

    id: int
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_why: str
    address: str
    agent: str
    is_this: bool


LOGIN_FAILED = Refusal(
    "ACCESS-LOGIN-FAILED",
    "用户名或密码不正确",
    remedy="请核对后重新输入；忘记密码的，可以点“忘记密码”自助找回，或到网点柜台重置",
)
INITIAL_SPENT = Refusal(
    "ACCESS-INITIAL-SPENT",
    "初始密码已使用过或已过期",
    "初始密码只能使用一次，且须在有效期内使用",
    "请由经办人携带身份证到柜台重新领取",
)
ENDED = {
    "handler_changed": Refusal(
        "ACCESS-HANDLER-CHANGED",
        "您的用户名已停用",
        "本单位的经办人已在柜台变更",
        "请由现任经办人登录；如有疑问，请联系中心网点",
    ),
    "grant_ended": Refusal(
        "ACCESS-GRANT-ENDED",
        "您的用户名已停用",
        "您在该单位的权限已终止",
        "如有疑问，请联系该单位的经办人或中心网点",
    ),
    "terminated": Refusal(
        "ACCESS-TERMINATED",
        "本单位的网厅服务已终止，您的用户名已停用",
        "本单位在柜台办妥了终止手续",
        "缴存业务请到网点柜台办理；要重新开通的，请携单位介绍信和经办人身份证到网点登记",
        "《单位网上业务大厅服务协议》，终止手续办妥后协议即终止",
    ),
}
"""Why a handler is one no longer, told after the right password only."""
LOGIN_OVER = Refusal("ACCESS-LOGIN-OVER", "本次登录已失效", "登录须在规定时间内完成", "请重新输入用户名和密码")
RESET_OVER = Refusal("ACCESS-RESET-OVER", "本次找回密码已失效", "须在规定时间内完成", "请重新填写用户名和信用代码")
CODE_FORM = Refusal("ACCESS-CODE-FORM", "验证码为6位数字", remedy="请按短信中的数字输入", where="code")
CODE_DEAD = Refusal(
    "ACCESS-CODE-DEAD",
    "验证码已失效",
    "验证码只能使用一次，过期或连续输错后作废",
    "请重新获取验证码",
)
CODES_USED_UP = Refusal(
    "ACCESS-CODES-USED-UP",
    "今天输错验证码的次数过多",
    "为保护账号，24小时内不再接受这个账号的验证码",
    "请明天再试；急需办理的，请本人携带身份证到网点柜台解除",
    where="code",
)
AUTHENTICATOR_FORM = Refusal(
    "ACCESS-AUTHENTICATOR-FORM",
    "请输入验证器上的6位数字，或一个备用码",
    remedy="备用码是10个字母和数字，开通验证器时给您的",
    where="code",
)
ENROLMENT_FORM = Refusal(
    "ACCESS-ENROLMENT-FORM",
    "请输入验证器上的6位数字",
    remedy="请先扫描二维码，再输入验证器上现在显示的数字",
    where="code",
)
AUTHENTICATOR_TRIES = Refusal(
    "ACCESS-CODE-DEAD", "连续输错的次数过多", "为保护账号，这一次到此为止", "请从第一步重新开始"
)
AUTHENTICATOR_WRONG = Refusal(
    "ACCESS-AUTHENTICATOR-WRONG",
    "验证器上的数字不正确",
    "可能扫的不是这个二维码，或者手机的时间不准",
    "请核对手机时间后，输入验证器上现在显示的数字",
    where="code",
)
ENROLMENT_OVER = Refusal(
    "ACCESS-ENROLMENT-OVER", "这个二维码已经失效", remedy="请用验证器扫描页面上新的二维码", where="code"
)
LOGGED_OUT = Refusal("ACCESS-LOGGED-OUT", "您已退出登录，没有修改", remedy="请重新登录后再修改")
NO_STAFF = Refusal("STAFF-UNKNOWN", "没有这名工作人员", remedy="请刷新页面后重新选择")
NO_BRANCH = Refusal("STAFF-NO-BRANCH", "没有这个管理部", remedy="请从所列各项中选择", where="branch")
ABOUT_ONESELF = Refusal(
    "STAFF-SELF",
    "不能办理自己的人员事项",
    "任何人不能给自己授权、复核自己的授权，也不能重置自己的账号",
    "请由其他管理员办理",
    "系统管理、安全管理、审计管理分离",
)
NO_AUTHENTICATOR = Refusal(
    "STAFF-NO-AUTHENTICATOR",
    "这名工作人员没有验证器",
    "本人还没有开通，或者原来的已被重置",
    "请本人到工作人员登录页登录，按提示开通",
)
NOTHING_TO_RELEASE = Refusal(
    "STAFF-NOTHING-TO-RELEASE",
    "没有可以放行的验证器",
    "这个验证器已经放行，或者已被重置、重新开通",
    "请刷新页面，与本人重新核对",
)
RELEASE_BY_ISSUER = Refusal(
    "STAFF-RELEASE-BY-ISSUER",
    "您不能放行这个验证器",
    "开通它所用的初始密码是您发放的，发放密码和放行须由两个人办理",
    "请由另一名安全管理员放行",
    "系统管理、安全管理、审计管理分离",
)
USER_NAME_TAKEN = Refusal("STAFF-USER-NAME-TAKEN", "用户名已有人使用", remedy="请换一个", where="user_name")
ROLES_APART = Refusal(
    "STAFF-ROLES-APART",
    "所选岗位不能由一人担任",
    "系统、安全、审计管理员各由专人担任，不兼其他管理员，也不兼业务岗位",
    "请只选一个管理员岗位，或只选业务岗位",
    "系统管理、安全管理、审计管理分离",
    where="roles",
)
NOT_LOCKED = Refusal(
    "ACCESS-NOT-LOCKED",
    "这名用户的登录没有锁定",
    "连续输错的限制可能已经到期，或输入的用户名不对",
    "请与来人核对用户名；忘记密码的，可以重新发放初始密码",
)
NO_CHOICE = Refusal(
    "ACCESS-NO-CHOICE",
    "您不能为所选的单位办理业务",
    "该单位没有准许您代办，或代办已经终止",
    "请从所列单位中选择",
)
PASSWORD_BY_ANOTHER = Refusal(
    "ACCESS-PASSWORD-BY-ANOTHER",
    "您不能为这名经办人发放初始密码",
    "经办人或手机号码的变更是您办理的，变更后经办人还没有登录过",
    "请由另一名柜员核对单位介绍信和经办人身份证后发放",
    "《单位网上业务大厅服务协议》，变更经办人及其联系电话须持单位介绍信及经办人身份证到柜台办理",
)
NO_HANDLER = Refusal("ACCESS-NO-HANDLER", "没有这名在册经办人", remedy="请先为单位登记经办人")
OLD_PASSWORD_WRONG = Refusal("ACCESS-OLD-PASSWORD", "现在的密码不正确", remedy="请重新输入", where="old")
PASSWORD_USED_BEFORE = Refusal(
    "ACCESS-PASSWORD-USED-BEFORE", f"新密码是最近{PAST_PASSWORDS}次用过的", remedy="请另设一个密码", where="password"
)
_LONG_WAIT = 120
"""So many seconds from which on nobody is told just to wait."""
PASSWORD_SAME = Refusal("ACCESS-PASSWORD-SAME", "新密码与现在的密码相同", remedy="请另设一个密码", where="password")


_COUNTER = "请本人携带身份证到网点柜台解除"
_STAFF_REMEDIES = {
    "ACCESS-LOGIN-FAILED": "请核对后重新输入；忘记密码的，请找系统管理员重新发放初始密码",
    "ACCESS-INITIAL-SPENT": "请找系统管理员重新发放",
    "ACCESS-CODES-USED-UP": "请明天再试；急需办理的，请找安全管理员解除登录锁定",
}


def for_staff(refusal: Refusal) -> Refusal:
    """The same refusal, with what a member of the staff does about it: no counter is open to him."""
    return replace(refusal, remedy=_STAFF_REMEDIES.get(refusal.code, refusal.remedy))


def too_often(seconds: int, of_address: bool = False, of_staff: bool = False) -> Refusal:
    """Too many attempts that failed: on this account from this address, or from this address on many accounts."""
    helper = "请找安全管理员解除登录锁定" if of_staff else _COUNTER
    return _waiting("ACCESS-WAIT", "登录失败次数过多", "暂缓接受来自本网络地址的登录", seconds, of_address, helper)


def reset_too_often(seconds: int, of_address: bool = False) -> Refusal:
    """Too many recoveries begun."""
    return _waiting("ACCESS-RESET-WAIT", "找回密码次数过多", "暂缓受理来自本网络地址的请求", seconds, of_address)


def _waiting(code: str, what: str, why: str, seconds: int, of_address: bool, helper: str = _COUNTER) -> Refusal:
    way = "请换一个网络，例如手机流量" if of_address else helper
    return Refusal(code, what, f"为保护账号，{why}", _again(seconds, f"；急需办理的，{way}"))


def _again(seconds: int, otherwise: str) -> str:
    """When to try again, and where it is long until then, what else there is to do."""
    return f"请在{_time(seconds)}后再试" + (otherwise if seconds >= _LONG_WAIT else "")


def unproved_too_often(seconds: int) -> Refusal:
    """Too many attempts by browsers that do not compute (settled 22)."""
    return Refusal(
        "ACCESS-PROOF-WAIT",
        "本网络地址尝试的次数过多",
        "您的浏览器没有完成安全验证（多半是停用了脚本），这样尝试的次数要少一些",
        _again(seconds, "；急需办理的，请到网点柜台") + "。启用脚本后刷新本页，可以马上再试",
    )


def code_too_soon(seconds: int) -> Refusal:
    """Another code cannot be sent yet (settled 21)."""
    why = "同一手机号码每分钟1条，每小时和每日也有上限"
    return Refusal("ACCESS-CODE-WAIT", "验证码发送过于频繁", why, f"请在{_time(seconds)}后再获取")


def not_yet(day: date) -> Refusal:
    """Somebody who may come in from a later day on only."""
    what = f"该用户自{day.year}年{day.month}月{day.day}日起才能登录"
    return Refusal("ACCESS-NOT-YET", what, "准许的生效日期尚未到来", "请在该日或以后发放")


def code_wrong(tries_left: int) -> Refusal:
    """A wrong code, with tries left."""
    return Refusal(
        "ACCESS-CODE-WRONG", "验证码不正确", remedy=f"请核对后重新输入，还可以试{tries_left}次", where="code"
    )


def authenticator_wrong(tries_left: int) -> Refusal:
    """A wrong code of an authenticator, or one used before, with tries left."""
    return Refusal(
        "ACCESS-CODE-WRONG",
        "验证器上的数字或备用码不正确",
        "每个数字和备用码只能用一次；手机时间不准，数字也不对",
        f"请等验证器换一个数字后再输入，还可以试{tries_left}次",
        where="code",
    )


def stage(
    must_choose: bool,
    must_change_password: bool,
    must_enrol: bool,
    must_be_released: bool,
    suspended: bool,
    must_accept_agreement: bool,
) -> Stage:
    """What comes first comes first: password, authenticator and its release, employer, agreement, hall. Whoever is
    suspended stops before."""
    if must_change_password:
        return Stage.MUST_CHANGE_PASSWORD
    if must_enrol:
        return Stage.MUST_ENROL
    if must_be_released:
        return Stage.MUST_BE_RELEASED
    if must_choose:
        return Stage.MUST_CHOOSE
    if suspended:
        return Stage.SUSPENDED
    return Stage.MUST_ACCEPT_AGREEMENT if must_accept_agreement else Stage.OPEN


def password_sentences(dengbao: bool) -> tuple[str, ...]:
    """The rules as sentences, for the page that asks for a password."""
    if dengbao:
        return (
            *_RULES,
            "须含大写字母、小写字母、数字、符号（或汉字）中的三类",
            f"不能与最近{PAST_PASSWORDS}次的密码相同",
        )
    return (*_RULES, "不能与现在的密码相同")


def password_refusals(
    new: str, again: str, known: Iterable[str], common: Container[str] = frozenset(), dengbao: bool = False
) -> list[Refusal]:
    """All that speaks against a new password. ``known`` are words that belong to the user: names, codes, numbers;
    ``common`` the passwords that everybody tries first; ``dengbao`` adds what 等保 asks for (GB/T 22239).

    A password is used exactly as it was typed: nothing is cut or changed.
    """
    words = [word for word in known if word]
    found = []
    if len(new) < SHORTEST_PASSWORD:
        remedy = f"请设置至少{SHORTEST_PASSWORD}个字符的密码"
        found.append(Refusal("ACCESS-PASSWORD-SHORT", "密码过短", remedy=remedy, where="password"))
    elif len(new) > LONGEST_PASSWORD:
        found.append(Refusal("ACCESS-PASSWORD-LONG", f"密码超过{LONGEST_PASSWORD}个字符", where="password"))
    elif _is_guessable(new, words, common):
        why = "容易被猜中，例如常见密码、连续或重复的字符、单位名称和代码、用户名"
        remedy = "请换一个，例如几个互不相关的词连在一起"
        found.append(Refusal("ACCESS-PASSWORD-WEAK", "密码不够安全", why, remedy, where="password"))
    if dengbao and sum(any(map(of_class, new)) for of_class in _CLASSES) < 3:
        remedy = "请在大写字母、小写字母、数字、符号（或汉字）中至少用三类"
        found.append(Refusal("ACCESS-PASSWORD-CLASSES", "密码的字符种类不足", remedy=remedy, where="password"))
    if new != again:
        found.append(Refusal("ACCESS-PASSWORD-AGAIN", "两次输入的密码不一致", remedy="请重新输入", where="again"))
    return found


def _is_guessable(password: str, words: list[str], common: Container[str]) -> bool:
    """Whether it is one of the common ones, holds a word of the user's own, or is estimated as easily found."""
    folded = password.casefold()
    core = re.sub(r"[\W\d_]+$", "", folded)
    if folded in common or folded.strip() in common or core in common:
        return True
    if any(word.casefold() in folded for word in words if len(word) > 3):
        return True
    return int(zxcvbn(password[:_ESTIMATED], user_inputs=words)["score"]) < 3


def roles_refusals(roles: Collection[str]) -> list[Refusal]:
    """All that speaks against one person's roles (settled 20)."""
    administers = [role for role in roles if role in ADMINISTRATOR_ROLES]
    known = all(role in ADMINISTRATOR_ROLES or role in BUSINESS_ROLES for role in roles)
    return [] if known and (not administers or len(roles) == 1) else [ROLES_APART]


def staff_refusals(user_name: str, roles: Collection[str]) -> list[Refusal]:
    """All that speaks against a new member of the staff."""
    found = []
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,29}", user_name):
        remedy = "请用3至30个小写字母、数字、点或横线，以字母开头"
        found.append(Refusal("STAFF-USER-NAME", "用户名的写法不对", remedy=remedy, where="user_name"))
    return found + roles_refusals(roles)


def typed_name(text: str) -> str:
    """A user name as it was meant: half-width, without blanks and what no keyboard types."""
    name = unicodedata.normalize("NFKC", text)
    return "".join(char for char in name if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cs"))


def typed_backup(text: str) -> str | None:
    """A typed backup code as it was meant, ``None`` if it cannot be one."""
    code = compact(text)
    return code if re.fullmatch("[A-Z0-9]{10}", code) else None


def chinese_moment(moment: datetime) -> str:
    """A moment as a text message says it: ``08月10日09:12``."""
    return f"{moment.astimezone(CHINA):%m月%d日%H:%M}"


def _time(seconds: int) -> str:
    return f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分钟"
