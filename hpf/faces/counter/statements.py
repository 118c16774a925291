"""The bank's statements: taking one, and what became of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.urls import reverse

from hpf.casework.models import CaseState
from hpf.faces.counter.lines import line_row
from hpf.faces.web import forms
from hpf.faces.web.answers import file_response, told
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.keyset import Keyset
from hpf.faces.web.pages import page, refused_page
from hpf.faces.web.shapes.counter import StatementPage, StatementRow, StatementsPage
from hpf.faces.web.shapes.frame import Link, Progress
from hpf.kernel import Fen, Key, Refusal, Refused
from hpf.money_desk.handing_in import Waiting, bring_statement
from hpf.money_desk.queries import statements_waiting
from hpf.registry.models import BankAccount
from hpf.storage import antivirus, reading
from hpf.treasury import operations, queries
from hpf.treasury.queries import ImportedStatement
from hpf.treasury.rules import LineState
from hpf.treasury.statement import COLUMN_TITLES, Side, Statement, StatementHead, StatementLine, write_statement

ROWS = 50
_HEAD = ("account_no", "starts_on", "ends_on", "opening", "closing", "line_count")


@dataclass(frozen=True, slots=True)
class StatementForm:
    """A file, and the six values of a head that the file itself does not have."""

    file: UploadedFile = ask(
        "选择银行流水文件，或拖到这里",
        forms.file(),
        hint=f"CSV，UTF-8 或 GB18030 编码，列名：{'、'.join(COLUMN_TITLES)}",
    )
    account_no: str | None = ask("账号", forms.text(40), required=False)
    starts_on: date | None = ask("起始日期", forms.day(), required=False)
    ends_on: date | None = ask("截止日期", forms.day(), required=False)
    opening: Fen | None = ask("期初余额（元）", forms.amount(), required=False)
    closing: Fen | None = ask("期末余额（元）", forms.amount(), required=False)
    line_count: int | None = ask("笔数", forms.number(), required=False)
    gap: bool = ask("与前后对账单之间确有缺口，缺的一份稍后补导入", forms.tick(), required=False)


def statements(request: HallRequest) -> HttpResponse:
    """The statements taken last; a POST takes another one or hands it to a second person."""
    if request.method != "POST":
        return page(request, "counter/statements.html", _statements_page(forms.inputs(StatementForm)))
    try:
        form = forms.read(StatementForm, request.POST, request.FILES)
        operations.refuse_too_large(form.file.size or 0)
        receipt = bring_statement(
            b"".join(antivirus.checked(form.file.chunks())),
            name=form.file.name or "",
            typed=_typed(form),
            gap=form.gap,
            by=request.actor,
            today=request.today,
            key=forms.read_key(request.POST),
        )
    except Refused as refused:
        inputs = forms.inputs(StatementForm, request.POST, refused.refusals)
        with reading(request.actor):
            shape = _statements_page(inputs, refused.refusals, _first(refused))
            return refused_page(request, "counter/statements.html", shape)
    if "handed_in_id" in receipt.result:
        return told(reverse("counter:handed-in", args=[receipt.result["handed_in_id"]]), receipt)
    return told(reverse("counter:statement", args=[receipt.result["statement_id"]]), receipt)


def sample(request: HallRequest) -> HttpResponse:
    """A small file as the bank should write it, for the center's own account: what an import reads, and invented."""
    account = BankAccount.objects.filter(collects=True).values_list("number", flat=True).first() or "0000000000000000"
    day = request.today
    lines = (
        StatementLine(
            1, "LS0001", day, Side.CREDIT, Fen(96_000), "某某公司", "6222000000000001", "某某银行", "转账", "缴款码"
        ),
        StatementLine(
            2, "LS0002", day, Side.DEBIT, Fen(1_000), "某某银行", "0000000000000002", "某某银行", "手续费", ""
        ),
    )
    found = write_statement(Statement(account, day, day, Fen(0), Fen(95_000), lines))
    return file_response(found, "银行流水样例.csv", "text/csv; charset=utf-8")


def statement(request: HallRequest, statement_id: int) -> HttpResponse:
    """One statement: its totals, what became of its lines, and each line."""
    try:
        found = queries.bank_statement(statement_id)
    except LookupError:
        raise Http404 from None
    outcomes = queries.outcomes(statement_id)
    wanted = request.GET.get("outcome", "")
    states = [LineState(wanted)] if wanted in list(LineState) else None
    total = sum(count for state, (count, _) in outcomes.items() if states is None or state in states)
    keyset = Keyset.of(request, ROWS)
    lines = keyset.page(
        lambda after, limit: queries.lines(statement_id=statement_id, states=states, after=after, limit=limit),
        lambda before, limit: queries.lines(statement_id=statement_id, states=states, before=before, limit=limit),
    )
    shape = StatementPage(
        title=f"{_period(found)} 银行流水",
        account=_account(found),
        period=f"{found.imported_by}导入，编号 {found.id}",
        opening_fen=found.opening,
        closing_fen=found.closing,
        credited_fen=found.credited,
        debited_fen=found.debited,
        gap_fen=found.gap,
        count=found.line_count,
        progress=_progress(found),
        outcomes=tuple((state.value, state.label, *outcomes[state]) for state in LineState if state in outcomes),
        outcome=states[0].value if states else "",
        rows=tuple(line_row(line) for line in lines.rows),
        pager=keyset.pager(lines, lambda line: line.id, total),
    )
    return page(request, "counter/statement.html", shape)


def _typed(form: StatementForm) -> StatementHead | None:
    """The head that was typed in beside the file: whole or not at all."""
    values = {name: getattr(form, name) for name in _HEAD}
    missing = [name for name, value in values.items() if value is None]
    if len(missing) == len(values):
        return None
    if missing:
        labels = forms.questions(StatementForm)
        remedy = "文件没有文件头时六项都要填写；文件有文件头时都不用填写"
        raise Refused(
            Refusal("STATEMENT-HEAD-PART", f"未填写{labels[name].label}", remedy=remedy, where=name) for name in missing
        )
    return StatementHead(**values)


def _first(refused: Refused) -> Link | None:
    """The import that a refused one repeats, or what waits as the same."""
    if isinstance(refused, Waiting):
        return Link("查看待复核的这一份", reverse("counter:handed-in", args=[refused.handed_in_id]))
    if not isinstance(refused, operations.Repeated):
        return None
    return Link(
        f"查看编号 {refused.statement_id} 的导入结果", reverse("counter:statement", args=[refused.statement_id])
    )


def _statements_page(
    inputs: dict[str, Input], refusals: tuple[Refusal, ...] = (), first: Link | None = None
) -> StatementsPage:
    rows = tuple(_row(found) for found in queries.bank_statements(ROWS))
    accounts = tuple(BankAccount.objects.filter(collects=True).order_by("pk").values_list("number", "bank"))
    waiting = tuple(
        Link(f"{one.name}，由{one.proposed_name}提交", reverse("counter:handed-in", args=[one.pk]))
        for one in statements_waiting()
    )
    return StatementsPage(inputs, Key.fresh(), rows, accounts, refusals, waiting, first)


def _row(found: ImportedStatement) -> StatementRow:
    return StatementRow(
        id=found.id,
        at=found.imported_at,
        account=_account(found),
        period=_period(found),
        lines=found.line_count,
        credited_fen=found.credited,
        waiting=found.unidentified,
        state=CaseState.WORKING if found.on_their_way else CaseState.DONE,
    )


def _progress(found: ImportedStatement) -> Progress | None:
    if not found.on_their_way:
        return None
    return Progress("正在入账", found.line_count - found.on_their_way, found.line_count)


def _account(found: ImportedStatement) -> str:
    return f"{found.bank} {found.account_no}"


def _period(found: ImportedStatement) -> str:
    if found.starts_on == found.ends_on:
        return f"{found.starts_on}"
    return f"{found.starts_on} 至 {found.ends_on}"
