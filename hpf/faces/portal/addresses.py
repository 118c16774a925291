"""Where the portal's pages stand."""

from __future__ import annotations

from django.urls import reverse

from hpf.casework.models import Case, CaseKind
from hpf.faces.web.shapes.frame import Download, Link
from hpf.papers.rosters import VOLUME_LINES
from hpf.remittance.models import Sheet


def sheet_href(case_no: int) -> str:
    """A declared month."""
    return reverse("portal:sheet", args=[case_no])


def case_link(case: Case) -> Link:
    """The page of a case: of a declared month, of a roster, else its receipt."""
    if case.kind == CaseKind.REMITTANCE:
        return Link("查看", sheet_href(case.number))
    if case.kind == CaseKind.ACCOUNT_OPENING and hasattr(case, "roster"):
        return Link("查看", reverse("portal:preview", args=[case.number]))
    return Link("回执", reverse("portal:receipt", args=[case.number]))


def sheet_downloads(sheet: Sheet, *, to_transfer: bool) -> tuple[Download, ...]:
    """The papers of a declared month: the notice while there is something ``to_transfer``, the receipt once booked."""
    files = []
    if to_transfer:
        files.append(Download("汇缴通知单", reverse("portal:notice", args=[sheet.pk]), "PDF"))
    if sheet.entry_id:
        files.append(Download("汇缴回单", reverse("portal:slip", args=[sheet.pk]), "PDF"))
    roll = reverse("portal:sheet-lines-paper", args=[sheet.pk])
    volumes = max(1, -(-sheet.people // VOLUME_LINES))
    if volumes == 1:
        files.append(Download("汇缴清册", roll, "PDF"))
    else:
        files += [Download(f"汇缴清册 第{n}册", f"{roll}?volume={n}", "PDF") for n in range(1, volumes + 1)]
    return (*files, Download("汇缴清册", reverse("portal:sheet-lines-workbook", args=[sheet.pk]), "Excel"))
