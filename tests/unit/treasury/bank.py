"""A made-up town of employers and a bank that delivers their money as real people send it. Seeded, so repeatable."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hpf.kernel import Fen
from hpf.kernel.identity import with_check_characters
from hpf.treasury.rules import CaseShape, Standing
from hpf.treasury.statement import Side, StatementLine

_TOWNS = ("乐山", "乐山市", "四川", "四川省乐山市", "峨眉山市", "夹江县", "犍为县", "井研县", "沐川县", "成都")
_BRAND = "嘉州宏达鑫源恒信永兴佳和瑞丰盛泰华安通顺德金玉龙凤云山海江河天地大中新东南西北光明星月春秋"
_TRADES = ("建筑工程", "商贸", "科技", "物业服务", "食品", "机械制造", "医药", "餐饮管理", "运输", "农业开发", "广告")
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "（普通合伙）", "厂", "经营部")
_PEOPLE = ("张伟", "王芳", "李娜", "刘洋", "陈杰", "杨敏", "黄磊", "周静")
_REMARKS = ("公积金汇缴 {}", "{}", "缴公积金{}谢谢", "8月公积金，编号：{}", "住房公积金 {} 汇缴202608")
FIRST_DAY = date(2026, 8, 1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A line as the bank delivers it, the case that its sender meant, and whether it must book by itself."""

    line: StatementLine
    meant: int | None
    is_right: bool


def town(seed: int, employers: int) -> list[CaseShape]:
    """Employers with one payable case each; some share a paymaster, some sums are equal."""
    rng = random.Random(seed)
    names: set[str] = set()
    while len(names) < employers:
        brand = "".join(rng.sample(_BRAND, rng.choice((2, 2, 3, 4))))
        names.add(rng.choice(_TOWNS) + brand + rng.choice(_TRADES) + rng.choice(_FORMS))
    return [_case(rng, index, name) for index, name in enumerate(sorted(names))]


def _case(rng: random.Random, index: int, name: str) -> CaseShape:
    payers = {name} | ({"乐山市市中区财政局"} if index % 50 == 0 else set())
    return CaseShape(
        case_no=1_000_000_001 + index * 3,
        unit_account_id=index,
        due=Fen(rng.choice((22_000, 88_000, 635_892)) if index % 20 == 0 else rng.randint(22_000, 90_000_000)),
        standing=Standing.AWAITING_PAYMENT,
        first_day=FIRST_DAY,
        last_day=FIRST_DAY + timedelta(days=14),
        employer_names=frozenset(payers),
        payer_accounts=frozenset({f"5110{index:015d}"}),
        unit_account_no=f"98260801{index:05d}",
    )


class Senders:
    """Draws lines: most are right, the rest go wrong in the ways that treasurers tell of."""

    def __init__(self, seed: int, cases: list[CaseShape]) -> None:
        self.rng = random.Random(seed)
        self.cases = cases
        self.ways = (
            (self.right, 50),
            (self.slipped_digit, 8),
            (self.without_reference, 8),
            (self.abbreviated_name, 6),
            (self.unit_account_only, 6),
            (self.other_s_reference, 4),
            (self.wrong_payer, 4),
            (self.short_or_over, 4),
            (self.late, 2),
            (self.stranger, 8),
        )

    def lines(self, count: int) -> Iterator[Sent]:
        """``count`` lines in the order in which the money came."""
        ways = self.rng.choices([way for way, _ in self.ways], [share for _, share in self.ways], k=count)
        for number, way in enumerate(ways):
            case = self.rng.choice(self.cases)
            (name, *_) = sorted(case.employer_names, key=len, reverse=True)
            line = StatementLine(
                line_no=number + 8,
                flow_no=f"F{number:08d}",
                booked_on=FIRST_DAY + timedelta(days=self.rng.randrange(15)),
                side=Side.CREDIT,
                amount=case.due,
                payer_name=name,
                payer_account=next(iter(case.payer_accounts)),
                payer_bank="某某银行",
                summary=self.rng.choice(("转账", "公积金", "跨行转账", "")),
                remark=self._remark(self._reference(case)),
            )
            yield way(line, case)

    def right(self, line: StatementLine, case: CaseShape) -> Sent:
        return Sent(line, case.case_no, is_right=True)

    def slipped_digit(self, line: StatementLine, case: CaseShape) -> Sent:
        digits = list(with_check_characters(case.case_no))
        index = self.rng.randrange(len(digits) - 1)
        slip = self.rng.randrange(4)
        if slip == 0:
            digits[index] = str((int(digits[index]) + self.rng.randint(1, 9)) % 10)
        elif slip == 1:
            digits[index], digits[index + 1] = digits[index + 1], digits[index]
        elif slip == 2:
            del digits[index]
        else:
            digits.insert(index, self.rng.choice("0123456789"))
        remark = self._remark("".join(digits))
        meant = "".join(digits) == with_check_characters(case.case_no)  # two equal neighbours swapped
        return Sent(replace(line, remark=remark), case.case_no, is_right=meant)

    def without_reference(self, line: StatementLine, case: CaseShape) -> Sent:
        remark = self.rng.choice(("公积金", "8月住房公积金", "", "代扣代缴", "202608"))
        return Sent(replace(line, remark=remark, payer_account=""), case.case_no, is_right=False)

    def abbreviated_name(self, line: StatementLine, case: CaseShape) -> Sent:
        name = line.payer_name
        short = self.rng.choice((name[:-2], name[2:], name.removesuffix("有限公司"), f"{name}工会委员会"))
        return Sent(replace(line, payer_name=short, payer_account="", remark="公积金"), case.case_no, is_right=False)

    def unit_account_only(self, line: StatementLine, case: CaseShape) -> Sent:
        remark = f"单位账号{case.unit_account_no} 公积金"
        payer = self.rng.choice(_PEOPLE)
        return Sent(replace(line, remark=remark, payer_name=payer, payer_account=""), case.case_no, is_right=False)

    def other_s_reference(self, line: StatementLine, case: CaseShape) -> Sent:
        """The number copied from somebody else's notice; everything else is the sender's own."""
        other = self.rng.choice(self.cases)
        remark = self._remark(self._reference(other))
        return Sent(replace(line, remark=remark), case.case_no, is_right=other is case)

    def wrong_payer(self, line: StatementLine, case: CaseShape) -> Sent:
        payer = self.rng.choice(_PEOPLE)
        return Sent(replace(line, payer_name=payer, payer_account="6222" + "0" * 12), case.case_no, is_right=False)

    def short_or_over(self, line: StatementLine, case: CaseShape) -> Sent:
        amount = case.due + self.rng.choice((-1, 1, -20_000, 100, 12_345))
        return Sent(replace(line, amount=amount), case.case_no, is_right=False)

    def late(self, line: StatementLine, case: CaseShape) -> Sent:
        return Sent(replace(line, booked_on=case.last_day + timedelta(days=1)), case.case_no, is_right=False)

    def stranger(self, line: StatementLine, _: CaseShape) -> Sent:
        """Money of another kind, with numbers in its text that look like something."""
        number = "".join(self.rng.choices("0123456789", k=self.rng.randint(8, 19)))
        remark = self.rng.choice(("还贷 {}", "利息{}", "合同编号{} 尾款", "{} 2026 08", "电话{}")).format(number)
        strange = replace(line, payer_name=self.rng.choice(_PEOPLE), payer_account=number, remark=remark)
        return Sent(strange, None, is_right=False)

    def _remark(self, reference: str) -> str:
        return self.rng.choice(_REMARKS).format(reference)

    def _reference(self, case: CaseShape) -> str:
        digits = with_check_characters(case.case_no)
        wide = digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        grouped = [" ".join(text[at : at + 4] for at in (0, 4, 8)) for text in (digits, wide)]
        return self.rng.choice((digits, digits, wide, *grouped))
