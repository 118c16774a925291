"""What a newcomer reads where something ended or went wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from hpf.casework.models import CaseState
from hpf.employer_registration.prefilling import CODE_DEAD as PREFILL_DEAD
from hpf.faces.counter.application import MaterialsForm, ScansForm
from hpf.faces.counter.reviews import Decision
from hpf.faces.web.environment import labelled
from hpf.faces.web.forms import inputs
from hpf.hall_access.rules import CODE_DEAD, too_often
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


def test_who_is_not_let_in_for_a_while_reads_who_can_help() -> None:
    for name in ("login", "login-code", "authenticator-code", "forgot", "reset-code"):
        sample = SAMPLES[name]
        html = rendered(replace(sample, page=replace(sample.page, refusals=(too_often(900),))))
        helps = re.sub(r"<[^>]+>", "", html.partition("需要帮助的，")[2].partition("</p>")[0])
        center = sample.frame.center
        assert helps.startswith(f"请到{center.name}的网点（网点地址、时间和电话），或拨打服务热线 {center.hotline}"), (
            name
        )
    staff = SAMPLES["authenticator-code-staff"]
    assert "需要帮助的" not in rendered(replace(staff, page=replace(staff.page, refusals=(too_often(900),))))


def test_a_dead_code_offers_another_one_before_all_else() -> None:
    for name, dead in (("login-code", CODE_DEAD), ("reset-code", CODE_DEAD), ("apply-code", PREFILL_DEAD)):
        sample = SAMPLES[name]
        html = rendered(replace(sample, page=replace(sample.page, refusals=(dead,))))
        (first, *_) = re.findall(r'<button class="btn go[^>]*>([^<]*)', html)
        assert first == "重新获取验证码", name
        assert 'name="code"' not in html, name


def test_enter_presses_what_comes_next_on_the_form_in_advance() -> None:
    page = SAMPLES["apply"].page
    for shape, next_act in ((page, "code"), (replace(page, sent_to="138****1234", minutes=5), "send")):
        html = rendered(replace(SAMPLES["apply"], page=shape))
        form = html[html.index('id="apply"') :]
        assert re.findall(r'name="act" value="(\w+)"', form)[0] == next_act


def test_a_login_is_written_as_it_is_but_on_the_form_that_the_agreement_prescribes() -> None:
    written = [path for folder in ("hpf", "docs") for path in Path(folder).rglob("*") if path.is_file()]
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in written if path.suffix != ".pyc"}
    assert [path.name for path, text in texts.items() if "登" + "陆" in text] == ["termination_form.typ"]


def test_a_stacked_row_names_its_cells_on_a_phone_and_its_total_too() -> None:
    html = rendered(SAMPLES["sheet-lines"])
    assert '<td class="num">' not in html
    assert len(set(re.findall(r'data-label="合计" class="num">([^<]+)', html))) > 1
    columns = ["姓名", ("<金额>", "num"), ("状态", "bare"), ""]
    rows = labelled(Markup("<tr><th>甲</th><td>1</td><td>好</td><td></td></tr>") * 2, columns)
    assert rows.count('<td data-label="&lt;金额&gt;">1</td><td>好</td><td></td>') == 2


def test_every_page_of_a_demonstration_says_its_day_and_that_moments_are_real() -> None:
    for name in ("login", "roster"):
        said = re.sub(r"<[^>]+>", "", rendered(SAMPLES[name]))
        assert re.search(r"业务日期为 \d{4}-\d\d-\d\d；办理、登录、消息的时刻按真实时间记", said), name


def test_what_the_rules_ask_for_in_a_case_is_not_called_optional() -> None:
    forms_shown = (ScansForm, MaterialsForm, Decision)
    told = [one for form in forms_shown for one in inputs(form).values() if not one.required]
    assert [one.name for one in told if not one.when] == []
    html = rendered(SAMPLES["counter-closures"])
    assert "（停办全部业务的必填）" in html
    assert "（选填）" not in html
