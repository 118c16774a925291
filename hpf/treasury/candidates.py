"""Candidates for a line that waits: whose money it might be, best first, with the clues. For a person's eyes only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hpf.kernel.identity import with_check_characters
from hpf.treasury.references import digit_strings
from hpf.treasury.rules import CaseShape, plain_account, plain_name
from hpf.treasury.statement import StatementLine

OWN_ACCOUNT, OWN_NAME = PAYER_CLUES = ("付款账号为单位登记账号", "付款户名与单位名称一致")
_SHOWN = 5
_COMMON = 200  # a pair of characters in more names than this says nothing: 有限, 公司, 乐山
_ALIKE = 0.45
_ACCOUNT_LENGTHS = range(6, 21)
_NEAR_REFERENCE_LENGTHS = range(11, 18)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that a line may be meant for. ``clues`` say in Chinese what speaks for it; the strongest first."""

    case: CaseShape
    score: int
    clues: tuple[str, ...]


class Candidates:
    """Payable cases, indexed by everything that a bank's line can say of them. Built once, asked for many lines."""

    def __init__(self, cases: Iterable[CaseShape]) -> None:
        self._cases = {case.case_no: case for case in cases if case.standing.is_payable}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_account: dict[str, list[int]] = defaultdict(list)
        self._by_unit_account: dict[str, list[int]] = defaultdict(list)
        self._by_sum: dict[int, list[int]] = defaultdict(list)
        self._by_reference: dict[str, list[int]] = defaultdict(list)
        for case in self._cases.values():
            self._file(case)
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            for pair in _pairs(name):
                self._by_pair[pair].append(name)

    def of(self, line: StatementLine) -> tuple[Candidate, ...]:
        """The best candidates for a line, at most five; of equals the older case first."""
        clues: dict[int, dict[str, int]] = defaultdict(dict)
        for case_no, clue, weight in self._clues(line):
            clues[case_no].setdefault(clue, weight)
        ranked = sorted(clues, key=lambda case_no: (-sum(clues[case_no].values()), case_no))[:_SHOWN]
        return tuple(
            Candidate(
                self._cases[case_no],
                sum(clues[case_no].values()),
                tuple(sorted(clues[case_no], key=lambda clue: -clues[case_no][clue])),
            )
            for case_no in ranked
        )

    def _file(self, case: CaseShape) -> None:
        for name in {plain_name(name) for name in case.employer_names}:
            self._by_name[name].append(case.case_no)
        for account in {plain_account(account) for account in case.payer_accounts}:
            self._by_account[account].append(case.case_no)
        if case.unit_account_no:
            self._by_unit_account[case.unit_account_no].append(case.case_no)
        self._by_sum[int(case.due)].append(case.case_no)
        for form in _near(with_check_characters(case.case_no)):
            self._by_reference[form].append(case.case_no)

    def _clues(self, line: StatementLine) -> Iterator[tuple[int, str, int]]:
        text = f"{line.remark} | {line.summary}"
        for case_no in self._by_name.get(plain_name(line.payer_name), ()):
            yield case_no, OWN_NAME, 70
        for case_no in self._by_account.get(plain_account(line.payer_account), ()):
            yield case_no, OWN_ACCOUNT, 40
        for case_no in self._by_sum.get(int(line.amount), ()):
            yield case_no, "金额与应缴金额一致", 30
        for digits in digit_strings(text, _ACCOUNT_LENGTHS):
            for case_no in self._by_unit_account.get(digits, ()):
                yield case_no, "附言中有单位账号", 50
        for digits in digit_strings(text, _NEAR_REFERENCE_LENGTHS):
            for form in _near(digits):
                for case_no in self._by_reference.get(form, ()):
                    yield case_no, "附言中的数字与缴款码相符或仅差一位", 45
        yield from self._names_in(plain_name(text), "附言中有相近的单位名称")
        yield from self._names_in(plain_name(line.payer_name), "付款户名与单位名称相近")

    def _names_in(self, text: str, clue: str) -> Iterator[tuple[int, str, int]]:
        """Names much of which stands in a text, and not the text itself: that is said otherwise. What is common to many
        names counts for nothing in finding them.
        """
        pairs = _pairs(text)
        hits = Counter(name for pair in pairs for name in self._rare(pair))
        for name, _ in hits.most_common(20):
            of_name = _pairs(name)
            share = len(of_name & pairs) / len(of_name)
            if share >= _ALIKE and name != text:
                for case_no in self._by_name[name]:
                    yield case_no, clue, round(30 * share)

    def _rare(self, pair: str) -> list[str]:
        names = self._by_pair.get(pair, [])
        return names if len(names) <= _COMMON else []


def _pairs(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}


def _near(digits: str) -> set[str]:
    """A number and the number without each of its digits: two numbers share one if a single slip lies between them."""
    return {digits} | {digits[:index] + digits[index + 1 :] for index in range(len(digits))}
