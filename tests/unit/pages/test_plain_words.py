"""What a newcomer reads where something ended or went wrong."""

from __future__ import annotations

from dataclasses import replace

from hpf.casework.models import CaseState
from hpf.faces.counter.application import MaterialsForm, ScansForm
from hpf.faces.counter.reviews import Decision
from hpf.faces.web.forms import inputs
from hpf.kernel import Refusal
from tests.unit.pages.samples import SAMPLES
from tests.unit.pages.samples_portal import PREVIEW
from tests.unit.pages.test_templates import rendered


def test_an_opened_roster_shows_what_was_opened_and_what_was_not() -> None:
    done = replace(PREVIEW, state=CaseState.DONE, opened=PREVIEW.totals.rows - 1, progress=None)
    html = rendered(replace(SAMPLES["preview"], page=done))
    assert "<dt>已开户</dt>" in html
    assert '<dt>没有开户</dt><dd><strong class="minus">1</strong> 行' in html
    assert "<dt>可以开户" not in html


def test_a_failed_login_shows_no_code_and_counts_nothing() -> None:
    refusal = Refusal("ACCESS-LOGIN-FAILED", "用户名或密码不对", remedy="请重新输入")
    sample = SAMPLES["login"]
    html = rendered(replace(sample, page=replace(sample.page, refusals=(refusal,))))
    assert "用户名或密码不对" in html
    assert "ACCESS-LOGIN-FAILED" not in html
    assert "还没有提交" not in html


def test_the_list_of_applications_keeps_the_number_on_a_phone() -> None:
    html = rendered(SAMPLES["applications"])
    number = html.index("申请编号</th>")
    assert html[:number].count('<th scope="col"') == len(("单位名称", "申请编号"))
    assert ' data-narrow="3 4 5 6"' in html
    assert 'class="wide stacked"' in html


def test_what_the_rules_ask_for_in_a_case_is_not_called_optional() -> None:
    forms_shown = (ScansForm, MaterialsForm, Decision)
    told = [one for form in forms_shown for one in inputs(form).values() if not one.required]
    assert [one.name for one in told if not one.when] == []
    html = rendered(SAMPLES["counter-closures"])
    assert "（停办全部业务的必填）" in html
    assert "（选填）" not in html
