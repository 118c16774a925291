"""The worked scenario, steps 1 to 7, with exactly its numbers: `tests/cases/worked_scenario.yaml`, walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from hpf.account_opening.operations import open_account
from hpf.casework.models import CaseState
from hpf.faces.batch.treasury import settle_statement
from hpf.faces.cli.demo.employers import registered
from hpf.faces.cli.demo.ground import lay_ground, member_of_staff
from hpf.faces.cli.demo.plan import plan
from hpf.faces.cli.verify import look
from hpf.kernel import Actor, ActorKind, Channel, Fen, Key, Month, Refused
from hpf.kernel.identity import citizen_check_digit, with_check_characters
from hpf.ledger.accounts import balance, unallocated
from hpf.ledger.books import trial_balance
from hpf.policy import choose_business_day
from hpf.registry.codes import Role, SealReason, UnitState
from hpf.registry.models import Account, Center, UnitAccount
from hpf.remittance import queries as remittance
from hpf.remittance.models import Sheet
from hpf.remittance.operations import submit_sheet
from hpf.sealing.operations import seal_members
from hpf.storage import durable, reading
from hpf.treasury import queries as treasury
from hpf.treasury.operations import import_statement
from hpf.treasury.statement import Side, Statement, StatementLine, write_statement
from tests.conftest import CenterDatabase

CASES = Path(__file__).parent.parent / "cases"
CASE = yaml.load((CASES / "worked_scenario.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only


class Walk:
    """A unit walking through the steps; every word of a step is a method that does it or looks."""

    def __init__(self, unit: Mapping[str, str]) -> None:
        self.today = date.fromisoformat(unit["登记日期"])
        self.bank_balance = Fen(0)
        self.statement_ids: list[int] = []
        lay_ground(plan().center, self.today)
        application = replace(
            plan().newcomer.application,
            name=unit["单位全称"],
            credit_code=unit["统一社会信用代码"],
            unit_rate=unit["单位缴存比例"],
            personal_rate=unit["个人缴存比例"],
            payday=unit["发薪日"],
            first_month=unit["首次汇缴年月"],
            founded_on=unit["登记日期"],
        )
        made = registered(application, self.today).result
        self.unit_id: int = made["unit_account_id"]
        self.handler = Actor(ActorKind.HANDLER, made["handler_id"], "经办人", Channel.PORTAL, made["employer_id"])

    def take(self, step: Mapping[str, Any]) -> None:
        """Do what a step says, in the order in which it says it, and look at its results."""
        self.today = date.fromisoformat(step["日期"])
        with durable(Actor.SYSTEM):
            choose_business_day(self.today)
        for word, asked in step.items():
            if word in self.ACTS:
                self.ACTS[word](self, asked)
        with reading(Actor.SYSTEM):
            found = {word: self.LOOKS[word](self, expected) for word, expected in step["结果"].items()}
        assert found == step["结果"], step["说明"]

    # What people do

    def open_accounts(self, people: list[Mapping[str, str]]) -> None:
        for person in people:
            typed = {
                "name": person["姓名"],
                "document_type": "身份证",
                "document_number": self._number(person["姓名"]),
                "monthly_wage": person["月平均工资"],
                "first_month": person["首次缴存年月"],
            }
            open_account(unit_account_id=self.unit_id, person=typed, by=self.handler, today=self.today, key=Key.fresh())

    def seal(self, asked: Mapping[str, Any]) -> None:
        with reading(self.handler):
            ids = [self.account(name).pk for name in asked["职工"]]
        seal_members(
            unit_account_id=self.unit_id,
            account_ids=ids,
            effective_month=Month.parse(asked["生效年月"]),
            reason=SealReason.ENDED,
            by=self.handler,
            today=self.today,
            key=Key.fresh(),
        )

    def declare(self, month: str) -> None:
        with reading(self.handler):
            preview = remittance.preview(self.unit, Month.parse(month), self.today, Center.objects.get().place)
        submit_sheet(
            unit_account_id=self.unit_id,
            month=Month.parse(month),
            digest=preview.digest,
            use_unallocated=False,
            by=self.handler,
            today=self.today,
            key=Key.fresh(),
        )

    def money(self, asked: Mapping[str, str]) -> None:
        self._import(self._line(asked, self.today), self.today)

    def money_again(self, asked: Mapping[str, str]) -> None:
        """The file of before once more is refused; the line in a file of more days is repeated."""
        first_day = date.fromisoformat(asked["原到账日期"])
        line = self._line(asked, first_day)
        self.bank_balance -= line.amount
        with pytest.raises(Refused) as refused:
            self._import(line, first_day)
        assert refused.value.codes == ("STATEMENT-REPEATED",)
        self._import(line, self.today)

    ACTS = {"开户": open_accounts, "封存": seal, "核定": declare, "到账": money, "重复到账": money_again}

    # What is there afterwards

    @property
    def unit(self) -> UnitAccount:
        return UnitAccount.objects.select_related("employer").get(pk=self.unit_id)

    @property
    def sheet(self) -> Sheet:
        return Sheet.objects.select_related("case").latest("case_id")

    def account(self, name: str) -> Account:
        return Account.objects.get(member__name=name)

    def members(self, expected: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: self._terms(self.account(name)) for name in expected}

    def balances(self, expected: Mapping[str, str]) -> Mapping[str, str]:
        return {name: balance(self.account(name).pk).plain_yuan for name in expected}

    def books(self, expected: Mapping[str, str]) -> Mapping[str, str]:
        """The balances of the subjects: 101 on the debit side, the others on the credit side."""
        sides = trial_balance()
        balances = {code: sides[code][1] - sides[code][0] for code in expected}
        return {code: (-fen if code == "101" else fen).plain_yuan for code, fen in balances.items()}

    def line_state(self, _: str) -> str:
        (line,) = treasury.lines(statement_id=self.statement_ids[-1])
        return line.state.label

    LOOKS = {
        "职工": members,
        "余额": balances,
        "科目": books,
        "到账状态": line_state,
        "单位账户状态": lambda self, _: UnitState(self.unit.state).label,
        "缴至年月": lambda self, _: str(self.unit.paid_through),
        "暂存款": lambda self, _: unallocated(self.unit_id)[1].plain_yuan,
        "上月": lambda self, _: _figures(self.sheet.last_people, self.sheet.last_fen),
        "增加": lambda self, _: _figures(self.sheet.added_people, self.sheet.added_fen),
        "减少": lambda self, _: _figures(self.sheet.removed_people, self.sheet.removed_fen),
        "本月": lambda self, _: _figures(self.sheet.people, self.sheet.total_fen),
        "应缴金额": lambda self, _: self.sheet.due_fen.plain_yuan,
        "通知单有效至": lambda self, _: str(self.sheet.last_day),
        "办件状态": lambda self, _: CaseState(self.sheet.case.state).label,
    }

    # Common parts

    def _import(self, line: StatementLine, day: date) -> None:
        opening, closing = self.bank_balance, self.bank_balance + line.amount
        content = write_statement(
            Statement(plan().center.founding.bank_account, line.booked_on, day, opening, closing, (line,))
        )
        receipt = import_statement(
            content=content, by=member_of_staff(Role.TREASURER), today=self.today, key=Key.fresh()
        )
        settle_statement(statement_id=receipt.result["statement_id"])
        self.statement_ids.append(receipt.result["statement_id"])
        self.bank_balance = closing

    def _line(self, asked: Mapping[str, str], day: date) -> StatementLine:
        with reading(Actor.SYSTEM):
            reference, unit = with_check_characters(self.sheet.case_id), self.unit
        return StatementLine(
            line_no=1,
            flow_no=asked["流水号"],
            booked_on=day,
            side=Side.CREDIT,
            amount=Fen.from_yuan(asked["金额"]),
            payer_name=unit.employer.name,
            payer_account=unit.bank_account,
            payer_bank=unit.bank_name,
            summary="转账",
            remark=asked["附言"].replace("缴款码", reference),
        )

    def _number(self, name: str) -> str:
        first_17 = f"99010119900101{ord(name[0]) % 1000:03d}"
        return first_17 + citizen_check_digit(first_17)

    def _terms(self, account: Account) -> Mapping[str, str]:
        return {
            "缴存基数": account.base_fen.plain_yuan,
            "单位": account.unit_fen.plain_yuan,
            "个人": account.personal_fen.plain_yuan,
            "合计": account.monthly_fen.plain_yuan,
        }


def _figures(people: int, fen: Fen) -> Mapping[str, str]:
    return {"人数": str(people), "金额": fen.plain_yuan}


@pytest.fixture
def walk(center: CenterDatabase) -> Iterator[Walk]:
    return Walk(CASE["单位"])


def test_the_worked_scenario_comes_out_to_the_fen(walk: Walk) -> None:
    for step in CASE["步骤"]:
        walk.take(step)
    assert [finding for finding in look() if finding.faults] == []
