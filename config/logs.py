"""Logs: one JSON object a line, without anybody's identity number, bank account or mobile in it."""

from __future__ import annotations

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from hpf.kernel.identity import mask_identity, mask_mobile

_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{15,20}[\dXx]?(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def masked(text: str) -> str:
    """A text with identity numbers, bank accounts and mobiles masked.

    >>> masked("511102199001011235 打电话 13800001234")
    '511102********1235 打电话 138****1234'
    """
    text = _LONG_NUMBER.sub(lambda found: mask_identity(found[0]), text)
    return _MOBILE.sub(lambda found: mask_mobile(found[0]), text)


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: masks every text of an event, however deep. Stands behind the one that formats errors."""
    return {key: _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(inner) for inner in value]
    text = str(value)
    hidden = masked(text)
    return value if hidden == text and isinstance(value, int | float | None) else hidden


def configuration(level: str = "INFO") -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error, which the supervisor or the command leads to a file."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            "smpp": {"level": "ERROR"},
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
