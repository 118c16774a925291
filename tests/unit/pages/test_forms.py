"""The form reader: all errors at once, beside their fields; nothing that was not asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from hpf.faces.web import forms
from hpf.faces.web.components_page import EveryField
from hpf.faces.web.forms import ask
from hpf.kernel import Fen, Month, Rate, Refusal, Refused, Severity

RIGHT = {
    "name": " 阿依古丽•买买提 ",
    "mobile": "138 0000 1234",
    "wage": "２６,495.5",
    "unit_rate": "8.5%",
    "people": "1,204",
    "first_month": "202608",
    "founded_on": "2026-02-28",
    "nature": "30",
    "department": "hr",
    "password": "  空格也算 ",
    "accepted": "1",
    "note": "",
}
WORKBOOK = SimpleUploadedFile("花名册.xlsx", b"PK")


def posted(**changes: str | list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in {**RIGHT, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def refused(form: type, data: QueryDict) -> dict[str, Refusal]:
    with pytest.raises(Refused) as caught:
        forms.read(form, data, {"file": WORKBOOK})
    return {refusal.where: refusal for refusal in caught.value.refusals}


def test_a_right_form_becomes_typed_values() -> None:
    assert forms.read(EveryField, posted(), {"file": WORKBOOK}) == EveryField(
        name="阿依古丽·买买提",
        mobile="13800001234",
        wage=Fen.from_yuan("26495.50"),
        unit_rate=Rate(850),
        people=1204,
        first_month=Month(2026, 8),
        founded_on=date(2026, 2, 28),
        nature="30",
        department="hr",
        password="  空格也算 ",
        file=WORKBOOK,
        accepted=True,
        note=None,
    )


def test_everything_wrong_is_said_at_once_with_its_field() -> None:
    found = refused(EveryField, posted(mobile="1380000", wage="六千", first_month="2026-13", nature="99", name=""))
    assert {name: refusal.code for name, refusal in found.items()} == {
        "name": "FORM-REQUIRED",
        "mobile": "FORM-SHAPE",
        "wage": "FORM-AMOUNT",
        "first_month": "FORM-MONTH",
        "nature": "FORM-CHOICE",
    }
    assert found["wage"].sentence == "月平均工资（元）不是金额。请填写以元为单位的金额，最多两位小数，如6000.00。"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("wage", "6000.001", "FORM-AMOUNT"),
        ("wage", "1e3", "FORM-AMOUNT"),
        ("unit_rate", "8.555", "FORM-RATE"),
        ("unit_rate", "101", "FORM-RATE"),
        ("people", "-1", "FORM-NUMBER"),
        ("people", "十", "FORM-NUMBER"),
        ("founded_on", "2026-02-30", "FORM-DAY"),
        ("name", "陈" * 121, "FORM-LENGTH"),
        ("note", "坏\x00字", "FORM-TEXT"),
        ("accepted", "", "FORM-REQUIRED"),
    ],
)
def test_each_kind_of_field_refuses_what_it_cannot_read(field: str, value: str, code: str) -> None:
    assert {name: one.code for name, one in refused(EveryField, posted(**{field: value})).items()} == {field: code}


def test_a_missing_file_is_asked_for() -> None:
    with pytest.raises(Refused) as caught:
        forms.read(EveryField, posted())
    assert caught.value.codes == ("FORM-FILE",)


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=20), max_size=8))
def test_fields_that_nobody_asked_for_change_nothing(extra: dict[str, str]) -> None:
    more = {name: value for name, value in extra.items() if name not in forms.questions(EveryField)}
    more |= {"employer_id": "7", "state": "booked", "amount_fen": "1", "is_staff": "1", "__class__": "x"}
    files = {"file": WORKBOOK}
    assert forms.read(EveryField, posted(**more), files) == forms.read(EveryField, posted(), files)


@dataclass(frozen=True, slots=True)
class Choose:
    accounts: tuple[str, ...] = ask("职工", forms.pattern(r"\d{12}", "不是个人账号"), many=True)
    part: str = ask("部分", forms.choice([("a", "甲"), ("b", "乙")], kind="radio"))


def test_one_field_can_have_many_values() -> None:
    accounts = ["992608100001", "992608100002"]
    data = posted(accounts=accounts, part=["b", "a"])
    assert forms.read(Choose, data) == Choose(tuple(accounts), "a")
    assert refused(Choose, posted(accounts=[], part="a"))["accounts"].what == "请选择职工"
    assert forms.inputs(Choose, data)["accounts"].values == tuple(accounts)


def test_a_form_that_comes_back_keeps_what_was_typed_but_no_password() -> None:
    typed = posted(wage="六千", password="geheim-geheim")
    shown = forms.inputs(EveryField, typed, refused(EveryField, typed).values())
    assert shown["wage"].value == "六千"
    assert shown["wage"].error.startswith("月平均工资（元）不是金额")
    assert shown["name"].value == RIGHT["name"]
    assert not shown["name"].error
    assert shown["password"].value == ""


def test_a_month_that_no_browser_would_show_is_shown_as_text() -> None:
    typed = posted(first_month="2026-13")
    assert forms.inputs(EveryField, typed, refused(EveryField, typed).values())["first_month"].kind == "text"
    assert forms.inputs(EveryField, posted())["first_month"].kind == "month"


def test_proposed_values_are_written_as_a_person_would_type_them() -> None:
    proposed = {
        "wage": Fen.from_yuan("26495.5"),
        "unit_rate": Rate(850),
        "first_month": Month(2026, 8),
        "accepted": True,
    }
    shown = forms.inputs(EveryField, proposed)
    values = {name: shown[name].value for name in (*proposed, "name")}
    assert values == {
        "wage": "26495.50",
        "unit_rate": "8.5",
        "first_month": "2026-08",
        "accepted": "1",
        "name": "",
    }


def test_a_rule_s_refusal_stands_beside_its_field_and_a_hint_does_not() -> None:
    refusals = [
        Refusal("BASE-CAP", "基数高于上限", where="wage"),
        Refusal("BASE-LAST-YEAR", "与去年相同", where="wage", severity=Severity.CHECK),
        Refusal("REMIT-MONTH-GAP", "上月未汇缴"),
    ]
    assert forms.inputs(EveryField, None, refusals)["wage"].error == "基数高于上限。"


@pytest.mark.parametrize("key", ["", "short", "有中文的键值八位", "x" * 121])
def test_a_damaged_key_is_refused(key: str) -> None:
    with pytest.raises(Refused) as caught:
        forms.read_key(posted(key=key))
    assert caught.value.codes == ("FORM-KEY",)


def test_a_key_comes_back_as_it_was_born() -> None:
    assert forms.read_key(posted(key="sample-key-sample-key-24")) == "sample-key-sample-key-24"
