"""From checked rows to the staging table: encrypted, masked, and loaded as a set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from hpf.account_opening.encrypting import EncryptedNumbers, encrypt_numbers
from hpf.account_opening.laws import statements
from hpf.account_opening.masking import masked, to_json
from hpf.account_opening.models import RosterRow, Verdict
from hpf.account_opening.roster import CheckedRow
from hpf.account_opening.rules import has_citizen_form
from hpf.account_opening.shapes import BASE_COLUMN
from hpf.account_opening.shapes import RosterRow as SheetRow
from hpf.casework.models import Case
from hpf.kernel import Severity
from hpf.kernel.identity import citizen_birthday, citizen_sex
from hpf.registry.codes import Sex
from hpf.storage import Keyring, assert_in_transaction, keyring
from hpf.storage.incoming import load_incoming

VERDICTS = {
    None: Verdict.GOOD,
    Severity.CHECK: Verdict.CHECK,
    Severity.MEND: Verdict.MEND,
    Severity.REFUSED: Verdict.REFUSED,
}
"""From the gravest finding of a row to its verdict."""

_COLUMNS = {
    "row_no": "int4",
    "verdict": "text",
    "name": "text",
    "identity_type": "text",
    "identity_number": "bytea",
    "identity_digest": "bytea",
    "mobile": "bytea",
    "mobile_digest": "bytea",
    "sex": "text",
    "birthday": "date",
    "bank_card": "bytea",
    "wage_fen": "int8",
    "base_fen": "int8",
    "unit_fen": "int8",
    "personal_fen": "int8",
    "first_month": "date",
    "findings": "text",
}


_NONE_ENCRYPTED: Mapping[int, EncryptedNumbers] = MappingProxyType({})


def stage(case: Case, rows: Iterable[CheckedRow], encrypted: Mapping[int, EncryptedNumbers] = _NONE_ENCRYPTED) -> None:
    """Put the rows of a case into the staging table, in place of those that are there.

    ``encrypted`` holds the numbers that are encrypted already, by the number of the row; others are while they load.
    """
    assert_in_transaction()
    RosterRow.objects.filter(case_no=case.number).delete()
    ring = keyring()
    values = (_values(row, encrypted.get(row.row.number) or _encrypt(row.row, ring)) for row in rows)
    load_incoming("incoming_row", _COLUMNS, values)
    statements("take_incoming", case_no=case.number, employer_id=case.employer_id).execute()


def _encrypt(row: SheetRow, ring: Keyring) -> EncryptedNumbers:
    return encrypt_numbers(ring, row.document_number, row.mobile, row.bank_card)


def _values(checked: CheckedRow, encrypted: EncryptedNumbers) -> tuple[Any, ...]:
    """A row in the order of ``_COLUMNS``. A name that is no name is masked like a finding: it may hold a number."""
    row, terms, verdict = checked.row, checked.terms, VERDICTS[checked.verdict]
    number = row.document_number
    sound = verdict is not Verdict.REFUSED
    born_by_number = sound and has_citizen_form(row.document_type, number)
    return (
        row.number,
        verdict.value,
        row.name if sound else masked(row.name),
        row.document_type.value if row.document_type else None,
        encrypted.identity,
        encrypted.identity_digest,
        encrypted.mobile,
        encrypted.mobile_digest,
        citizen_sex(number) if born_by_number else row.sex or Sex.UNKNOWN.value,
        citizen_birthday(number) if born_by_number else row.birthday,
        encrypted.bank_card,
        terms.declared if terms and row.pay_key != BASE_COLUMN else None,
        terms.base if terms else None,
        terms.unit_amount if terms else None,
        terms.personal_amount if terms else None,
        row.first_month.first_day if row.first_month else None,
        json.dumps([to_json(finding) for finding in checked.findings], ensure_ascii=False)
        if checked.findings
        else "[]",
    )
