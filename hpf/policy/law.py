"""The law of one day at one place, built from dated terms. Pure: knows neither database nor clock."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, cast, overload

from hpf.kernel import DateRange, Fen, Refusal, Refused
from hpf.policy.units import ANNUAL_RATE, BOOLEAN, COUNT, DAYS, FEN, MONTHS, RATE, ROUNDING, TEXT, YEARS, T, Unit

NATIONAL = "000000"
_PLACE = re.compile(r"^[0-9]{6}$")


@dataclass(frozen=True, slots=True)
class Term:
    """What was decided for one parameter at one place from one day on, and where that is written.

    It holds until the next term of the same name and place starts, and no longer than ``ends_on`` (exclusive) where
    that is given. ``value`` is text in the parameter's unit; ``checked`` says how far the source was checked.
    """

    name: str
    place: str
    starts_on: date
    value: str
    unit: str
    source: str
    ends_on: date | None = None
    checked: str = ""

    def __post_init__(self) -> None:
        if not _PLACE.match(self.place):
            raise ValueError(f"{self.name}: a place has six digits (GB/T 2260), not {self.place!r}")
        if not self.source.strip():
            raise ValueError(f"{self.name} of {self.starts_on}: a value without a source")
        DateRange(self.starts_on, self.ends_on)

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in this term, later terms left aside."""
        return day in DateRange(self.starts_on, self.ends_on)


class Parameter(Generic[T]):
    """One parameter of the law: an attribute of `Law` with a unit and the name that clerks use.

    Read from a law it gives the value in force, or raises `NoLawInForce`.
    """

    name: str

    def __init__(self, unit: Unit[T], label: str) -> None:
        self.unit = unit
        self.label = label

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, law: None, owner: type) -> Parameter[T]: ...
    @overload
    def __get__(self, law: Law, owner: type) -> T: ...
    def __get__(self, law: Law | None, owner: type) -> Parameter[T] | T:
        if law is None:
            return self
        if self.name not in law.values:
            raise NoLawInForce(self, law)
        return cast(T, law.values[self.name])

    def read(self, term: Term) -> T:
        """The value of a term of this parameter. Raises ``ValueError``."""
        if term.unit != self.unit.name:
            raise ValueError(f"{self.name} is kept in {term.unit} and read in {self.unit.name}")
        return self.unit.read(term.value)


@dataclass(frozen=True)
class Law:
    """All parameters in force on one day at one place. Made by `law_of`; see `Parameter` for what an attribute gives.

    ``terms`` are the terms in force by name, ``lapsed`` the last ones of names that have none now.
    """

    day: date
    place: str
    terms: Mapping[str, Term] = field(hash=False)
    lapsed: Mapping[str, Term] = field(hash=False)
    values: Mapping[str, Any] = field(hash=False, repr=False)

    base_floor_fen = Parameter(FEN, "缴存基数下限")
    base_cap_fen = Parameter(FEN, "缴存基数上限")
    rate_min = Parameter(RATE, "缴存比例下限")
    rate_max = Parameter(RATE, "缴存比例上限")
    rate_step = Parameter(RATE, "缴存比例最小单位")
    rates_must_be_equal = Parameter(BOOLEAN, "单位与个人缴存比例须一致")
    rounding = Parameter(ROUNDING, "月缴存额取整方法")
    minimum_age = Parameter(YEARS, "最低开户年龄")

    interest_rate = Parameter(ANNUAL_RATE, "结息利率")
    interest_rate_current = Parameter(ANNUAL_RATE, "当年归集结息利率")
    interest_rate_carried = Parameter(ANNUAL_RATE, "上年结转结息利率")
    interest_day_basis = Parameter(DAYS, "计息年天数")

    max_advance_months = Parameter(MONTHS, "可提前汇缴月数")
    first_month_after = Parameter(MONTHS, "首次汇缴年月最多晚于登记月份")
    notice_valid_days = Parameter(DAYS, "汇缴通知单有效天数")
    notice_wait_days = Parameter(DAYS, "汇缴通知单等候银行流水的最长天数")
    remit_days_after_payday = Parameter(DAYS, "发薪后汇缴期限")
    employer_registration_days = Parameter(DAYS, "单位设立后缴存登记期限")
    account_opening_days = Parameter(DAYS, "登记后职工开户期限")
    hiring_days = Parameter(DAYS, "录用后登记开户期限")
    leaving_days = Parameter(DAYS, "终止劳动关系后变更登记期限")
    dissolution_days = Parameter(DAYS, "单位变更或注销登记期限")
    dissolution_transfer_days = Parameter(DAYS, "变更或注销后账户转移封存期限")
    objection_answer_days = Parameter(DAYS, "异议复核答复期限")
    restriction_appeal_days = Parameter(DAYS, "限制使用申诉期限")
    appeal_answer_working_days = Parameter(DAYS, "限制使用申诉答复期限（工作日）")
    inquiry_answer_working_days = Parameter(DAYS, "咨询建议答复期限（工作日）")
    agreement_notice_days = Parameter(DAYS, "服务协议变更提前公告天数")
    application_scan_days = Parameter(DAYS, "未办成登记的申请扫描件保存天数")
    single_texts_a_day = Parameter(COUNT, "工作人员单独发送短信每日上限（条）")
    code_text_days = Parameter(DAYS, "验证码和初始密码短信正文保存天数")
    fine_for_not_registering = Parameter(TEXT, "不办理登记或开户的处理")

    @property
    def month_cap_fen(self) -> Fen:
        """The most that both sides together pay in a month: the cap at the highest rate, each side rounded."""
        return self._both_sides(self.base_cap_fen, at_most=True)

    @property
    def month_floor_fen(self) -> Fen:
        """The least that both sides together pay in a month: the floor at the lowest rate, each side rounded."""
        return self._both_sides(self.base_floor_fen, at_most=False)

    def term(self, name: str) -> Term:
        """The term in force of a parameter. Raises `NoLawInForce`; ``KeyError`` for a name that is no parameter."""
        if name not in self.terms:
            raise NoLawInForce(PARAMETERS[name], self)
        return self.terms[name]

    def basis(self, name: str) -> str:
        """Where a parameter in force is written: edition and article, or the notice. Raises as `term` does."""
        return self.term(name).source

    def _both_sides(self, base: Fen, *, at_most: bool) -> Fen:
        one_side = (self.rate_max if at_most else self.rate_min).of(base, self.rounding)
        return one_side + one_side


PARAMETERS: Mapping[str, Parameter[Any]] = {
    name: parameter for name, parameter in vars(Law).items() if isinstance(parameter, Parameter)
}


class NoLawInForce(Refused):
    """A parameter was asked for on a day for which nobody decided it."""

    def __init__(self, parameter: Parameter[Any], law: Law) -> None:
        self.parameter = parameter.name
        lapsed = law.lapsed.get(parameter.name)
        why = "尚未录入该日适用的规定"
        if lapsed is not None and lapsed.ends_on is not None:
            why = f"现有规定只执行到{_chinese(lapsed.ends_on - timedelta(days=1))}"
        super().__init__(
            Refusal(
                code="POLICY-NO-LAW",
                what=f"{_chinese(law.day)}没有生效的{parameter.label}",
                why=why,
                remedy="请联系住房公积金管理中心录入新的规定后再办理",
                basis=lapsed.source if lapsed is not None else "",
                where=parameter.label,
            )
        )


def law_of(terms: Iterable[Term], day: date, place: str) -> Law:
    """The law of a day at a place (six digits of GB/T 2260; a district inherits from its city, province, country).

    For each parameter the nearest place with a term in force decides. Raises ``ValueError`` for a name that is no
    parameter, a value that is not of its unit, or two terms of one name and place with the same start.
    """
    started: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for term in terms:
        if term.starts_on <= day:
            started[term.name, term.place].append(term)
    in_force: dict[str, Term] = {}
    lapsed: dict[str, Term] = {}
    for near in reversed(place_chain(place)):  # the nearest comes last and overrides
        for name in {name for name, where in started if where == near}:
            last = _latest(started[name, near])
            (in_force if last.holds_on(day) else lapsed)[name] = last
    if strangers := in_force.keys() - PARAMETERS.keys():
        raise ValueError(f"no parameters of these names: {', '.join(sorted(strangers))}")
    values = {name: PARAMETERS[name].read(term) for name, term in in_force.items()}
    return Law(day, place, in_force, {name: lapsed[name] for name in lapsed.keys() - in_force.keys()}, values)


def place_chain(place: str) -> tuple[str, ...]:
    """A place and all that it lies in, nearest first.

    >>> place_chain("511102")
    ('511102', '511100', '510000', '000000')
    """
    if not _PLACE.match(place):
        raise ValueError(f"a place has six digits (GB/T 2260), not {place!r}")
    return tuple(dict.fromkeys((place, place[:4] + "00", place[:2] + "0000", NATIONAL)))


def _latest(terms: list[Term]) -> Term:
    terms.sort(key=lambda term: term.starts_on)
    if len({term.starts_on for term in terms}) < len(terms):
        raise ValueError(f"two terms of {terms[-1].name} at {terms[-1].place} start on the same day")
    return terms[-1]


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
