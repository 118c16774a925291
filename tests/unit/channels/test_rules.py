"""What has to be said before the hall closes, and what a closure stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hpf.channels.rules import (
    OFFERED,
    ClosureState,
    Plan,
    Standing,
    against,
    how_stands,
    left,
    refusal_of,
    stopping,
)
from hpf.kernel import Channel
from hpf.registry.codes import HallFunction

NOW = datetime(2026, 8, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAN = Plan((Channel.PORTAL,), "", "系统升级", NOW + HOUR, NOW + 2 * HOUR)
STANDING = Standing(7, ("portal",), "", "系统升级", NOW, NOW + HOUR)


def codes(plan: Plan, *, urgent: bool = False) -> list[str]:
    return [one.code for one in against(plan, NOW, urgent=urgent)]


def test_a_plan_that_holds_is_not_refused() -> None:
    assert codes(PLAN) == []


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, reason=" "), "CLOSURE-REASON"),
        (replace(PLAN, channels=()), "CLOSURE-CHANNELS"),
        (replace(PLAN, function="sealing", channels=(Channel.PORTAL, Channel.BATCH)), "CLOSURE-FUNCTION-CHANNEL"),
        (replace(PLAN, function="hall_access"), "CLOSURE-FUNCTION-CHANNEL"),
        (replace(PLAN, starts_at=NOW + HOUR - timedelta(seconds=1)), "CLOSURE-NOTICE"),
        (replace(PLAN, ends_at=None), "CLOSURE-END"),
        (replace(PLAN, ends_at=PLAN.starts_at), "CLOSURE-END"),
        (replace(PLAN, ends_at=PLAN.starts_at + timedelta(days=8)), "CLOSURE-LONG"),
    ],
)
def test_each_thing_that_is_wrong_has_its_refusal(plan: Plan, code: str) -> None:
    assert codes(plan) == [code]


def test_everything_wrong_is_said_at_once() -> None:
    assert codes(Plan((), "", "", NOW, None)) == ["CLOSURE-REASON", "CLOSURE-CHANNELS", "CLOSURE-NOTICE", "CLOSURE-END"]


@pytest.mark.parametrize(("channel", "functions"), OFFERED.items())
def test_whatever_a_channel_offers_is_closed_there_by_itself(
    channel: Channel, functions: tuple[HallFunction, ...]
) -> None:  # fmt: skip
    assert {code for one in functions for code in codes(replace(PLAN, channels=(channel,), function=one))} == set()


def test_at_once_needs_no_notice_and_a_function_alone_no_end() -> None:
    assert codes(replace(PLAN, starts_at=NOW), urgent=True) == []
    assert codes(replace(PLAN, function="sealing", ends_at=None)) == []


@pytest.mark.parametrize(
    ("channel", "function", "at", "stops"),
    [
        (Channel.PORTAL, "sealing", NOW, True),
        (Channel.PORTAL, "sealing", NOW - timedelta(seconds=1), False),
        (Channel.PORTAL, "sealing", NOW + HOUR, False),
        (Channel.COUNTER, "counter", NOW, False),
    ],
)
def test_a_closure_stops_its_channels_from_its_first_moment_until_its_last(
    channel: Channel, function: str, at: datetime, stops: bool
) -> None:
    assert (stopping([STANDING], channel, function, at) is not None) is stops


@pytest.mark.parametrize(
    ("state", "lifted_at", "at", "word"),
    [
        (ClosureState.PROPOSED, None, NOW - HOUR, "待复核"),
        (ClosureState.PROPOSED, None, NOW, "逾期未复核"),
        (ClosureState.REFUSED, None, NOW, "未采用"),
        (ClosureState.APPROVED, None, NOW - HOUR, "已公告"),
        (ClosureState.APPROVED, None, NOW, "停办中"),
        (ClosureState.APPROVED, None, NOW + HOUR, "已结束"),
        (ClosureState.APPROVED, NOW - HOUR, NOW + HOUR, "已取消"),
        (ClosureState.APPROVED, NOW, NOW + HOUR, "已恢复"),
    ],
)
def test_a_closure_says_in_a_word_how_it_stands(
    state: ClosureState, lifted_at: datetime | None, at: datetime, word: str
) -> None:
    assert how_stands(state, STANDING, lifted_at, at) == word


def test_of_several_the_one_that_lasts_longest_is_told() -> None:
    longer, open_end = replace(STANDING, id=8, ends_at=NOW + 3 * HOUR), replace(STANDING, id=9, ends_at=None)
    assert stopping([longer, STANDING], Channel.PORTAL, "sealing", NOW) == longer
    assert stopping([longer, open_end, STANDING], Channel.PORTAL, "sealing", NOW) == open_end


def test_a_closed_function_names_its_window() -> None:
    assert "8月10日09:00起停办，预计8月10日10:00恢复" in refusal_of(STANDING).why
    assert "恢复时间另行公告" in refusal_of(replace(STANDING, function="sealing", ends_at=None)).why


@pytest.mark.parametrize(("minutes", "said"), [(0.5, "不到1分"), (5, "5分"), (65, "1小时5分"), (60 * 51, "2天3小时")])
def test_the_time_left_is_said_as_people_say_it(minutes: float, said: str) -> None:
    assert left(NOW + timedelta(minutes=minutes), NOW) == said
