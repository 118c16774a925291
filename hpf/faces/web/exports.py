"""Whatever leaves the hall as a file carries a number (追溯号), and the number is an event (agreement §8.4).

A view that makes a paper or a workbook asks for a number and puts it into the file; the door records who took it, from
where and how many rows, before the file leaves. A file whose event cannot be written does not leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hpf import evidence
from hpf.faces.web.reference import fresh_reference
from hpf.papers.marks import in_beijing
from hpf.storage import durable

if TYPE_CHECKING:
    from hpf.faces.web.door import HallRequest

ACT = "take_out"
EXPORTS: dict[str, str] = {
    "portal:roster-workbook": "花名册",
    "portal:records-workbook": "缴存记录",
    "portal:sheet-lines-workbook": "汇缴清册（Excel）",
    "portal:sheet-lines-paper": "汇缴清册",
    "portal:marked": "待更正的花名册",
    "portal:notice": "汇缴通知单",
    "portal:slip": "汇缴回单",
    "portal:statement": "个人缴存明细",
    "portal:handover-paper": "交接清单",
    "agreement-certificate": "协议签署凭证",
    "apply-paper": "单位开户登记申请表（预填）",
    "counter:agreement-certificate": "协议签署凭证",
    "counter:change-slip": "经办人或手机号码变更回执",
    "counter:hand-over": "初始密码函",
    "counter:grant-hand-over": "初始密码函",
    "counter:print-application": "单位开户登记申请表",
    "portal:restriction-paper": "限制使用通知书",
    "counter:restriction-paper": "限制使用通知书",
    "counter:restriction-evidence": "限制使用的证据材料",
    "counter:scan": "扫描件",
    "counter:handed-in-file": "提交复核的对账单",
    "counter:application-scan": "登记材料扫描件",
    "counter:termination-paper": "单位终止使用申请表",
    "counter:letters-paper": "通知信函",
}
"""URL name: what is taken out there. Files without anybody's data (templates, published texts) are not in it."""


@dataclass(slots=True)
class Export:
    """One file on its way out. ``rows`` is ``None`` where nobody counts them."""

    number: str
    rows: int | None = None


def export_of(request: HallRequest, rows: int | None = None) -> Export:
    """The export that this request makes, with its number; the door records it when the file leaves."""
    if request.export is None:
        request.export = Export(fresh_reference(groups=3))
    if rows is not None:
        request.export.rows = rows
    return request.export


def subject_of(number: str) -> str:
    """What the event of a number is about."""
    return f"export:{number}"


def watermark_of(request: HallRequest) -> str:
    """Who takes a list out, when, and the number of it: stands in the list and at the foot of its printed pages."""
    moment, number = f"{in_beijing(request.visit.now):%Y-%m-%d %H:%M}", export_of(request).number
    return f"{request.actor.name}　{moment} 导出　追溯号 {number}　含个人信息，请妥善保管"


def record_export(request: HallRequest, name: str) -> None:
    """Write the event of a file that is about to leave. ``name`` is the address's."""
    export = export_of(request)
    with durable(request.actor, suspended_too=True):
        evidence.record(
            ACT,
            by=request.actor,
            today=request.today,
            subject=subject_of(export.number),
            detail={"what": EXPORTS[name], "path": request.get_full_path()[:200]},
            result={"rows": export.rows} if export.rows is not None else {},
        )
