"""``hpf roster check`` on files and on what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpf.faces.cli.main import main
from tests.unit.account_opening.people import person, roster


@pytest.mark.parametrize("name", ["nothing.xlsx", "."])
def test_a_path_without_a_file_is_one_clear_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", "check", str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("[FILE-UNREADABLE] 文件不能读取")
    assert said.err.count("\n") == 1


def test_a_day_that_is_none_is_said_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["roster", "check", "some.xlsx", "--today", "2026-13-40"])
    assert ended.value.code == 2
    assert "“2026-13-40”不是日期，应如2026-08-10 / 2026-13-40 is no day" in capsys.readouterr().err


def test_who_does_not_name_the_first_month_is_told_nothing_about_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(roster(tmp_path / "花名册.xlsx", person(1, first_month="202607")))
    assert main(["roster", "check", file, "--today", "2026-11-20"]) == 0
    assert "不晚于下月" in capsys.readouterr().out
    assert main(["roster", "check", file, "--today", "2026-11-20", "--first-month", "202608"]) == 1
    said = capsys.readouterr().out
    assert "单位自2026年8月起汇缴" in said
    assert "不晚于下月" not in said
