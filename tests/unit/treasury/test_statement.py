"""A statement's file is read whole or refused whole, with everything that is wrong, by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpf.kernel import Fen, Refused
from hpf.treasury.statement import Side, Statement, StatementHead, StatementLine, read_statement, write_statement

HEAD = """账号,5111001000123456
起始日期,2026-08-10
截止日期,2026-08-11
期初余额,"1,000,000.00"
期末余额,1005551.28
笔数,2
"""
TITLES = "银行结算流水号,交易日期,借贷标志,发生额,对方户名,对方账号,对方开户行,摘要,附言\n"
LINES = """F20260810-7,2026-08-10,贷,6000.00,测试单位,51110001,建设银行乐山分行,转账,公积金汇缴 1000 0000 0190
F20260811-1,2026-08-11,借,448.72,乐山某公司,51110002,,付款,退款
"""
FILE = HEAD + TITLES + LINES
TYPED = StatementHead(
    "5111001000123456",
    date(2026, 8, 10),
    date(2026, 8, 11),
    Fen.from_yuan("1000000.00"),
    Fen.from_yuan("1005551.28"),
    2,
)


def refusals(content: str | bytes, typed: StatementHead | None = None) -> list[tuple[str, str]]:
    """Code and place of everything that is wrong."""
    with pytest.raises(Refused) as refused:
        read_statement(content.encode() if isinstance(content, str) else content, typed)
    return [(refusal.code.removeprefix("STATEMENT-"), refusal.where) for refusal in refused.value.refusals]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("place", ["测试单位", "F20260810-7", "5111001000123456", "附言"])
def test_a_statement_with_a_nul_is_refused(place: str, encoding: str) -> None:
    assert refusals(FILE.replace(place, f"{place}\0", 1).encode(encoding)) == [("ENCODING", "")]


def test_a_statement_is_read_with_every_field() -> None:
    statement = read_statement(FILE.encode())
    assert statement == Statement(
        "5111001000123456",
        date(2026, 8, 10),
        date(2026, 8, 11),
        Fen(100_000_000),
        Fen(100_555_128),
        (
            StatementLine(
                8,
                "F20260810-7",
                date(2026, 8, 10),
                Side.CREDIT,
                Fen(600_000),
                "测试单位",
                "51110001",
                "建设银行乐山分行",
                "转账",
                "公积金汇缴 1000 0000 0190",
            ),
            StatementLine(
                9,
                "F20260811-1",
                date(2026, 8, 11),
                Side.DEBIT,
                Fen(44_872),
                "乐山某公司",
                "51110002",
                "",
                "付款",
                "退款",
            ),
        ),
    )
    assert (statement.money_in, statement.money_out) == (Fen(600_000), Fen(44_872))


def test_a_line_is_known_by_account_flow_number_and_date() -> None:
    line = read_statement(FILE.encode()).lines[0]
    assert line.key("5111001000123456") == "bank-line:5111001000123456:F20260810-7:2026-08-10"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends_make_no_difference(encoding: str, delimiter: str, newline: str) -> None:
    text = FILE.replace('"1,000,000.00"', "1000000.00").replace(",", delimiter).replace("\n", newline)
    assert read_statement(text.encode(encoding)) == read_statement(FILE.encode())


def test_columns_are_found_by_title_and_strangers_left_aside() -> None:
    text = HEAD + (
        "附言,摘要,余额,对方账号,对方户名,发生额,借贷标志,入账日期,交易日期,银行流水号,凭证号\n"
        '付款,转账,1,="0051",甲单位,"5,551.28",C,2026-08-12,2026年8月10日,"=""007""",9\n'
        "付款,转账,1,51,乙单位,1.00,D,,2026/8/10,8,9\n付款,转账,1,51,乙单位,1.00,贷方,,20260811,9,9\n"
    )
    lines = read_statement(text.replace("笔数,2", "笔数,3").encode()).lines
    assert [(line.flow_no, line.booked_on.day, line.side.value, line.amount.yuan) for line in lines] == [
        ("007", 10, "贷", "5,551.28"),
        ("8", 10, "借", "1.00"),
        ("9", 11, "贷", "1.00"),
    ]
    assert (lines[0].payer_account, lines[0].payer_bank) == ("0051", "")


def test_the_head_may_stand_in_one_line_and_with_colons() -> None:
    text = "某某银行对账单\n账号：,5111001000123456,笔数：,2\n起始日期,2026-08-10,截止日期,2026-08-11\n"
    text += "期初余额,1000000.00,期末余额,1005551.28\n" + TITLES + LINES
    assert read_statement(text.encode()).lines[0].line_no == 6


def test_a_day_without_movement_is_a_statement() -> None:
    text = FILE.replace(LINES, "").replace("1005551.28", "1000000.00").replace("笔数,2", "笔数,0")
    assert read_statement(text.encode()).lines == ()


def test_a_file_without_head_needs_the_totals_typed_in_beside_it() -> None:
    assert refusals(TITLES + LINES) == [("NO-HEAD", "")]
    assert read_statement((TITLES + LINES).encode(), TYPED).closing == Fen(100_555_128)


@pytest.mark.parametrize("cell", ['"1,000,000.00"', "1005551.28", "6000.00"])
@pytest.mark.parametrize("amount", ["1000000000000.00", "9" * 20])
def test_an_amount_that_no_book_could_hold_is_refused_in_its_place(cell: str, amount: str) -> None:
    with pytest.raises(Refused, match="超出金额上限"):
        read_statement(FILE.replace(cell, amount).encode())


def test_a_missing_head_names_what_is_missing() -> None:
    with pytest.raises(Refused, match="文件头缺少期末余额、笔数"):
        read_statement(FILE.replace("期末余额,1005551.28\n笔数,2\n", "").encode())


def test_typed_totals_must_agree_with_the_head() -> None:
    assert read_statement(FILE.encode(), TYPED).opening == TYPED.opening
    other = replace(TYPED, closing=Fen(1), line_count=3)
    assert ("HEAD-DIFFERS", "期末余额") in refusals(FILE, other)
    assert ("HEAD-DIFFERS", "笔数") in refusals(FILE, other)


def test_typed_totals_are_checked_against_the_lines() -> None:
    assert refusals(TITLES + LINES, replace(TYPED, closing=TYPED.closing + 1)) == [("SUM", "")]
    assert refusals(TITLES + LINES, replace(TYPED, line_count=3)) == [("CUT-OFF", "")]


def test_a_sum_that_does_not_add_up_says_by_how_much() -> None:
    with pytest.raises(Refused, match=r"1,005,551\.28，与期末余额1,005,551\.29相差0\.01"):
        read_statement(FILE.replace("1005551.28", "1005551.29").encode())


def test_a_missing_line_is_counted() -> None:
    with pytest.raises(Refused, match="写明2笔，文件中有1笔，缺1笔"):
        read_statement(FILE[: FILE.index("F20260811-1")].encode())


def test_a_line_too_many_is_counted() -> None:
    assert ("COUNT", "") in refusals(FILE + LINES.replace("F2026", "G2026"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("kept", [0.35, 0.5, 0.6, 0.75, 0.9, 0.97])
def test_a_file_cut_off_anywhere_is_refused(encoding: str, kept: float) -> None:
    content = (FILE + LINES.replace("F2026", "G2026")).encode(encoding)
    for length in range(int(len(content) * kept), int(len(content) * kept) + 4):
        codes = [code for code, _ in refusals(content[:length])]
        assert {"CUT-OFF", "NO-TITLES", "SUM", "NO-COLUMN"} & set(codes)


def test_a_half_character_a_half_line_and_an_open_quote_are_named_as_cut_off() -> None:
    assert ("CUT-OFF", "") in refusals(FILE.encode()[:-2])
    assert ("CUT-OFF", "第9行") in refusals(FILE[: FILE.index("乐山某公司")])
    assert ("CUT-OFF", "第9行") in refusals(FILE.replace("乐山某公司", '"乐山某公司'))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2026-08-10,贷", "2026-02-30,贷", ("CELL", "第8行")),
        ("2026-08-10,贷", "八月十日,贷", ("CELL", "第8行")),
        ("6000.00", "6000.005", ("CELL", "第8行")),
        ("6000.00", "6e3", ("CELL", "第8行")),
        ("6000.00", "", ("CELL", "第8行")),
        ("6000.00", "-6000.00", ("CELL", "第8行")),
        ("6000.00", "0.00", ("CELL", "第8行")),
        (",贷,", ",入,", ("CELL", "第8行")),
        ("F20260810-7", "", ("CELL", "第8行")),
        ("F20260810-7", "流水7", ("CELL", "第8行")),
        ("账号,5111001000123456", "账号,?", ("CELL", "第1行")),
        ("笔数,2", "笔数,两", ("CELL", "第6行")),
        ("F20260811-1,2026-08-11", "F20260811-1,2026-08-12", ("OUTSIDE-PERIOD", "第9行")),
        ("F20260811-1,2026-08-11", "F20260810-7,2026-08-10", ("REPEATED-LINE", "第9行")),
        ("截止日期,2026-08-11", "截止日期,2026-08-01", ("PERIOD", "")),
        (",转账,", ",转账,多出一栏,", ("WIDTH", "第8行")),
        (",转账,公积金汇缴 1000 0000 0190", "", ("WIDTH", "第8行")),
        (",贷,6000.00,测试单位", ',贷,6000.00,"测试"单位', ("QUOTES", "第8行")),
        (",附言", "", ("NO-COLUMN", "")),
        (",摘要,附言", ",附言,附言", ("TWO-COLUMNS", "")),
        (TITLES, "", ("NO-TITLES", "")),
    ],
)
def test_each_fault_is_named_with_its_line(old: str, new: str, fault: tuple[str, str]) -> None:
    assert old in FILE
    assert fault in refusals(FILE.replace(old, new, 1))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = FILE.replace("笔数,2", "笔数,5").replace("6000.00", "x").replace(",借,", ",y,").replace("448.72", "z")
    assert refusals(text) == [("CELL", "第8、9行"), ("CELL", "第9行"), ("CUT-OFF", "")]


def test_a_column_that_is_missing_is_said_with_all_others() -> None:
    with pytest.raises(Refused) as refused:
        read_statement(FILE.replace(",摘要,附言", ",甲,乙").encode())
    assert [refusal.what for refusal in refused.value.refusals] == ["缺少“摘要”列", "缺少“附言”列"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY"),
        (b"\xef\xbb\xbf\r\n ,,\r\n", "EMPTY"),
        (b"PK\x03\x04whatever", "WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "WORKBOOK"),
        (FILE.encode("utf-16"), "ENCODING"),
        (FILE.encode("big5", "replace"), "NO-TITLES"),
        (FILE.encode("gb18030").decode("utf-8", "replace").encode(), "ENCODING"),
        (FILE.encode().decode("latin-1").encode(), "NO-TITLES"),
        (FILE.encode().decode("gb18030", "replace").encode(), "ENCODING"),
        (b"\xff\xff\xff", "ENCODING"),
        ("姓名,身份证号\n张三,1\n".encode(), "NO-TITLES"),
    ],
)
def test_a_file_that_is_no_statement_is_refused_in_one_line(content: bytes, code: str) -> None:
    assert refusals(content) == [(code, "")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("remark", ["锟斤拷", "工资\ufffd"])
def test_what_somebody_wrote_in_a_remark_does_not_stop_the_file(remark: str, encoding: str) -> None:
    statement = read_statement(FILE.encode())
    odd = replace(statement, lines=(replace(statement.lines[0], remark=remark), *statement.lines[1:]))
    assert read_statement(write_statement(odd, encoding=encoding)).lines[0].remark == remark


def test_a_file_longer_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hpf.treasury.statement.MAX_LINES", 1)
    assert refusals(FILE) == [("TOO-LONG", "")]
    with pytest.raises(Refused, match="文件有62笔"):  # most of them are only counted
        read_statement((FILE + LINES.splitlines()[0].join("\n" * 61)).encode())


@pytest.mark.parametrize("empty", ["\n", "\r", ",,,,,,,,\r\n", '"\n",\n'])
def test_a_file_of_empty_lines_is_not_read_to_its_end(empty: str) -> None:
    content = (FILE + empty * 400_000).encode()
    began = process_time()
    with pytest.raises(Refused, match="请删去空行") as refused:
        read_statement(content)
    assert refused.value.codes == ("STATEMENT-TOO-LONG",)
    assert process_time() - began < 1


def test_a_wrong_column_is_told_once_with_its_first_places_and_how_many() -> None:
    lines = "".join(f"F{number},2026-08-10,收,8月,测试单位,1,,转账,\n" for number in range(5_000))
    with pytest.raises(Refused) as refused:
        read_statement((FILE.replace("笔数,2", "笔数,5002") + lines).encode())
    side, amount = refused.value.refusals
    assert side.what == "“借贷标志”“收”应为“贷”或“借”（同样的共5,000处）"
    assert side.where == f"第{'、'.join(map(str, range(10, 30)))}行等"
    assert (amount.code, bool(amount.why), bool(amount.remedy)) == ("STATEMENT-CELL", True, True)


def test_a_cell_of_any_length_is_shown_by_its_beginning() -> None:
    with pytest.raises(Refused) as refused:
        read_statement(FILE.replace("2026-08-10,贷", "x" * 90_000 + ",贷").encode())
    assert f"“交易日期”“{'x' * 40}…”不是日期" in refused.value.refusals[0].what


def test_a_day_outside_the_period_is_told_once_and_says_what_to_do() -> None:
    with pytest.raises(Refused) as refused:
        read_statement(FILE.replace("截止日期,2026-08-11", "截止日期,2026-08-09").encode())
    (period,) = refused.value.refusals
    assert (period.code, period.remedy) == ("STATEMENT-PERIOD", "请改正日期")
    with pytest.raises(Refused) as refused:
        read_statement(FILE.replace("2026-08-11\n", "2026-09-01\n").replace("2026-08-10\n", "2026-08-20\n").encode())
    (outside,) = refused.value.refusals
    assert (outside.code, outside.where) == ("STATEMENT-OUTSIDE-PERIOD", "第8、9行")
    assert outside.why
    assert outside.remedy


def test_a_count_of_thousands_of_digits_is_a_fault_of_its_cell() -> None:
    assert ("CELL", "第6行") in refusals(FILE.replace("笔数,2", "笔数," + "9" * 5_000))


def test_a_line_without_end_does_not_pass_as_one() -> None:
    assert refusals(FILE + ",".join("x" * 1_000_000)) == [("WIDTH", "第10、11行")]


def _texts(**limits: int) -> st.SearchStrategy[str]:
    printable = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), exclude_characters="\ufeff")
    spaced = st.one_of(printable, st.sampled_from(' ,;"\t\n=公积金汇缴𠮷·'))
    return st.text(spaced, **limits).map(str.strip)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Statements that add up, with any text that a bank's fields can hold."""
    first = draw(st.dates(date(2000, 1, 1), date(2099, 1, 1)))
    last = first + timedelta(days=draw(st.integers(0, 40)))
    opening = Fen(draw(st.integers(-(10**13), 10**13)))
    codes = st.text("ABCXYZ0123456789._-", min_size=1, max_size=40)
    flows = draw(st.lists(codes, max_size=6, unique=True))
    lines = [
        StatementLine(
            line_no=0,
            flow_no=flow,
            booked_on=first + timedelta(days=draw(st.integers(0, (last - first).days))),
            side=draw(st.sampled_from(Side)),
            amount=Fen(draw(st.integers(1, 10**13))),
            payer_name=draw(_texts(max_size=40)),
            payer_account=draw(st.text("0123456789-*", max_size=30)),
            payer_bank=draw(_texts(max_size=20)),
            summary=draw(_texts(max_size=20)),
            remark=draw(_texts(max_size=60)),
        )
        for flow in flows
    ]
    moved = sum(int(line.amount) if line.side is Side.CREDIT else -int(line.amount) for line in lines)
    account = draw(st.text("0123456789", min_size=4, max_size=30))
    return Statement(account, first, last, opening, opening + moved, tuple(lines))


def without_line_numbers(statement: Statement) -> Statement:
    return replace(statement, lines=tuple(replace(line, line_no=0) for line in statement.lines))


@given(statements(), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.sampled_from(",\t;"))
def test_what_is_written_is_read_again(statement: Statement, encoding: str, delimiter: str) -> None:
    content = write_statement(statement, encoding=encoding, delimiter=delimiter)
    assert without_line_numbers(read_statement(content)) == statement


@settings(suppress_health_check=[HealthCheck.too_slow])  # whole statements take a busy machine its time
@given(statements().filter(lambda statement: statement.lines), st.data())
def test_no_line_can_be_lost_or_changed_unseen(statement: Statement, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(statement.lines) - 1))
    line = statement.lines[index]
    others = statement.lines[:index] + statement.lines[index + 1 :]
    changed = (*others, replace(line, amount=line.amount + data.draw(st.integers(1, 10**6))))
    turned = (*others, replace(line, side=Side.DEBIT if line.side is Side.CREDIT else Side.CREDIT))
    head = StatementHead(
        statement.account_no, statement.starts_on, statement.ends_on, statement.opening, statement.closing,
        len(statement.lines),
    )  # fmt: skip
    for lines in (others, changed, turned):
        with pytest.raises(Refused):
            read_statement(write_statement(replace(statement, lines=lines)), head)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read_statement(content)
