"""Opening accounts: by form at once, or from a roster that is uploaded, checked, looked at and opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hpf import evidence
from hpf.account_opening import confirmation, staging
from hpf.account_opening.cells import read_row
from hpf.account_opening.encrypting import EncryptedNumbers, encrypting
from hpf.account_opening.laws import context_of, laws_of_unit, statements
from hpf.account_opening.masking import to_json
from hpf.account_opening.models import Choice, Roster, RosterRow, Verdict
from hpf.account_opening.opening import Opened, open_staged, refuse_rows
from hpf.account_opening.roster import CheckedRow, RosterCheck, check_file
from hpf.account_opening.rules import Laws, context_findings, ground, laws_once, row_findings, terms
from hpf.account_opening.shapes import OpeningContext, Places
from hpf.account_opening.shapes import RosterRow as SheetRow
from hpf.account_opening.standings import Known, asked_alone, with_standing, with_standings
from hpf.casework import attachments, cases
from hpf.casework.models import Case, CaseKind, CaseState
from hpf.casework.progress import report_progress
from hpf.evidence import Receipt
from hpf.evidence.events import canonical
from hpf.kernel import Actor, Key, Month, Refusal, Refused, Severity
from hpf.papers.reading import Limits
from hpf.papers.reading.refusals import unreadable
from hpf.registry import timeline
from hpf.registry.models import Account, Center, UnitAccount
from hpf.storage import durable, keyring, reading, sm3
from hpf.storage.queue import defer

ROSTER_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNCONFIRMED = (CaseState.CHECKING, CaseState.READY)
"""The states in which a roster can still be given up."""
READY_ROWS = (Verdict.GOOD, Verdict.CHECK)


def upload_roster(
    *, unit_account_id: int, chunks: Iterable[bytes], name: str, by: Actor, today: date, key: Key
) -> Receipt:
    """Take a roster (上传开户花名册) and let the worker check it. The receipt's result holds ``case_no``.

    ``chunks`` are the file's content, ``name`` what it was called. A roster of the unit account that was not confirmed
    is withdrawn by it. Raises ``Refused``: the file is larger than 30 MB, the unit account opens nobody in its state,
    or another roster of it is being opened.
    """
    written = attachments.write(_bounded(chunks, Limits().file_bytes))
    content = {"unit": unit_account_id, "file": written.digest.hex()}
    with durable(by):
        if done := evidence.receipt(key, content, by, "upload_roster"):
            return done
        unit = timeline.lock_unit_account(unit_account_id)
        if refusals := context_findings(context_of(unit, today)):
            raise Refused(refusals)
        _withdraw_unconfirmed(unit, by, today)
        shown = attachments.shown_name(name)
        case = cases.open_case(
            CaseKind.ACCOUNT_OPENING,
            CaseState.CHECKING,
            employer_id=unit.employer_id,
            unit_account_id=unit.pk,
            title=f"批量开户：{shown}",
            by=by,
            today=today,
            holds=[f"unit:{unit.pk}"],
        )
        attachment = attachments.keep(written, name=shown, media_type=ROSTER_TYPE, case=case)
        Roster.objects.create(case=case, employer_id=unit.employer_id, attachment=attachment)
        _let_check(case)
        return _record("upload_roster", case, by, today, key, content, {"file": written.digest.hex()})


def check_roster(*, case_no: int, by: Actor, today: date) -> None:
    """Check an uploaded roster and stage its rows (核对花名册): the case becomes READY, or REFUSED with the reasons.

    Safe to repeat and to kill at any point: a roster that is checked stays as it is.
    """
    with reading(by):
        roster = Roster.objects.select_related("case", "attachment").get(pk=case_no)
        unit = UnitAccount.objects.get(pk=roster.case.unit_account_id)
        context, laws = context_of(unit, today), laws_of_unit(unit, Center.objects.get().place, by)
    case = roster.case
    if case.state != CaseState.CHECKING:
        return
    try:
        check, encrypted = _check(roster, unit, laws, context, by)
    except Refused as refused:
        _refuse_roster(case, refused.refusals, by, today)
    else:
        months = {row.row.first_month for row in check.rows if row.row.first_month}
        _keep_check(case, check, encrypted, ground(months, laws, context), by, today)


def recheck_roster(*, case_no: int, by: Actor, today: date, key: Key) -> Receipt:
    """Let a checked roster be checked again, after what it stood on has changed."""
    content = {"recheck_roster": case_no}
    with durable(by):
        if done := evidence.receipt(key, content, by, "recheck_roster"):
            return done
        cases.move(case_no, CaseState.CHECKING, origins=[CaseState.READY])
        case = Case.objects.get(pk=case_no)
        _let_check(case)
        return _record("recheck_roster", case, by, today, key, content)


def open_roster(
    *, case_no: int, choice: Choice, by: Actor, today: date, key: Key, accept_mended: bool = False
) -> Receipt:
    """Let the worker open a checked roster's accounts (确认开户).

    GOOD_ROWS opens what can be opened and leaves the rest; ALL_OR_NOTHING waits until every row is good. Rows to be
    mended count as good with ``accept_mended``: then their proposals hold. Raises ``Refused``: nobody can be opened,
    not all rows are good, or the check no longer holds.
    """
    content = {"case_no": case_no, "choice": choice, "accept_mended": accept_mended}
    with durable(by):
        if done := evidence.receipt(key, content, by, "open_roster"):
            return done
        case, roster, unit = _locked(case_no)
        cases.move(case_no, CaseState.WORKING, origins=[CaseState.READY])
        accepted = roster.to_mend if accept_mended else 0
        wishes = confirmation.choice_refusals(
            people=roster.people,
            good=roster.good + accepted,
            to_mend=roster.to_mend - accepted,
            all_or_nothing=choice == Choice.ALL_OR_NOTHING,
        )
        if refusals := [*wishes, *_outdated(case, roster, unit, by, today)]:
            raise Refused(refusals)
        Roster.objects.filter(pk=case_no).update(choice=choice, accept_mended=accept_mended)
        defer("open_accounts", lock=f"unit-{unit.pk}", case_no=case_no)
        return _record("open_roster", case, by, today, key, content, content)


@dataclass(frozen=True, slots=True)
class Opening:
    """What became of a roster: so many accounts opened; ``late`` rows lost to an account that came in between."""

    case_no: int
    opened: int
    late: int = 0
    refusals: tuple[Refusal, ...] = ()
    repeated: bool = False


def open_accounts(*, case_no: int, by: Actor, today: date) -> Opening:
    """Open the accounts of a roster that its handler has confirmed (批量开户). One transaction, whole or not at all.

    Who got an account since the check is reported and left out; where all or nothing was chosen, nobody is opened and
    the case goes back to READY. So it does if the check no longer holds. Safe to repeat. Basis: 条例 §13–§15.
    """
    try:
        with durable(by):
            return _open(case_no, by, today)
    except _Postponed as postponed:
        return _postpone(case_no, postponed, by, today)


def hand_back(*, case_no: int, by: Actor, today: date) -> None:
    """Give a roster back at which the worker failed again and again: the handler can go on, and is told why.

    One that was being opened waits for its handler again, one that was being checked is refused. Safe to repeat.
    """
    with reading(by):
        case = Case.objects.get(pk=case_no)
    if case.state == CaseState.CHECKING:
        _refuse_roster(case, [confirmation.not_checked()], by, today)
    else:
        _postpone(case_no, _Postponed([confirmation.not_opened()]), by, today)


def discard_roster(*, case_no: int, by: Actor, today: date, key: Key) -> Receipt:
    """Give a roster up that has opened nobody (撤销): its staged rows go, the file stays with the case."""
    content = {"discard_roster": case_no}
    with durable(by):
        if done := evidence.receipt(key, content, by, "discard_roster"):
            return done
        return _withdraw(case_no, by, today, key, content)


def _withdraw_unconfirmed(unit: UnitAccount, by: Actor, today: date) -> None:
    """Withdraw the roster of a unit account that nobody has confirmed: the mended one that is uploaded takes its place.

    The caller holds the lock of the unit account, which a confirmation takes too; the lock of the case keeps the check
    from ending in between.
    """
    for former in cases.in_the_way([f"unit:{unit.pk}"], [CaseKind.ACCOUNT_OPENING]):
        (state,) = statements("lock_case", case_no=former.case_no).row()
        if state in UNCONFIRMED:
            _withdraw(former.case_no, by, today, None, {})


def _withdraw(case_no: int, by: Actor, today: date, key: Key | None, content: Mapping[str, object]) -> Receipt:
    cases.move(case_no, CaseState.WITHDRAWN, origins=UNCONFIRMED)
    RosterRow.objects.filter(case_no=case_no).delete()
    return _record("discard_roster", Case.objects.get(pk=case_no), by, today, key, content)


def open_account(
    *,
    unit_account_id: int,
    person: Mapping[str, str],
    by: Actor,
    today: date,
    key: Key,
    accept_mended: bool = False,
) -> Receipt:
    """Open one person's account by form (个人账户设立): the roster's rules and the roster's statements.

    ``person`` holds the form's texts by column key, as ``papers.roster_columns`` names them, or ``base`` instead of
    ``monthly_wage``. The receipt's result holds ``case_no``, ``account_id`` and ``number``. Raises ``Refused`` with
    everything that is wrong; proposals to mend are among it until ``accept_mended``.
    """
    typed = {name: text.strip() for name, text in person.items() if text.strip()}
    content = {"unit": unit_account_id, "person": keyring().digest("opening", canonical(typed)).hex()}
    with reading(by):
        is_done = evidence.done(key) is not None
    people = {} if is_done else asked_alone(read_row(1, typed, Places())[0], unit_account_id, by)
    with durable(by):
        if done := evidence.receipt(key, content, by, "open_account"):
            return done
        unit = timeline.lock_unit_account(unit_account_id)
        checked = _check_person(typed, people, unit, by, today)
        if checked.verdict is Severity.REFUSED or (checked.verdict is Severity.MEND and not accept_mended):
            raise Refused(checked.findings)
        case = cases.open_case(
            CaseKind.ACCOUNT_OPENING,
            CaseState.DONE,
            employer_id=unit.employer_id,
            unit_account_id=unit.pk,
            title=f"开户：{checked.row.name}",
            by=by,
            today=today,
            month=checked.row.first_month,
            people=1,
        )
        staging.stage(case, [checked])
        opened = open_staged(unit, case.number, [staging.VERDICTS[checked.verdict]], today)
        if opened.late:
            raise Refused(finding for found in opened.late.values() for finding in found)
        account = Account.objects.get(pk__in=RosterRow.objects.filter(case_no=case.number).values("account_id"))
        result = {"account_id": account.pk, "number": account.number}
        return _record("open_account", case, by, today, key, content, result, result)


# Checking


def _check(
    roster: Roster, unit: UnitAccount, laws: Laws, context: OpeningContext, by: Actor
) -> tuple[RosterCheck, dict[int, EncryptedNumbers]]:
    """The roster's file checked, the register asked, and the numbers that were encrypted meanwhile.

    Raises ``Refused`` with what concerns the file or the unit.
    """
    case = roster.case

    def say(phase: str, done: int, total: int) -> None:
        with durable(by):
            report_progress(case, phase, done, total)

    with encrypting(keyring()) as encrypter:

        def seen(rows: Sequence[SheetRow]) -> None:
            encrypter.take(rows)
            say("读取名册", encrypter.people, 0)

        with attachments.opened(roster.attachment) as path:
            check = check_file(path, laws, context, seen)
        if blocking := [finding for finding in check.findings if finding.severity is Severity.REFUSED]:
            raise Refused(blocking)
        people, encrypted = len(check.rows), encrypter.encrypted()

        def asked(done: int) -> None:
            say("核对是否已有账户", done, people)

        rows = with_standings(check.rows, encrypted, unit, by, context.today, asked)
        say("保存核对结果", people, people)
        return replace(check, rows=tuple(rows)), encrypted


def _check_person(
    typed: Mapping[str, str], people: Mapping[bytes, Known], unit: UnitAccount, by: Actor, today: date
) -> CheckedRow:
    """One person from a form, checked as a row of a roster is; ``people`` is what the register said of him before."""
    context, laws = context_of(unit, today), laws_of_unit(unit, Center.objects.get().place, by)
    row, found = read_row(1, typed, Places())
    law = laws_once(laws, context)(row.first_month)
    if isinstance(law, Refused):
        said, row_terms, known_law = list(law.refusals), None, None
    else:
        said, row_terms, known_law = [], terms(row, law), law
    findings = (*context_findings(context), *found, *said, *row_findings(row, known_law, context))
    return with_standing(CheckedRow(row, row_terms, findings), people, today)


def _keep_check(
    case: Case, check: RosterCheck, encrypted: Mapping[int, EncryptedNumbers], stood_on: str, by: Actor, today: date
) -> None:
    with durable(by):
        if not _still_checking(case):
            return
        staging.stage(case, check.rows, encrypted)
        Roster.objects.filter(pk=case.number).update(
            sheet=check.sheet,
            checked_on=today,
            ground=sm3(stood_on.encode()),
            findings=[to_json(finding) for finding in check.findings],
        )
        statements("count_rows", case_no=case.number).execute()
        cases.move(case.number, CaseState.READY, origins=[CaseState.CHECKING])
        roster = Roster.objects.get(pk=case.number)
        Case.objects.filter(pk=case.number).update(people=roster.people)
        totals = {name: getattr(roster, name) for name in ("people", "good", "to_check", "to_mend", "refused")}
        _record("check_roster", case, by, today, None, {}, totals)


def _refuse_roster(case: Case, refusals: Sequence[Refusal], by: Actor, today: date) -> None:
    with durable(by):
        if not _still_checking(case):
            return
        cases.move(case.number, CaseState.REFUSED, origins=[CaseState.CHECKING])
        Roster.objects.filter(pk=case.number).update(
            checked_on=today, findings=[to_json(refusal) for refusal in refusals]
        )
        _record("refuse_roster", case, by, today, None, {}, {"codes": [refusal.code for refusal in refusals]})


def _still_checking(case: Case) -> bool:
    """Lock the case; ``False`` if it was given up, or checked by another worker, meanwhile."""
    (state,) = statements("lock_case", case_no=case.number).row()
    return bool(state == CaseState.CHECKING)


# Opening


class _Postponed(Exception):
    """Nobody is opened now; the case waits for its handler again. Rolls the opening back."""

    def __init__(self, refusals: Sequence[Refusal], late: Mapping[int, tuple[Refusal, ...]] | None = None) -> None:
        super().__init__(refusals)
        self.refusals = tuple(refusals)
        self.late = late or {}


def _open(case_no: int, by: Actor, today: date) -> Opening:
    case, roster, unit = _locked(case_no)
    if case.state != CaseState.WORKING:
        return Opening(case_no, roster.opened or 0, repeated=True)
    if outdated := _outdated(case, roster, unit, by, today):
        raise _Postponed(outdated)
    verdicts = [*READY_ROWS, *([Verdict.MEND] if roster.accept_mended else [])]
    opened = open_staged(unit, case_no, verdicts, today)
    if opened.late and roster.choice == Choice.ALL_OR_NOTHING:
        raise _Postponed([confirmation.late(len(opened.late))], opened.late)
    _finish(case, opened, by, today)
    return Opening(case_no, opened.people, len(opened.late))


def _locked(case_no: int) -> tuple[Case, Roster, UnitAccount]:
    """A roster with its case and its unit account, locked in that order: unit account, case."""
    unit_account_id = Case.objects.values_list("unit_account_id", flat=True).get(pk=case_no)
    unit = timeline.lock_unit_account(unit_account_id)
    statements("lock_case", case_no=case_no).row()
    roster = Roster.objects.select_related("case").get(pk=case_no)
    return roster.case, roster, unit


def _outdated(case: Case, roster: Roster, unit: UnitAccount, by: Actor, today: date) -> list[Refusal]:
    """Whether what the check stood on has changed; asked under the lock of the unit account."""
    months = [Month.of(month) for (month,) in statements("first_months", case_no=case.number).rows()]
    stands_on = ground(months, laws_of_unit(unit, Center.objects.get().place, by), context_of(unit, today))
    holds = roster.ground is not None and bytes(roster.ground) == sm3(stands_on.encode())
    return [] if holds else [confirmation.outdated(case.number)]


def _finish(case: Case, opened: Opened, by: Actor, today: date) -> None:
    refuse_rows(case.number, opened.late)
    cases.move(case.number, CaseState.DONE, origins=[CaseState.WORKING])
    Case.objects.filter(pk=case.number).update(people=opened.people)
    Roster.objects.filter(pk=case.number).update(opened=opened.people)
    totals = {
        "opened": opened.people,
        "late": len(opened.late),
        "base_fen": int(opened.base),
        "unit_fen": int(opened.unit_amount),
        "personal_fen": int(opened.personal_amount),
    }
    _record("open_accounts", case, by, today, None, {}, totals, totals)


def _postpone(case_no: int, postponed: _Postponed, by: Actor, today: date) -> Opening:
    with durable(by):
        case, roster, _ = _locked(case_no)
        if case.state != CaseState.WORKING:
            return Opening(case_no, roster.opened or 0, repeated=True)
        refuse_rows(case_no, postponed.late)
        cases.move(case_no, CaseState.READY, origins=[CaseState.WORKING])
        Roster.objects.filter(pk=case_no).update(findings=[to_json(refusal) for refusal in postponed.refusals])
        codes = {"codes": [refusal.code for refusal in postponed.refusals], "late": len(postponed.late)}
        _record("postpone_roster", case, by, today, None, {}, codes)
    return Opening(case_no, 0, len(postponed.late), postponed.refusals)


# Common parts


def _bounded(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The chunks of a file that is not too large; raises ``Refused`` as soon as it is."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise unreadable("FILE-TOO-LARGE", f"文件不能超过{most >> 20}MB")
        yield chunk


def _let_check(case: Case) -> None:
    defer("check_roster", lock=f"roster-{case.number}", case_no=case.number)


def _record(
    act: str,
    case: Case,
    by: Actor,
    today: date,
    key: Key | None,
    content: Mapping[str, object],
    detail: Mapping[str, object] | None = None,
    result: Mapping[str, object] | None = None,
) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"case:{case.number}",
        key=key,
        content=content,
        employer_id=case.employer_id,
        detail=detail,
        result={"case_no": case.number, **(result or {})},
    )
