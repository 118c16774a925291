"""What keeps a restriction from being proposed, beside what the database knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hpf.access_restriction.rules import Proposal, RestrictionKind, against

TODAY = date(2026, 8, 10)
SITES = ("见www.example.com", "见ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "抓取http://a.cn/的页面", "仿冒乐山公积金.中国")
PROPOSAL = Proposal(RestrictionKind.SUSPENDED, (), "用程序批量抓取页面", 1, "6.1(1)", "", TODAY)


@pytest.mark.parametrize("site", SITES)
def test_a_reason_that_goes_out_by_text_message_names_no_site(site: str) -> None:
    codes = [one.code for one in against(replace(PROPOSAL, reason=site), None, 1, TODAY)]
    assert codes == ["RESTRICT-CLAUSE", "RESTRICT-REASON-SITE"]
    assert [one.code for one in against(PROPOSAL, None, 1, TODAY)] == ["RESTRICT-CLAUSE"]
