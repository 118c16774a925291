"""Rules of restricting for breach: what a proposal needs, what is in force on a day, who may appeal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hpf.kernel import DateRange, Refusal
from hpf.kernel.wording import cited
from hpf.notices.seen import names_a_site
from hpf.registry.clauses import Clauses
from hpf.registry.codes import HallFunction

BASIS = "《单位网上业务大厅服务协议》，违反协议的，中心可以限制、中止或终止使用"
LONGEST = 500
REVIEW_KIND, LIFTING_KIND = "access_restriction", "access_lifting"
"""What casework's reviews call a restriction and its lifting."""


class RestrictionKind(StrEnum):
    """How far a restriction goes."""

    LIMITED = "limited"
    SUSPENDED = "suspended"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The word on pages and papers."""
        return {"limited": "限制单项业务", "suspended": "中止使用", "ended": "终止使用"}[self.value]

    @property
    def deed(self) -> str:
        """What is done, as a verb."""
        return {"limited": "限制", "suspended": "中止", "ended": "终止"}[self.value]

    @property
    def paper(self) -> str:
        """What the notice says is done."""
        return "限制使用" if self is RestrictionKind.LIMITED else self.label


class ProposalState(StrEnum):
    """Where a proposal stands: a restriction, or its lifting."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {"open": "待答复", "upheld": "申诉成立", "rejected": "维持原决定"}[self.value]


class Standing(StrEnum):
    """How a restriction stands on a day, in a word."""

    PROPOSED = "待复核"
    REFUSED = "未通过"
    WITHDRAWN = "已撤回"
    COMING = "尚未生效"
    IN_FORCE = "执行中"
    EXPIRED = "已到期"
    LIFTED = "已解除"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes. ``functions`` only where single ones are limited; ``ends_on`` is the first free day.

    ``clause`` is the number and ``clause_text`` the words of what was breached, in the version of the agreement.
    """

    kind: RestrictionKind
    functions: tuple[str, ...]
    reason: str
    version_id: int
    clause: str
    clause_text: str
    starts_on: date
    ends_on: date | None = None

    @property
    def scope(self) -> str:
        """What is withheld, as notices and pages say it."""
        return scope_of(self.kind, self.functions)


def scope_of(kind: RestrictionKind, functions: Sequence[str]) -> str:
    """What a restriction withholds, in words.

    >>> scope_of(RestrictionKind.LIMITED, ("account_opening", "remittance"))
    '开户、汇缴'
    >>> scope_of(RestrictionKind.SUSPENDED, ())
    '全部业务（中止使用）'
    """
    if kind is RestrictionKind.LIMITED:
        return "、".join(HallFunction(one).label for one in functions)
    return f"全部业务（{kind.label}）"


def used(kind: RestrictionKind, functions: Sequence[str]) -> str:
    """What an employer does in the hall that is withheld, as sentences go on.

    >>> used(RestrictionKind.LIMITED, ("account_opening", "remittance"))
    '在单位网上业务大厅办理开户、汇缴'
    >>> used(RestrictionKind.SUSPENDED, ())
    '使用单位网上业务大厅'
    """
    limited = kind is RestrictionKind.LIMITED
    return f"在单位网上业务大厅办理{scope_of(kind, functions)}" if limited else "使用单位网上业务大厅"


def until_of(starts_on: date, ends_on: date | None, kind: RestrictionKind) -> str:
    """From when until when, in words.

    >>> until_of(date(2026, 8, 10), date(2026, 9, 1), RestrictionKind.SUSPENDED)
    '自2026年8月10日起，2026年9月1日恢复'
    """
    begins = f"自{chinese(starts_on)}起"
    if ends_on:
        return f"{begins}，{chinese(ends_on)}恢复"
    return begins if kind is RestrictionKind.ENDED else f"{begins}，至中心解除为止"


def chinese(day: date) -> str:
    """``2026年8月10日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def standing(
    state: ProposalState, starts_on: date, ends_on: date | None, lifted_on: date | None, today: date
) -> Standing:
    """How a restriction stands on a day. It comes and expires by itself."""
    if state is not ProposalState.APPROVED:
        return Standing[state.name]
    if lifted_on is not None:
        return Standing.LIFTED
    if ends_on is not None and ends_on <= today:
        return Standing.EXPIRED
    return Standing.IN_FORCE if today in DateRange(starts_on, ends_on) else Standing.COMING


def against(proposal: Proposal, agreement: Clauses | None, scans: int, today: date) -> list[Refusal]:
    """Everything that keeps a restriction from being proposed. ``where`` is the field's name in `Proposal`.

    ``agreement`` are the clauses in force, ``None`` where another version is named. Only what binds the employer can be
    breached by it.
    """
    found = [*_against_what(proposal, agreement, scans), *_against_days(proposal, today)]
    found += against_text(proposal.reason, "限制原因", "RESTRICT-REASON", "reason")
    return [*found, SITE_IN_REASON] if names_a_site(proposal.reason) else found


def against_text(text: str, name: str, code: str, where: str) -> list[Refusal]:
    """What speaks against a text that has to be given."""
    if not text.strip():
        return [Refusal(code, f"未填写{name}", remedy=f"请写明{name}", where=where)]
    if len(text.strip()) > LONGEST:
        return [Refusal(code, f"{name}超过{LONGEST}个字", remedy="请缩短后再提交", where=where)]
    return []


def _against_what(proposal: Proposal, agreement: Clauses | None, scans: int) -> list[Refusal]:
    found = []
    if proposal.kind is RestrictionKind.LIMITED and not proposal.functions:
        remedy = "请勾选要限制的业务，或改为中止使用"
        found.append(Refusal("RESTRICT-FUNCTIONS", "未选择限制哪些业务", remedy=remedy, where="functions"))
    found += _against_clause(proposal, agreement)
    if not scans:
        why = "限制使用须有证据，申诉时据以答复"
        found.append(Refusal("RESTRICT-EVIDENCE", "未附证据材料", why, "请附上截图或文件的扫描件", where="scans"))
    return found


def _against_clause(proposal: Proposal, agreement: Clauses | None) -> list[Refusal]:
    words = agreement.words.get(proposal.clause) if agreement else None
    if agreement is None or words is None or _bare(words) != _bare(proposal.clause_text):
        why = "限制使用须指明违反了现行协议的哪一条"
        return [Refusal("RESTRICT-CLAUSE", "所选条款不在现行协议中", why, "请重新选择条款", BASIS, where="clause")]
    if proposal.clause in agreement.binding:
        return []
    what = f"协议{cited(proposal.clause)}没有对单位的要求"
    why = "这一条说的是中心的职责、引出下面各项或作一般说明，单位不会违反它"
    return [
        Refusal("RESTRICT-NOT-BINDING", what, why, "请选择单位违反的那一条；列有各项的，选到项", BASIS, where="clause")
    ]


def _against_days(proposal: Proposal, today: date) -> list[Refusal]:
    found = []
    if proposal.starts_on < today:
        remedy = "请填写今天或以后的日期"
        found.append(Refusal("RESTRICT-START", "生效日期已过", remedy=remedy, where="starts_on"))
    if proposal.ends_on is None:
        return found
    if proposal.kind is RestrictionKind.ENDED:
        why = "终止使用到中心解除为止"
        found.append(Refusal("RESTRICT-END", "终止使用不设恢复日期", why, "请清空，或改为中止使用", where="ends_on"))
    elif proposal.ends_on <= proposal.starts_on:
        found.append(Refusal("RESTRICT-END", "恢复日期不晚于生效日期", remedy="请改正日期", where="ends_on"))
    return found


def _bare(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True, slots=True)
class AppealFacts:
    """What decides whether an appeal is taken: how the restriction stands, until when, whether there was one."""

    standing: Standing
    appeal_by: date
    appealed: bool


def against_appeal(facts: AppealFacts, text: str, today: date) -> list[Refusal]:
    """Everything that speaks against an appeal. An appeal is made once, while the restriction is announced or holds."""
    found = []
    if facts.standing not in (Standing.COMING, Standing.IN_FORCE):
        found.append(NOT_STANDING)
    if facts.appealed:
        found.append(APPEALED)
    elif facts.appeal_by < today:
        why = f"申诉最迟在{chinese(facts.appeal_by)}提出"
        found.append(Refusal("APPEAL-LATE", "申诉期限已过", why, "请拨打服务热线或到网点说明情况"))
    return found + against_text(text, "申诉理由", "APPEAL-TEXT", "text")


def withheld(function: HallFunction) -> Refusal:
    """What a function answers that is withheld; the same sentence stands beside its greyed button."""
    return Refusal(
        "FUNCTION-WITHHELD",
        f"{function.label}现在不能在网厅办理",
        "贵单位违反服务协议，中心限制了这项业务",
        "现在可以查询；办理请到网点柜台，期限和申诉方式见限制使用通知",
        BASIS,
    )


SITE_IN_REASON = Refusal(
    "RESTRICT-REASON-SITE",
    "限制原因里有网址",
    "原因会随短信发给经办人，带网址的短信容易被当作诈骗，也会被运营商拦截",
    "请改用文字说明，网址放在证据材料里",
    where="reason",
)
NOT_STANDING = Refusal(
    "RESTRICT-NOT-STANDING",
    "这项限制现在不在执行",
    "已经到期、已经解除或没有通过复核",
    "请刷新页面，按现在的状态办理",
)
LAPSED = Refusal(
    "RESTRICT-LAPSED", "恢复日期已过，不能再通过", "限制在复核前就已到期", "请退回，由经办人改正日期后重新提出"
)
LIFTING_UNDER_WAY = Refusal(
    "RESTRICT-LIFTING-UNDER-WAY", "解除已经提出，等待复核", "同一项限制不能重复提出解除", "请等待复核"
)
APPEALED = Refusal("APPEAL-ONCE", "这项限制已经申诉过", "每项限制可以申诉一次", "请等待或查看答复")
ANSWERED = Refusal("APPEAL-ANSWERED", "申诉已经答复", "每件申诉答复一次", "请刷新页面查看答复")
OWN_DECISION = Refusal(
    "APPEAL-OWN-DECISION",
    "不能答复针对自己所作限制的申诉",
    "提出和复核这项限制的人都不能答复申诉",
    "请由其他有复核权限的工作人员答复",
    "中心业务规则，申诉由未参与原决定的人员答复",
)
