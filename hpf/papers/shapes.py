"""What a paper is told. Frozen shapes: amounts in ``Fen``, months as ``Month``; identity numbers come masked.

A shape whose figures do not add up cannot be made (``ValueError``): no wrong sum reaches paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hpf.kernel import Fen, Month, Rate


@dataclass(frozen=True, slots=True)
class CenterShape:
    """The center in whose name a paper is issued (中心名称, 服务热线)."""

    name: str
    hotline: str
    address: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Imprint:
    """The foot of a paper: its number, when it was printed and by whom. The clock is the caller's.

    ``trace`` (追溯号) is the number of this one printing; the event log knows who has it.
    """

    number: str
    printed_at: datetime
    printed_by: str
    trace: str = ""


@dataclass(frozen=True, slots=True)
class UnitShape:
    """An employer's unit account as papers name it (单位名称, 单位账号)."""

    name: str
    account_no: str


@dataclass(frozen=True, slots=True)
class BankAccountShape:
    """A bank account that money goes to (户名, 账号, 开户银行)."""

    name: str
    number: str
    bank: str


@dataclass(frozen=True, slots=True)
class Headcount:
    """People and their money: one pair of cells of a 汇缴书."""

    people: int
    amount: Fen

    def __add__(self, other: Headcount) -> Headcount:
        return Headcount(self.people + other.people, self.amount + other.amount)

    def __sub__(self, other: Headcount) -> Headcount:
        return Headcount(self.people - other.people, self.amount - other.amount)


NOBODY = Headcount(0, Fen(0))


@dataclass(frozen=True, slots=True)
class RemittanceSheet:
    """One month's 汇缴书: 上月汇缴 + 本月增加 − 本月减少 = 本月汇缴, in people and in money (domain H-06).

    A changed base enters ``added`` or ``removed`` with money and no people, so either amount may stand without people.
    ``unit_share`` and ``member_share`` are the two sides of this month's sum; ``back`` is 补缴 paid along with it.
    """

    month: Month
    unit_rate: Rate
    member_rate: Rate
    previous: Headcount
    added: Headcount
    removed: Headcount
    unit_share: Fen
    member_share: Fen
    back: Headcount = NOBODY

    def __post_init__(self) -> None:
        if self.unit_share + self.member_share != self.current.amount:
            raise ValueError(
                f"汇缴书 {self.month}: {self.unit_share} + {self.member_share} is not the month's {self.current.amount}"
            )

    @property
    def current(self) -> Headcount:
        """本月汇缴."""
        return self.previous + self.added - self.removed

    @property
    def due(self) -> Fen:
        """本月汇缴 and 补缴 together."""
        return self.current.amount + self.back.amount


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """汇缴通知单: what to pay, where to, with which reference, until when.

    ``sheets`` holds one month or several in order. ``from_unallocated`` is 暂存款 reserved for it and
    ``received`` what has come under the reference already (待补足); the bank is to bring the rest.
    ``beside`` came into 暂存款 otherwise, and the employer uses it by a click once the rest has come;
    ``unallocated_free`` is what remains there besides. ``reference`` is digits with check digits;
    ``remittance_note`` the text for the transfer's 附言. ``approver`` is the employer's second person, if it has one.
    """

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    sheets: tuple[RemittanceSheet, ...]
    from_unallocated: Fen
    unallocated_free: Fen
    reference: str
    remittance_note: str
    pay_to: BankAccountShape
    last_day: date
    issued_at: datetime
    handler: str
    received: Fen
    beside: Fen
    basis: tuple[str, ...] = ()
    approver: str = ""

    def __post_init__(self) -> None:
        if not self.sheets:
            raise ValueError("a payment notice without a month")
        if self.from_unallocated < 0 or self.received < 0 or self.payable < 0:
            raise ValueError(f"{self.from_unallocated} of 暂存款 and {self.received} received of a sum of {self.due}")

    @property
    def due(self) -> Fen:
        """The sum of all months."""
        return sum((sheet.due for sheet in self.sheets), Fen(0))

    @property
    def payable(self) -> Fen:
        """What the bank is to bring: the sum less the reserved 暂存款 and what has come."""
        return self.due - self.from_unallocated - self.received - self.beside


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that paid a sheet: one line of the bank's statement."""

    payer_name: str
    payer_account: str
    bank_flow_no: str
    received_on: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class RemittanceReceipt:
    """汇缴回单: one month is booked to its members' accounts.

    ``entry_no`` is the booking's number (记账流水号); ``voucher_no`` the accounting voucher's, given at day close.
    ``payments`` and ``from_unallocated`` say where the money came from; what was over went to 暂存款. ``approver`` is
    the employer's second person, if it has one.
    """

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    month: Month
    people: int
    unit_share: Fen
    member_share: Fen
    entry_no: str
    book_date: date
    reference: str
    payments: tuple[Payment, ...]
    from_unallocated: Fen
    unallocated_balance: Fen
    paid_through: Month
    handler: str
    channel: str
    voucher_no: str = ""
    approver: str = ""

    @property
    def total(self) -> Fen:
        return self.unit_share + self.member_share


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One member in a 汇缴清册."""

    account_no: str
    name: str
    document_masked: str
    base: Fen
    unit_share: Fen
    member_share: Fen

    @property
    def total(self) -> Fen:
        return self.unit_share + self.member_share


@dataclass(frozen=True, slots=True)
class RemittanceRoster:
    """汇缴清册: the members of one unit account in one month, in the order in which they are to be printed.

    ``approver`` is the employer's second person, if it has one. ``is_void``: the month was given up in this ``state``.
    """

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    month: Month
    unit_rate: Rate
    member_rate: Rate
    lines: Sequence[RosterLine]
    handler: str
    state: str = ""
    approver: str = ""
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class InitialPasswordLetter:
    """初始密码函: the one paper on which a password stands, for whom has the ``duty``. Print once, keep nothing."""

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    duty: str
    handler: str
    user_name: str
    password: str
    valid_until: date
    hall_address: str


@dataclass(frozen=True, slots=True)
class CounterSlip:
    """回执 of something done at the counter: ``facts`` as they are to be read, ``notes`` what follows from it."""

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    title: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    handled_by: str
    done_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """信函: a message on paper to one employer. ``digest`` is the message's, as it is kept."""

    employer: str
    postcode: str
    address: str
    title: str
    paragraphs: tuple[tuple[str, ...], ...]
    number: str
    day: date
    digest: str


@dataclass(frozen=True, slots=True)
class LetterBatch:
    """Letters that are printed together, each on a sheet of its own."""

    center: CenterShape
    imprint: Imprint
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class RestrictionNotice:
    """通知书 of a restriction for breach. ``clause`` and ``clause_text`` stand in the ``version`` of the agreement.

    The center decides to ``deed`` what the employer ``used``; ``answer_days`` are working days.
    """

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    title: str
    deed: str
    used: str
    scope: str
    reason: str
    version: str
    clause: str
    clause_text: str
    until: str
    decided_on: date
    appeal_by: date
    answer_days: int


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A case in the hand-over pack."""

    case_no: str
    on: date
    title: str
    amount: Fen | None
    began_by: str
    state: str


@dataclass(frozen=True, slots=True)
class HandoverPack:
    """交接清单: what a new handler finds. ``dues`` and ``money`` are (what, when or how much)."""

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    lead: str
    open_cases: tuple[HandoverLine, ...]
    dues: tuple[tuple[str, str], ...]
    money: tuple[tuple[str, str], ...]
    history: tuple[HandoverLine, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting on a member's account; ``amount`` is signed. ``month`` is the contribution month, if it has one."""

    book_date: date
    kind: str
    month: Month | None
    amount: Fen
    unit_name: str = ""
    entry_no: str = ""


@dataclass(frozen=True, slots=True)
class MemberStatement:
    """个人缴存明细: a member's account over the days ``[start, end]``, both printed as included."""

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    member_name: str
    document_masked: str
    account_no: str
    state: str
    start: date
    end: date
    opening: Fen
    movements: tuple[Movement, ...]

    @property
    def closing(self) -> Fen:
        return sum((movement.amount for movement in self.movements), self.opening)


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a form, ticked or not."""

    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """附件1 单位开户登记申请表: the boxes in the order of the form, the declarations in the center's name.

    ``beyond`` is what opening needs and the form of the agreement has no place for, as pairs of label and value,
    two to a row.
    """

    center: CenterShape
    imprint: Imprint
    number: str
    name: str
    postcode: str
    address: str
    legal_representative: str
    legal_representative_phone: str
    economic_type: str
    industry: str
    affiliation: tuple[Box, ...]
    supervising_department: str
    nature: tuple[Box, ...]
    declared_member_count: int
    bank_name: str
    bank_account: str
    fund_department: tuple[Box, ...]
    handler: str
    handler_mobile: str
    personal_rate: Rate
    unit_rate: Rate
    beyond: tuple[tuple[str, str], ...]
    declarations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TerminationForm:
    """附件2 单位终止使用申请表, in duplicate, with the center's note of the day on which the service ended."""

    center: CenterShape
    imprint: Imprint
    number: str
    name: str
    postcode: str
    address: str
    user_name: str
    reason: str
    responsible: str
    filled_by: str
    filled_on: date
    ended_on: date
    ended_by: str


@dataclass(frozen=True, slots=True)
class BlankForm:
    """附件1 or 附件2 to be filled in by hand: the boxes, the labels of what opening needs, the declarations."""

    center: CenterShape
    affiliation: tuple[str, ...] = ()
    nature: tuple[str, ...] = ()
    fund_department: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    declarations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementCertificate:
    """协议签署凭证: who accepted which version for whom, when and from where, and the whole text that was accepted.

    ``chapters`` are (heading, clauses); ``ended_on`` is the day on which the acceptance ended.
    """

    center: CenterShape
    imprint: Imprint
    unit: UnitShape
    document: str
    title: str
    version: str
    effective_on: date
    digest: str
    handler: str
    accepted_at: datetime
    address: str
    agent: str
    ended_on: date | None
    chapters: tuple[tuple[str, tuple[str, ...]], ...]
