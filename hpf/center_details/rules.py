"""Rules of the center's details: what has to be said about a branch and about the center. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hpf.kernel import Refusal

CENTER_LABELS = {
    "name": "主办单位",
    "hotline": "服务热线",
    "address": "地址",
    "icp_record": "ICP备案号",
    "police_record": "公安备案号",
    "site_code": "网站标识码",
}
BRANCH_LABELS = {"name": "名称", "address": "地址", "hours": "办公时间", "phone": "电话", "services": "办理业务"}
NEW_BRANCH_LABELS = {"code": "编号", **BRANCH_LABELS, "place": "行政区划代码"}
"""What of each is kept, by the name of its column, as people say it."""

_NEEDED = frozenset({"name", "hotline", "code", "place"})
_DIGITS = {"code": 2, "place": 6, "site_code": 10}


def against(
    after: Mapping[str, str], before: Mapping[str, str], labels: Mapping[str, str], reason: str
) -> list[Refusal]:
    """Everything that is wrong with a change. ``where`` is the field's name."""
    refusals = [one for name, label in labels.items() for one in _against_text(name, label, after[name])]
    if after == before:
        refusals.append(Refusal("DETAILS-SAME", "没有改动", "所填内容与现在公布的相同", "请改动后再提交"))
    if not reason.strip():
        refusals.append(Refusal("DETAILS-REASON", "未填写变更原因", remedy="请写明原因和依据", where="reason"))
    return refusals


def _against_text(name: str, label: str, text: str) -> Iterator[Refusal]:
    if not text:
        if name in _NEEDED:
            yield Refusal("DETAILS-EMPTY", f"未填写{label}", remedy=f"请填写{label}", where=name)
    elif (count := _DIGITS.get(name)) and not re.fullmatch(f"[0-9]{{{count}}}", text):
        yield Refusal("DETAILS-DIGITS", f"{label}“{text}”不符", f"应为{count}位数字", "请改正", where=name)


CODE_TAKEN = Refusal("DETAILS-CODE", "这个编号已有网点", "每个网点的编号不同", "请换一个编号", where="code")
CHANGED_MEANWHILE = Refusal(
    "DETAILS-CHANGED",
    "提出之后内容已有其他变更",
    "现在公布的与提出变更时不同",
    "请退回，由提出人按现在的内容重新提出",
)
