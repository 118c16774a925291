"""The event log in words: what an event is about, with its page where the reader may open it, and what it says.

A name that the log keeps and that has no word here is shown as it is, with its value as text. Numbers of rows, which
say nothing to a reader, are left to the export, whose last column is the event's own content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from hpf.casework.review import ReviewState
from hpf.center_details.rules import CENTER_LABELS, NEW_BRANCH_LABELS
from hpf.channels.rules import CLOSABLE
from hpf.employer_registration.models import PAPERS, Application, ApplicationState
from hpf.employer_registration.rules import LABELS as APPLICATION
from hpf.evidence.log import LogLine
from hpf.faces.counter.acts import act_label
from hpf.faces.counter.permissions import WHO
from hpf.faces.web.environment import moment
from hpf.faces.web.shapes.frame import Link
from hpf.inquiries.rules import InquiryKind
from hpf.kernel import Actor, Fen
from hpf.notices.models import DeliveryState
from hpf.notices.templates import Way
from hpf.registry.codes import AgreementDocument, HallFunction, Role, SealReason
from hpf.registry.models import Branch, Employer, Handler, Staff
from hpf.treasury.rules import LineState

Names = Mapping[str, str]
_Find = Callable[[set[str]], Iterable[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the subjects of a kind are called, the page that shows one (URL name), and how their names are found."""

    label: str
    page: str = ""
    names: _Find | None = None


def _named(model: Any) -> _Find:
    return lambda ids: model.objects.filter(pk__in=ids).values_list("pk", "name")


KINDS: dict[str, Kind] = {
    "agreement_draft": Kind("协议草稿", "agreement-draft"),
    "application": Kind("登记申请", "application", _named(Application)),
    "bank-line": Kind("银行流水明细", "bank-line"),
    "branch": Kind("网点", names=_named(Branch)),
    "case": Kind("办件", "case"),
    "center": Kind("中心"),
    "closure": Kind("停办安排", "closure"),
    "delivery": Kind("消息送达", "delivery"),
    "handed-in": Kind("提交复核的对账单", "handed-in"),
    "employer": Kind("单位", "employer", _named(Employer)),
    "export": Kind("追溯号"),
    "grant": Kind("办理权限", "grant"),
    "handler": Kind("单位用户", names=_named(Handler)),
    "inquiry": Kind("咨询建议", "inquiry"),
    "letters": Kind("信函批次"),
    "letters_out": Kind("不再寄送的信函"),
    "looks": Kind("查询限额变更", "staff-looks-change"),
    "mass_message": Kind("群发消息", "mass-message"),
    "message": Kind("消息", "sent"),
    "prepared": Kind("单位内部复核的业务"),
    "publication": Kind("发布内容", "publication"),
    "restriction": Kind("限制使用", "restriction"),
    "sms-cost": Kind("短信用量"),
    "staff": Kind("工作人员", "staff-member", _named(Staff)),
    "statement": Kind("银行对账单", "statement"),
    "template": Kind("消息模板", "template"),
    "timetable": Kind("办理时间", "timetable"),
    "url": Kind("网页"),
    **{one.value: Kind(one.label) for one in AgreementDocument},
}
"""What stands before the colon of a subject."""

LABELS: dict[str, str] = {
    "accepted_at": "接受时间",
    "accepted_by": "受理人",
    "account": "账号",
    "accounts": "个人账户",
    "acknowledged_at": "确认时间",
    "act": "业务",
    "actor_name": "办理人",
    "address": "网络地址",
    "administrators": "管理员",
    "after": "更正",
    "amount_fen": "金额",
    "bank": "银行",
    "bank_account": "银行账号",
    "base_fen": "缴存基数合计",
    "branches": "网点",
    "case_no": "办件号",
    "center": "中心",
    "changed": "更正",
    "channels": "渠道",
    "charged": "计费条数",
    "chosen": "改为",
    "clause": "条款",
    "code": "规则",
    "codes": "规则",
    "count": "数量",
    "credit_code": "统一社会信用代码",
    "digest": "内容摘要",
    "due_fen": "应缴金额",
    "duty": "权限",
    "effective_on": "生效日期",
    "end_reason": "终止原因",
    "ended": "结束项数",
    "ends_on": "截止日期",
    "file": "文件摘要",
    "files": "文件数",
    "function": "业务",
    "gap_fen": "缺口金额",
    "good": "可以开户行数",
    "handler": "经办人",
    "hints": "提示",
    "hotline": "服务热线",
    "hours": "办理时间",
    "icp_record": "ICP备案号",
    "in_day": "一天内查询条数",
    "in_hour": "一小时内查询条数",
    "kind": "类别",
    "late": "未开户人数",
    "letters": "信函",
    "lines": "流水笔数",
    "looks_a_day": "经办人每天查询条数",
    "looks_an_hour": "经办人每小时查询条数",
    "looks_percent_a_day": "按职工人数每天加（%）",
    "looks_percent_an_hour": "按职工人数每小时加（%）",
    "looks_stop_factor": "超过几倍暂停查询",
    "message": "消息编号",
    "method": "请求方式",
    "mobile": "手机",
    "month": "年月",
    "most": "上限",
    "name": "名称",
    "new_handler": "新经办人",
    "new_mobile": "新手机",
    "note": "意见",
    "number": "编号",
    "number_prefix": "账号前缀",
    "old_handler": "原经办人",
    "old_mobile": "原手机",
    "on": "恢复发送",
    "opened": "开户人数",
    "papers_seen": "已核对",
    "path": "页面",
    "people": "人数",
    "person": "人员",
    "personal_fen": "个人月缴存额合计",
    "phone": "电话",
    "place": "行政区划代码",
    "police_record": "公安备案号",
    "proof": "交寄凭证",
    "purpose": "用途",
    "reason": "原因",
    "received_fen": "到账金额",
    "refused": "拒绝",
    "roles": "岗位",
    "rows": "行数",
    "scan": "扫描件",
    "scans": "扫描件",
    "scans_kept": "保留的扫描件",
    "scope": "限制范围",
    "services": "办理业务",
    "site_code": "网站标识码",
    "staff": "工作人员",
    "staff_looks_a_day": "工作人员每天查询条数",
    "staff_looks_an_hour": "工作人员每小时查询条数",
    "starts_on": "开始日期",
    "state": "状态",
    "subject": "对象",
    "title": "标题",
    "to_check": "请核对行数",
    "to_mend": "需要更正行数",
    "total_fen": "金额",
    "unit_account": "单位账号",
    "unit_account_number": "单位账号",
    "unit_fen": "单位月缴存额合计",
    "user_name": "用户名",
    "verdict": "复核结论",
    "version": "版本",
    "waived": "未附扫描件的原因",
    "way": "送达方式",
    "what": "内容",
    "why": "说明",
    **{one.value: f"{one.label}笔数" for one in LineState},
}
"""What the log's content is called, by its name."""

_WORDS: dict[str, Names] = {
    "channels": {channel.value: label for channel, label in CLOSABLE.items()},
    "function": {"": "全部业务", **{one.value: one.label for one in HallFunction}},
    "kind": {one.value: one.label for one in InquiryKind},
    "reason": dict(SealReason.choices),
    "roles": {one.value: one.label for one in Role},
    "state": {**dict(DeliveryState.choices), **dict(ApplicationState.choices)},
    "scans": {paper.value: label for paper, label in PAPERS.items()},
    "verdict": {one.value: one.label for one in ReviewState},
    "way": {one.value: one.label for one in Way},
}
_FIELDS: dict[str, Names] = {"changed": APPLICATION, "after": {**CENTER_LABELS, **NEW_BRANCH_LABELS}}
_UNSAID = frozenset({"agent", "draft"})
_DIGEST_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words. ``employer`` is whose matter it is, if anybody's; a link without address cannot be opened."""

    line: LogLine
    subject: Link
    employer: Link | None
    content: tuple[tuple[str, str], ...] = field(default=())


def told(lines: Sequence[LogLine], reader: Actor) -> Iterator[Told]:
    """Events in words, their names looked up together, with the addresses that the reader may open."""
    names = {
        kind: _names(kind, {_number(one.subject) for one in lines if _kind(one.subject) == kind}) for kind in KINDS
    }
    names["employer"] |= _names("employer", {str(one.employer_id) for one in lines if one.employer_id is not None})
    for line in lines:
        owner = f"employer:{line.employer_id}" if line.employer_id is not None else ""
        yield Told(
            line,
            subject=_said(line.subject, names, reader),
            employer=_said(owner, names, reader) if owner not in ("", line.subject) else None,
            content=tuple(_content(line)),
        )


def subject_words(subject: str, reader: Actor) -> str:
    """What one subject is called."""
    kind = _kind(subject)
    return _said(subject, {kind: _names(kind, {_number(subject)})}, reader).label


def _kind(subject: str) -> str:
    return subject.partition(":")[0]


def _number(subject: str) -> str:
    return subject.partition(":")[2]


def _names(kind: str, numbers: set[str]) -> dict[str, str]:
    find = KINDS[kind].names if kind in KINDS else None
    wanted = {number for number in numbers if number.isascii() and number.isdigit()}
    return {str(number): name for number, name in find(wanted)} if find and wanted else {}


def _said(subject: str, names: Mapping[str, Names], reader: Actor) -> Link:
    """``工作人员 李静``, and where that is looked at."""
    name, number = _kind(subject), _number(subject)
    kind = KINDS.get(name)
    if kind is None:
        return Link(subject, "")
    label = f"{kind.label} {names.get(name, {}).get(number, number)}".rstrip()
    if name == "export":
        return Link(label, _href("events-trace", [], reader) and f"{reverse('counter:events-trace')}?number={number}")
    return Link(label, _href(kind.page, [number], reader))


def _href(page: str, arguments: list[str], reader: Actor) -> str:
    if not page or not all(arguments) or not WHO[page][0].roles & reader.roles:
        return ""
    return reverse(f"counter:{page}", args=arguments)


def _content(line: LogLine) -> Iterator[tuple[str, str]]:
    """Label and text of what an event keeps."""
    kept: dict[str, Any] = {**line.detail, **line.result}
    before, after = kept.pop("before", None), kept.pop("after", None)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        kept["after"] = {name: [before.get(name, ""), new] for name, new in after.items() if before.get(name) != new}
    for name, value in kept.items():
        if name in _UNSAID or name.endswith("_id") or value in (None, "", [], {}):
            continue
        yield from _entries(name, value)


def _entries(name: str, value: Any) -> Iterator[tuple[str, str]]:
    label = LABELS.get(name, name)
    if not isinstance(value, Mapping):
        yield label, _text(name, value)
        return
    for inner, one in value.items():
        pair = isinstance(one, list) and len(one) == len(("before", "after"))
        text = " → ".join(_text(inner, part) or "（空）" for part in one) if pair else _text(inner, one)
        yield f"{label}：{_FIELDS.get(name, {}).get(inner) or LABELS.get(inner, inner)}", text


def _text(name: str, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(f"{LABELS.get(inner, inner)}：{_text(inner, one)}" for inner, one in value.items())
    if isinstance(value, list):
        return "、".join(
            _text(name, one) if not isinstance(one, list) else "：".join(_texts(name, one)) for one in value
        )
    if isinstance(value, int) and name.endswith("_fen"):
        return f"{Fen(value).yuan} 元"
    text = str(value)
    if name == "act":
        return act_label(text)
    if name.endswith("_at"):
        return _moment(text)
    if name in ("digest", "file"):
        return f"{text[:_DIGEST_SHOWN]}…"
    return _WORDS.get(name, {}).get(text, text)


def _texts(name: str, values: Iterable[Any]) -> Iterator[str]:
    return (_text(name, one) for one in values)


def _moment(text: str) -> str:
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        return text
