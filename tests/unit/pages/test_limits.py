"""A budget: so many requests a minute for whoever asks."""

from __future__ import annotations

from hpf.faces.web.limits import PAGES, UPLOADS, Limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def asked(limits: Limits, who: str = "handler:1", times: int = 1, name: str = "portal:home") -> list[int]:
    return [limits.spend(name, "portal", who, reads=True).wait for _ in range(times)]


def test_a_budget_is_spent_at_once_or_over_the_minute_and_fills_up_again() -> None:
    clock = Clock()
    limits = Limits(clock)
    assert asked(limits, times=PAGES.a_minute) == [0] * PAGES.a_minute
    assert asked(limits) == [1]
    clock.now = 0.25  # a quarter of a second is one request more
    assert asked(limits, times=2) == [0, 1]
    clock.now = 100.0
    assert asked(limits, times=PAGES.a_minute + 1)[-2:] == [0, 1]


def test_a_small_budget_says_how_long_to_wait() -> None:
    limits = Limits(Clock())
    assert asked(limits, times=UPLOADS.a_minute + 1, name="portal:upload")[-1] == 60 // UPLOADS.a_minute + 1


def test_nobody_spends_another_s_budget_nor_that_of_another_address() -> None:
    limits = Limits(Clock())
    asked(limits, times=PAGES.a_minute)
    assert asked(limits, "handler:2") == [0]
    assert asked(limits, name="portal:roster") == [0]
    assert limits.spend("portal:home", "portal", "handler:1", reads=False).wait == 0


def test_of_a_flood_the_first_is_news_and_after_ten_minutes_how_many_there_were() -> None:
    clock = Clock()
    limits = Limits(clock)
    asked(limits, times=PAGES.a_minute)
    news = [limits.spend("portal:home", "portal", "handler:1", reads=True).is_news for _ in range(3)]
    assert news == [True, False, False]
    clock.now = 60.0
    asked(limits, times=PAGES.a_minute)
    assert not limits.spend("portal:home", "portal", "handler:1", reads=True).is_news
    clock.now = 601.0
    asked(limits, times=PAGES.a_minute)
    again = limits.spend("portal:home", "portal", "handler:1", reads=True)
    assert (again.is_news, again.refused) == (True, 4)


def test_what_is_kept_does_not_grow_without_end() -> None:
    limits = Limits(Clock(), most=100)
    for stranger in range(1_000):
        asked(limits, f"203.0.113.{stranger}")
    assert len(limits._buckets) == 100


def test_lifted_budgets_let_nobody_wait() -> None:
    limits = Limits(Clock())
    limits.lift()
    assert set(asked(limits, times=1_000)) == {0}
