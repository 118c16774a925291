"""When a function takes acts, and when it opens next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hpf.channels.hours import ALL_DAY, NEVER, Timetable, against, how_stands, outside, read_hours
from hpf.channels.rules import ClosureState, refusal_of
from hpf.kernel import Channel
from hpf.policy import is_working_day
from hpf.registry.codes import HallFunction

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 8, 10)
TABLE = Timetable(Channel.PORTAL, HallFunction.SEALING, MONDAY, "08:30-17:30", NEVER, 5)
LATER = replace(TABLE, starts_on=date(2026, 8, 15), working_hours="09:00-24:00")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("8:30-17:30", "08:30-17:30"),
        ("８：３０ 至 17：30", "08:30-17:30"),
        ("全天", ALL_DAY),
        ("不办理", NEVER),
        ("0:00-24:00", ALL_DAY),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert read_hours(text) == kept


@pytest.mark.parametrize("text", ["", "8-17", "17:30-8:30", "8:70-9:00", "8:00-24:01", "8:00-8:00"])
def test_what_is_no_time_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="not hours"):
        read_hours(text)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-08-09T23:59", None),  # the day before it begins
        ("2026-08-10T08:29", "2026-08-10T08:30"),
        ("2026-08-10T08:30", None),
        ("2026-08-10T17:29", None),
        ("2026-08-10T17:30", "2026-08-11T08:30"),
        ("2026-08-14T18:00", "2026-08-17T09:00"),  # over the week's end, into the next timetable
        ("2026-08-17T23:59", None),
        ("2026-09-30T23:00", None),
        ("2026-10-01T00:00", "2026-10-08T09:00"),  # the national holiday
    ],
)
def test_a_function_is_open_in_its_hours_and_names_when_it_opens_next(now: str, opens: str | None) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=CHINA)
    found = outside((TABLE, LATER), moment, is_working_day)
    assert [one.ends_at for one in found] == ([datetime.fromisoformat(opens).replace(tzinfo=CHINA)] if opens else [])


def test_outside_its_hours_a_function_says_them_in_one_sentence() -> None:
    (closed,) = outside((TABLE,), datetime(2026, 8, 10, 7, tzinfo=CHINA), is_working_day)
    assert refusal_of(closed).sentence.startswith(
        "现在不在封存的办理时间：工作日08:30至17:30办理，休息日不办理；提交封存每个单位每天最多5次。8月10日08:30起可以办理，现在可以查询。"
    )


@pytest.mark.parametrize(
    ("state", "days", "holds", "word"),
    [
        (ClosureState.PROPOSED, -1, False, "待复核"),
        (ClosureState.PROPOSED, 0, False, "逾期未复核"),
        (ClosureState.REFUSED, 0, False, "未采用"),
        (ClosureState.APPROVED, -1, False, "已公告"),
        (ClosureState.APPROVED, 0, True, "现行"),
        (ClosureState.APPROVED, 9, False, "已更换"),
    ],
)
def test_a_timetable_says_in_a_word_how_it_stands_on_a_day(
    state: ClosureState, days: int, holds: bool, word: str
) -> None:  # fmt: skip
    assert how_stands(state, MONDAY, MONDAY + timedelta(days=days), holds=holds) == word


def test_each_channel_keeps_hours_of_its_own_for_the_same_function() -> None:
    portal = replace(TABLE, function=HallFunction.INQUIRIES)
    counter = replace(portal, channel=Channel.COUNTER, working_hours="10:00-12:00", most=None)
    closed = outside((portal, counter), datetime(2026, 8, 10, 9, tzinfo=CHINA), is_working_day)
    assert [(one.channels, one.what) for one in closed] == [(("counter",), "柜面咨询建议")]


def test_everything_wrong_with_a_timetable_is_said_at_once() -> None:
    wrong = Timetable(Channel.COUNTER, HallFunction.INQUIRIES, MONDAY, NEVER, NEVER, 0)
    assert {one.code for one in against(wrong, " ", MONDAY)} == {
        "TIMETABLE-LATE",
        "TIMETABLE-NEVER",
        "TIMETABLE-UNCOUNTED",
        "TIMETABLE-NONE",
        "TIMETABLE-REASON",
    }
    assert against(LATER, "夏季", MONDAY) == []
