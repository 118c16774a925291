"""What an application for registration must say, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hpf.employer_registration.rules import (
    DECLARATIONS,
    LABELS,
    OPTIONAL,
    EmployerApplication,
    differences,
    examine,
)
from hpf.faces.web.registration_form import READERS
from hpf.kernel import Month, Rate, Refusal, Severity, deadline
from hpf.policy import Term, law_of, shipped_law
from hpf.registry import handlers
from hpf.registry.codes import Nature
from hpf.registry.initial_passwords import READABLE

TODAY = date(2026, 8, 10)
BRANCHES = {"01": "市中区管理部"}
GOOD = EmployerApplication(
    name="乐山青衣江机械有限公司",
    credit_code="91511100MA6280003F",
    postcode="614000",
    address="乐山市市中区嘉州大道1号",
    legal_representative="欧阳江月",
    legal_representative_phone="0833-2101234",
    economic_type="150",
    affiliation="90",
    supervising_department="",
    nature="33",
    declared_member_count="3",
    founded_on="2026-07-20",
    branch="01",
    unit_rate="8",
    personal_rate="8%",
    payday="10",
    first_month="202607",
    fund_department="finance",
    bank_name="工商银行乐山分行",
    bank_account="6222 0000 1111 2222",
    handler_name="王秀英",
    handler_identity_number="511102199003071235",
    handler_mobile="13800138000",
    accepts_agreement="1",
    follows_rules="1",
    vouches_for_data="1",
)


def law(day: date = TODAY, *terms: Term):
    if terms:
        return law_of([*shipped_law(day, "511100").terms.values(), *terms], day, "511102")
    return shipped_law(day, "511100")


def faults(law_of_month=None, **changes: str) -> list[tuple[str, str]]:
    application = replace(GOOD, **changes)
    _, refusals = examine(application, BRANCHES, law_of_month or law(), law())
    return [(refusal.code, refusal.where) for refusal in refusals if refusal.severity is not Severity.CHECK]


def hints(**changes: str) -> list[Refusal]:
    registration, refusals = examine(replace(GOOD, **changes), BRANCHES, law(), law())
    assert registration is not None
    return refusals


def test_a_good_application_is_read_into_types() -> None:
    registration, refusals = examine(GOOD, BRANCHES, law(), law())
    assert refusals == []
    assert registration is not None
    assert (registration.unit_rate, registration.first_month) == (Rate(800), Month(2026, 7))
    assert registration.bank_account == "6222000011112222"
    assert registration.handler.mobile == "13800138000"


def test_names_lose_their_blanks() -> None:
    registration, _ = examine(replace(GOOD, name=" 乐山 青衣江　机械有限公司 "), BRANCHES, law(), law())
    assert registration is not None
    assert registration.name == "乐山青衣江机械有限公司"


def test_an_empty_form_names_every_required_field_at_once() -> None:
    _, refusals = examine(EmployerApplication(), BRANCHES, None, law())
    assert {refusal.where for refusal in refusals} == set(LABELS) - OPTIONAL
    assert {refusal.code for refusal in refusals} == {"REGISTER-REQUIRED", "REGISTER-DECLARATION"}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("credit_code", "91511100MA6280003G", "REGISTER-CREDIT-CODE"),
        ("credit_code", "A1110000600037341L", "REGISTER-CREDIT-CODE"),
        ("credit_code", "9151110", "REGISTER-CREDIT-CODE"),
        ("credit_code", "60003734X", "REGISTER-CREDIT-CODE"),
        ("postcode", "61400", "REGISTER-POSTCODE"),
        ("legal_representative_phone", "12345", "REGISTER-PHONE"),
        ("handler_mobile", "12800138000", "REGISTER-MOBILE"),
        ("handler_mobile", "0833-2101234", "REGISTER-MOBILE"),
        ("handler_identity_number", "511102199003071234", "REGISTER-IDENTITY"),
        ("handler_identity_number", "511102198502290016", "REGISTER-IDENTITY"),
        ("economic_type", "没有", "REGISTER-CHOICE"),
        ("branch", "99", "REGISTER-CHOICE"),
        ("declared_member_count", "0", "REGISTER-NUMBER"),
        ("declared_member_count", "三", "REGISTER-NUMBER"),
        ("payday", "0", "REGISTER-NUMBER"),
        ("payday", "32", "REGISTER-NUMBER"),
        ("founded_on", "2026-02-30", "REGISTER-DATE"),
        ("founded_on", "2026-08-11", "REGISTER-FOUNDED-AHEAD"),
        ("first_month", "2026-13", "REGISTER-MONTH"),
        ("first_month", "202606", "REGISTER-MONTH-BEFORE-FOUNDING"),
        ("first_month", "202610", "REGISTER-MONTH-AHEAD"),
        ("unit_rate", "八", "REGISTER-RATE"),
        ("unit_rate", "8.555", "REGISTER-RATE"),
        ("unit_rate", "12.01", "REGISTER-RATE-RANGE"),
        ("personal_rate", "4.99", "REGISTER-RATE-RANGE"),
        ("bank_account", "6222-ABC", "REGISTER-BANK-ACCOUNT"),
        ("name", "单" * 256, "REGISTER-TOO-LONG"),
        ("name", "乐山\x00公司", "REGISTER-CHARACTER"),
        ("address", "嘉州大道\ud800", "REGISTER-CHARACTER"),
    ],
)
def test_a_fault_is_named_with_its_field(field: str, text: str, code: str) -> None:
    found = faults(**{field: text})
    assert (code, field) in found
    assert {where for _, where in found} <= {field, "first_month"}


def test_the_first_month_may_be_the_next_one_for_who_is_new_to_work_and_is_asked_about() -> None:
    registration, (found,) = examine(replace(GOOD, first_month="202609"), BRANCHES, law(), law())
    assert registration is not None
    assert (found.code, found.severity, found.where) == ("REGISTER-MONTH-NEXT", Severity.CHECK, "first_month")
    assert found.basis == "《住房公积金管理条例》（2019年修订）第十七条"


def test_a_first_month_that_the_center_takes_in_advance_is_no_matter_of_who_is_new_to_work() -> None:
    three = law(TODAY, Term("max_advance_months", "511102", date(2026, 1, 1), "3", "months", "《提前汇缴的通知》"))
    for month, code, why in (
        ("202609", "REGISTER-MONTH-NEXT", "全部职工都是新参加工作的"),
        ("202611", "REGISTER-MONTH-NEXT", "2026年11月以前没有应缴职工的"),
        ("202612", "REGISTER-MONTH-AHEAD", "最多可提前3个月汇缴"),
    ):
        _, (found,) = examine(replace(GOOD, first_month=month), BRANCHES, law(), three)
        assert (found.code, why in found.why) == (code, True)
        assert (found.basis == "《提前汇缴的通知》") is (month != "202609")


@pytest.mark.parametrize("limit", ["5", "12", "5%", "12％", "8.25"])
def test_rates_at_the_limits_are_taken(limit: str) -> None:
    assert faults(unit_rate=limit) == []


def test_a_place_may_ask_for_whole_and_equal_rates() -> None:
    local = law(
        TODAY,
        Term("rate_step", "511102", date(2026, 7, 1), "1%", "rate", "县规定"),
        Term("rates_must_be_equal", "511102", date(2026, 7, 1), "true", "boolean", "县规定"),
    )
    assert faults(local, unit_rate="8.5") == [
        ("REGISTER-RATE-STEP", "unit_rate"),
        ("REGISTER-RATES-UNEQUAL", "personal_rate"),
    ]


def test_without_law_the_rates_are_refused_by_name() -> None:
    nowhere = law_of([term for term in law().terms.values() if term.name != "rate_max"], TODAY, "511100")
    assert faults(nowhere) == [("POLICY-NO-LAW", "缴存比例上限")]


def test_an_old_organisation_code_is_taken_with_a_hint() -> None:
    [hint] = hints(credit_code="60003734-1")
    assert (hint.code, hint.where, hint.severity) == ("REGISTER-OLD-CODE", "credit_code", Severity.CHECK)


def test_the_thirty_days_are_calendar_days_and_only_a_hint() -> None:
    assert hints(founded_on="2026-07-11") == []
    [late] = hints(founded_on="2026-07-10")
    assert (late.code, late.severity) == ("REGISTER-LATE", Severity.CHECK)
    assert "2026年8月9日" in late.what
    assert late.basis


@pytest.mark.parametrize("declaration", DECLARATIONS)
def test_none_of_the_three_declarations_may_be_missing(declaration: str) -> None:
    assert faults(**{declaration: ""}) == [("REGISTER-DECLARATION", declaration)]


def test_the_industry_may_be_left_open_and_is_one_of_the_list() -> None:
    assert faults(industry="") == []
    assert faults(industry="P") == []
    assert faults(industry="教育") == [("REGISTER-CHOICE", "industry")]


def test_the_seven_boxes_of_the_paper_hold_all_ten_natures() -> None:
    boxes = [nature.box for nature in Nature]
    assert len(set(boxes)) == 7
    assert Nature.STATE_ORGAN.box == Nature.PUBLIC_INSTITUTION.box == "国家机关,事业单位"


def test_a_correction_is_told_field_by_field_and_people_s_numbers_are_masked() -> None:
    after = replace(GOOD, bank_name="建设银行", handler_identity_number="511102199912318880")
    assert differences(GOOD, after) == {
        "bank_name": ["工商银行乐山分行", "建设银行"],
        "handler_identity_number": ["511102********1235", "511102********8880"],
    }
    assert differences(GOOD, GOOD) == {}


def test_the_days_of_registering_and_opening_are_counted_by_the_calendar() -> None:
    today = law(date(2026, 8, 10))
    assert deadline(date(2026, 3, 1), today.employer_registration_days) == date(2026, 3, 31)
    assert deadline(date(2026, 3, 20), today.account_opening_days) == date(2026, 4, 9)


def test_an_employer_is_registered_from_paper_with_at_most_25_typed_fields() -> None:
    """A date and a month count as typed; what is chosen or ticked with the mouse does not."""
    chosen = {"select", "radio", "tick"}
    assert {reader.kind for reader in READERS.values()} == chosen | {"text", "date", "month"}
    typed = [name for name, reader in READERS.items() if reader.kind not in chosen]
    assert len(typed) == 18
    assert len(typed) - len(OPTIONAL & set(typed)) == 17


def test_a_handler_alone_is_examined_by_the_same_rules() -> None:
    details, refusals = handlers.examine(GOOD.handler, TODAY)
    assert (details is not None, refusals) == (True, [])
    _, refusals = handlers.examine(handlers.HandlerApplication("", "1", "1"), TODAY)
    assert [refusal.where for refusal in refusals] == ["handler_name", "handler_identity_number", "handler_mobile"]


def test_initial_passwords_use_no_letter_that_is_misread() -> None:
    assert not set("0O1lI") & set(READABLE)
    assert len(set(READABLE)) == len(READABLE) == 57
