"""Nobody's identity number, bank account or mobile reaches a log."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog

from config.logs import configuration, masked

IDENTITY, MOBILE, ACCOUNT = "51110219900101123X", "13800001234", "6222021234567890123"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """A logger "hall" of its own that writes as the hall does."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = configuration()["formatters"]["json"]
    factory = formatter.pop("()")
    handler.setFormatter(factory(**formatter))
    logger = logging.getLogger("hall")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)


def test_numbers_are_masked_wherever_they_stand(lines: io.StringIO) -> None:
    log = structlog.get_logger("hall")
    try:
        int(IDENTITY)
    except ValueError:
        log.exception("身份证%s", IDENTITY, mobile=MOBILE, rows=[{"account": ACCOUNT}], number=int(MOBILE))
    logging.getLogger("hall").warning("call %s about %s", MOBILE, IDENTITY)
    text = lines.getvalue()
    assert not any(number in text for number in (IDENTITY, MOBILE, ACCOUNT))
    first, second = (json.loads(line) for line in text.splitlines())
    assert first["event"] == "身份证511102********123X"
    assert first["mobile"] == first["number"] == "138****1234"
    assert first["rows"] == [{"account": "622202*********0123"}]
    assert "511102********123X" in first["exception"]
    assert second["event"] == "call 138****1234 about 511102********123X"


def test_other_numbers_stay(lines: io.StringIO) -> None:
    structlog.get_logger("hall").info(
        "booked", amount_fen=41590240, case_no=79444, seconds=0.25, first=True, basis=None
    )
    (event,) = (json.loads(line) for line in lines.getvalue().splitlines())
    assert (event["amount_fen"], event["case_no"], event["seconds"]) == (41590240, 79444, 0.25)
    assert event["first"] is True
    assert event["basis"] is None


@pytest.mark.parametrize(
    "text", ["2026-08-10 12:00:00", "F20260810-7", "a3f0138000012345678901234567890b", "138000012345"]
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert masked(text) == text
