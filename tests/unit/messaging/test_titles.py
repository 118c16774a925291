"""The title of a message goes out as a text message: it names no site, and it is not empty to the eye."""

from __future__ import annotations

import pytest

from hpf.messaging.rules import Draft, draft_refusals
from hpf.notices.templates import Way


def codes(title: str, text: str = "正文") -> list[str]:
    return [one.code for one in draft_refusals(Draft(title, text, (Way.SMS,), ("511100000214",)))]


@pytest.mark.parametrize(
    "site",
    [
        *("gjj。online", "gjj。wang", "t。co", "bit。ly/x1", "gjj｡top", "GJJ．COM", "abc\ufe0f.com", "abc.\u061ccom"),
        *(
            "乐山公积金。公司",
            "公积金.商城",
            "公积金．网址",
            "见公积金。公司/a",
            "12329.中国",
            "a\u3164b。c\u2800om",
            "1.2.3.4",
        ),
    ],
)
def test_a_site_is_found_however_its_dots_are_written_and_whatever_is_hidden_in_it(site: str) -> None:
    assert codes(f"请登录{site}") == ["MESSAGE-TITLE-SITE"]


@pytest.mark.parametrize(
    "title",
    [
        *(
            "请核对基数。公司已改名的来柜台",
            "利率调为3.5%。请知悉。",
            "2026.11起执行",
            "1.公司账户；2.手机号变更",
            "系统升级到V2.0",
        ),
        *("明日停机。信息另行公布", "按2.5%核对，12:00前", "家庭👨\u200d👩\u200d👧住房，请补材料", "一、二。"),
    ],
)
def test_an_ordinary_title_is_let_through(title: str) -> None:
    assert codes(title) == []


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", "\u3164", "\uffa0", "\u2800\ufe0f", "\u3000\u061c", "\ue000"])
def test_what_is_empty_to_the_eye_is_missing(blank: str) -> None:
    assert codes(blank, blank) == ["MESSAGE-TITLE-MISSING", "MESSAGE-TEXT-MISSING"]
