"""What shows records of people or employers counts what is looked up there."""

from __future__ import annotations

from hpf.faces.web.watch import LIST, WATCHED
from tests.house.addresses import addresses
from tests.house.test_registers import EXPECTED

# Named by a number, and nobody's data: what the center publishes, closes, agrees; oneself; an employer's own business
# without its members.
NOT_COUNTED = {
    "agreement-certificate",
    "agreement-rule",
    "counter:agreement-draft",
    "counter:agreement-edit",
    "counter:agreement-version",
    "counter:closure",
    "counter:details-branch",
    "counter:details-change",
    "counter:draft",
    "counter:draft-edit",
    "counter:draft-file",
    "counter:mass-message",
    "counter:publication",
    "counter:publication-new",
    "counter:publication-revise",
    "counter:sent",
    "counter:staff-looks-change",
    "counter:staff-member",
    "counter:template",
    "counter:template-edit",
    "counter:timetable",
    "counter:wording",
    "portal:inquiry",
    "portal:message",
    "portal:notice",
    "portal:prepared-act",
    "portal:receipt",
    "portal:restriction-appeal",
    "portal:restriction-paper",
    "portal:sheet",
    "portal:slip",
}


def test_every_page_that_a_number_names_is_counted_or_shows_nobody() -> None:
    named = {
        one.name: one.arguments
        for one in addresses()
        if one.arguments and one.name in EXPECTED and "GET" in EXPECTED[one.name][1]
    }
    inside = {name for name in named if EXPECTED[name][0][0] != "public"}
    assert inside - WATCHED.keys() == NOT_COUNTED
    assert WATCHED.keys() <= EXPECTED.keys()
    for name, counted in WATCHED.items():
        assert counted == LIST or counted in named.get(name, (counted,)), name
