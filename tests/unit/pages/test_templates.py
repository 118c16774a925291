"""Every template, rendered with a sample, is a page that a person, a screen reader and a strict browser can take."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import replace

import pytest
from django.test import RequestFactory

from hpf.casework.review import NOTE_MISSING
from hpf.faces.web.environment import STATIC_ROOT
from hpf.faces.web.pages import page
from hpf.kernel import Refusal
from tests.unit.pages.ground import PROBE, Sample
from tests.unit.pages.reading import Reading
from tests.unit.pages.samples import SAMPLES

TEMPLATES = STATIC_ROOT.parent / "templates"
HTML_BUDGET = 30_000
ASSET_BUDGET = 60_000


def rendered(sample: Sample, **headers: str) -> str:
    request = RequestFactory().get("/", headers=headers)
    request.frame = sample.frame  # type: ignore[attr-defined]
    return page(request, sample.template, sample.page).content.decode()


@pytest.fixture(params=SAMPLES, name="html")
def _html(request: pytest.FixtureRequest) -> str:
    return rendered(SAMPLES[request.param])


def test_a_page_is_in_chinese_and_has_a_title_and_one_heading(html: str) -> None:
    reading = Reading(html)
    assert [one.attributes["lang"] for one in reading.all("html")] == ["zh-CN"]
    (title,) = reading.all("title")
    assert re.match(r"\S.* · 公积金单位网厅", title.text)
    assert len([one for one in reading.all("h1") if one.text.strip()]) == 1
    assert len(reading.all("main")) == 1


REVIEWED = [name for name, one in SAMPLES.items() if getattr(one.page, "review", None) and name != "components"]


@pytest.mark.parametrize("name", REVIEWED)
def test_a_verdict_without_its_reason_leads_to_where_it_is_written(name: str) -> None:
    sample = SAMPLES[name]
    came_back = replace(sample, page=replace(sample.page, refusals=(NOTE_MISSING,)))
    note = sample.page.review.note.id
    assert f'<li><a href="#{note}">{NOTE_MISSING.what}</a>' in rendered(came_back)


def test_a_refusal_before_the_door_names_its_ground_and_no_rule() -> None:
    sample = SAMPLES["login"]
    ended = Refusal("ACCESS-ENDED", "用户名已停用", basis="服务协议")
    html = rendered(replace(sample, page=replace(sample.page, refusals=(ended,))))
    assert "依据：服务协议</span>" in html


def test_every_field_has_a_label_that_says_something(html: str) -> None:
    reading = Reading(html)
    labels = {one.attributes.get("for"): one.text.strip() for one in reading.all("label")}
    for element in reading.all("input", "select", "textarea"):
        if element.attributes.get("type") == "hidden":
            continue
        assert "label" in element.inside or labels.get(element.attributes.get("id")), element


def test_ids_are_unique_and_what_is_referred_to_is_there(html: str) -> None:
    reading = Reading(html)
    assert len(reading.ids) == len(set(reading.ids))
    for element in reading.elements:
        for name in ("aria-describedby", "aria-labelledby", "for", "form"):
            for wanted in element.attributes.get(name, "").split():
                assert wanted in reading.ids, (name, element)
        target = element.attributes.get("href", "")
        if element.tag == "a" and target.startswith("#") and len(target) > 1:
            assert target[1:] in reading.ids, element


def test_nothing_on_a_page_needs_an_inline_script_or_style(html: str) -> None:
    reading = Reading(html)
    assert not reading.all("style", "iframe", "object", "embed", "base")
    for element in reading.elements:
        assert not [name for name in element.attributes if name == "style" or name.startswith(("on", "hx-on"))], element
        assert not element.attributes.get("href", "").lower().startswith("javascript:")
        if element.tag == "script":
            assert element.attributes["src"].startswith("/static/")
            assert not element.text.strip()


def test_no_page_asks_another_host_for_anything(html: str) -> None:
    for element in Reading(html).elements:
        for name in ("src", "href", "action", "hx-get", "hx-post"):
            assert not re.match(r"(\w+:)?//", element.attributes.get(name, "")), element


def test_every_post_carries_the_forgery_token(html: str) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL):
        assert 'name="csrfmiddlewaretoken"' in form


def test_names_that_are_markup_stay_text(html: str) -> None:
    assert "<img src=x" not in html
    assert PROBE not in html


def test_a_page_stays_light(html: str) -> None:
    assert len(html.encode()) <= HTML_BUDGET


def test_style_and_scripts_stay_light() -> None:
    files = [STATIC_ROOT / "hall.css", STATIC_ROOT / "hall.js", *STATIC_ROOT.glob("vendor/*.js")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= ASSET_BUDGET


_REGIONS = [(name, region) for name, sample in SAMPLES.items() for region in sample.regions]


@pytest.mark.parametrize(("name", "region"), _REGIONS)
def test_a_swapped_region_equals_a_fresh_load(name: str, region: str) -> None:
    whole = rendered(SAMPLES[name])
    part = rendered(SAMPLES[name], hx_request="true", hx_target=region).strip()
    assert Reading(part).elements[0].attributes["id"] == region
    token = re.compile(r'(name="csrfmiddlewaretoken" value=)"[^"]*"')
    assert token.sub(r"\1", part) in token.sub(r"\1", whole)
    assert len(part) < len(whole)


def test_a_target_without_a_block_gets_the_whole_page() -> None:
    assert rendered(SAMPLES["roster"], hx_request="true", hx_target="elsewhere").startswith("<!doctype html>")
    assert rendered(SAMPLES["roster"], hx_target="roster-rows").startswith("<!doctype html>")


def test_every_template_that_is_a_page_has_a_sample() -> None:
    pages = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name not in ("layouts", "components") and path.name != "apology.html"
    }
    assert pages == {sample.template for sample in SAMPLES.values()}


def test_every_page_waits_for_its_region_or_the_whole_layout() -> None:
    for path in [*TEMPLATES.glob("portal/*.html"), *TEMPLATES.glob("counter/*.html")]:
        assert '{% extends "layouts/region.html" if region else "layouts/' in path.read_text(), path


def test_no_template_names_a_center() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search("乐山|12345", path.read_text()), path


def test_only_tables_of_few_columns_stay_columns_on_a_phone() -> None:
    for path in TEMPLATES.rglob("*.html"):
        for columns in re.findall(r'table\("[^"]*", (\[.*?\]), [^%]*figures=true\) %}', path.read_text()):
            assert columns.count('"') // 2 - columns.count('"num"') <= 4, (path, columns)


def test_vendored_files_are_what_their_table_says() -> None:
    table = (STATIC_ROOT / "vendor" / "VENDOR.md").read_text()
    for file in STATIC_ROOT.glob("vendor/*.js"):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert f"| `{file.name}` |" in table
        assert digest in table, f"{file.name} is not what was taken from its source"


def test_templates_keep_to_one_screenful() -> None:
    longest = {path: len(path.read_text().splitlines()) for path in TEMPLATES.rglob("*.html")}
    assert max(longest.values()) <= 120, max(longest, key=longest.__getitem__)


_FIGURE = re.compile(r"[\d*,.年月日 -]*[\d*][ -][\d*,.年月日 -]*")
"""A month, a day, a number in masks or groups: what a browser may break at its hyphens or spaces."""
_WHOLE = {"num", "nowrap", "figure"}


def test_a_figure_in_a_table_stays_on_one_line(html: str) -> None:
    loose = re.sub(r'<div class="[^"]* unbroken".*?</table>', "", html, flags=re.DOTALL)
    rows = re.findall(r"<tr>.*?</tr>", loose, re.DOTALL)
    cells = [cell for row in rows for cell in Reading(row).all("td", "th")]
    figures = [cell for cell in cells if _FIGURE.fullmatch(cell.text.strip())]
    assert [cell.text for cell in figures if not _WHOLE & {*cell.attributes.get("class", "").split()}] == []
