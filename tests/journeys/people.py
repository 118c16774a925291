"""What clerks, handlers and the bank do in every story."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import count

import openpyxl
from pypdf import PdfReader

from hpf.employer_registration.rules import EmployerApplication
from hpf.faces.cli.demo.plan import plan
from hpf.kernel import Fen
from hpf.kernel.identity import citizen_check_digit
from hpf.treasury.statement import Side, Statement, StatementLine, write_statement
from tests.journeys.visitor import Visitor

OWN_PASSWORD = "四条腿的桌子 2026 在窗边"
_people = count(1)


@dataclass(frozen=True)
class Credentials:
    """What a handler takes home from the counter."""

    user_name: str
    password: str


def application(**changes: str) -> EmployerApplication:
    """An employer that may register in July 2026."""
    july = {"founded_on": "2026-07-01", "first_month": "2026-07", "unit_rate": "8", "personal_rate": "8"}
    return replace(plan().newcomer.application, **{**july, **changes})


def turn_to(visitor: Visitor, day: date) -> None:
    """Let everything in the demonstration happen on a day: a control at the foot of every page."""
    visitor.fill(day=day.isoformat())
    visitor.press("改为此日")
    visitor.sees_in("day", day.isoformat())


def come_to_work(visitor: Visitor, user_name: str) -> None:
    """A member of the staff logs in."""
    (person,) = (one for one in plan().center.staff if one.user_name == user_name)
    visitor.go("/counter/login/")
    visitor.fill(user_name=person.user_name, password=person.password)
    visitor.press("下一步")
    visitor.sees("请输入验证器上的数字")
    visitor.looks("authenticator")
    visitor.fill(code=_authenticator_code(visitor, person.name))
    visitor.press("登录")
    visitor.sees("工作台", person.name)


def register_employer(clerk: Visitor, employer: EmployerApplication) -> Credentials:
    """The clerk accepts 附件1 and the papers, another approves, the clerk hands over what is printed then."""
    clerk.go("/counter/applications/new/")
    clerk.fill(**{name: text for name, text in asdict(employer).items() if text})
    clerk.looks("registration-form")
    clerk.press("受理")
    return see_it_through(clerk, employer)


def call_up(clerk: Visitor, number: str, employer: EmployerApplication) -> Credentials:
    """The clerk types or scans the number of a form that was filled in at home, compares and accepts it."""
    clerk.go("/counter/applications/")
    clerk.fill(q=number)
    clerk.press("查找")
    clerk.sees(employer.name, "预填")
    clerk.looks("called-up")
    clerk.press("核对并受理")
    clerk.sees_in("handler_mobile", employer.handler_mobile)
    clerk.looks("prefilled-form")
    clerk.press("受理")
    return see_it_through(clerk, employer)


def see_it_through(clerk: Visitor, employer: EmployerApplication) -> Credentials:
    """Materials, the second person, the sheet with the password."""
    clerk.sees("已受理。请核对材料，提交复核。")
    clerk.tick_all("materials")
    clerk.fill(waiver="扫描仪故障，纸质材料已存档")
    clerk.looks("application")
    clerk.press("提交复核")
    clerk.sees("已提交，等待他人复核。")
    clerk.looks("application-submitted")
    application = clerk.page.url.removeprefix(clerk.address).partition("?")[0]
    with clerk.colleague() as reviewer:
        come_to_work(reviewer, "reviewer")
        reviewer.go("/counter/reviews/")
        reviewer.looks("reviews")
        reviewer.follow(employer.name)
        reviewer.looks("application-review")
        reviewer.press("复核通过")
        reviewer.sees("已登记")
    clerk.go(application)
    clerk.follow("发放用户名和初始密码")
    return hand_over(clerk)


def hand_over(clerk: Visitor) -> Credentials:
    """The sheet with user name and password comes out of the printer, once."""
    clerk.fill(seen="1")
    clerk.looks("hand-over")
    letter = text_of_pdf(clerk.receive("打印初始密码函"))
    if clerk.scripts:
        clerk.sees("打印新的初始密码函")  # the page has been loaded anew
    found = re.search(r"用户名(\d{14})初始密码([A-Za-z0-9]{12})有效期至", letter)
    assert found, letter
    return Credentials(*found.groups())


def log_in(handler: Visitor, user_name: str, password: str) -> None:
    """User name, password, and the code that the demonstration's page shows."""
    handler.go("/login/")
    handler.fill(user_name=user_name, password=password)
    handler.looks("login")
    handler.press("下一步")
    handler.sees("验证码已发往")
    handler.looks("login-code")
    handler.fill(code=code_for(handler, "您正在登录"))
    handler.press("登录")


def enter_for_the_first_time(handler: Visitor, given: Credentials) -> None:
    """First login: the code, a password of one's own, the agreement."""
    log_in(handler, given.user_name, given.password)
    handler.sees("请设置您自己的密码")
    handler.looks("first-password")
    handler.fill(password=OWN_PASSWORD, again=OWN_PASSWORD)
    handler.press("设置密码")
    handler.sees("我已阅读并代表本单位接受以上协议")
    handler.looks("agreement")
    handler.fill(accepted="1")
    handler.press("接受并进入网厅")
    handler.sees("先为职工开户")


def filled_roster(template: bytes, people: Sequence[Mapping[str, str]]) -> bytes:
    """The downloaded template with people typed in below its header."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book["花名册"]
    (header,) = (row for row in sheet.iter_rows(max_row=5) if "*姓名" in [cell.value for cell in row])
    columns = {str(cell.value).lstrip("*"): cell.column for cell in header}
    for number, person in enumerate(people, start=header[0].row + 1):
        for title, text in person.items():
            sheet.cell(number, columns[title], text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def person(name: str, wage: str, first_month: str) -> dict[str, str]:
    """A row of the roster, with a number that nobody has."""
    serial = next(_people)
    first_17 = f"99010119900307{serial:03d}"
    return {
        "姓名": name,
        "证件类型": "身份证",
        "证件号码": first_17 + citizen_check_digit(first_17),
        "手机号码": f"16099{serial:06d}",
        "月平均工资": wage,
        "首次缴存年月": first_month,
    }


@dataclass
class Bank:
    """The center's bank: it knows its balance and numbers what it moves."""

    balance: Fen = field(default_factory=Fen)
    moved: int = 0

    def statement(self, day: date, employer: EmployerApplication, yuan: str, remark: str) -> bytes:
        """The file of a day on which one transfer came."""
        self.moved += 1
        amount, opening = Fen.from_yuan(yuan), self.balance
        self.balance += amount
        line = StatementLine(
            1,
            f"J{self.moved:04d}",
            day,
            Side.CREDIT,
            amount,
            employer.name,
            employer.bank_account,
            employer.bank_name,
            "转账",
            remark,
        )
        return write_statement(Statement(plan().center.founding.bank_account, day, day, opening, self.balance, (line,)))


def text_of_pdf(paper: bytes) -> str:
    """What stands on a paper, without blanks."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages))


def cells_of(workbook: bytes) -> list[list[object]]:
    """The rows of a workbook's first sheet."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows(values_only=True)]


def _authenticator_code(visitor: Visitor, name: str) -> str:
    """The same page shows what the authenticators of the staff show; where a number is used up, the next one comes."""
    telephone = visitor.page.context.new_page()
    telephone.goto(visitor.address + "/demo/codes/")
    shown = telephone.locator("tr", has_text=name).locator("strong")
    end = time.monotonic() + 60
    while not shown.count():
        assert time.monotonic() < end, f"no number for {name}"
        telephone.reload()
    code = shown.inner_text()
    telephone.close()
    return code


def code_for(visitor: Visitor, purpose: str) -> str:
    """Look at the demonstration's page in a second window, as at a telephone."""
    telephone = visitor.page.context.new_page()
    telephone.goto(visitor.address + "/demo/codes/")
    code = (
        telephone.get_by_role("region", name="最近的短信")
        .locator("tr", has_text=purpose)
        .locator("strong")
        .first.inner_text()
    )
    telephone.close()
    return code
