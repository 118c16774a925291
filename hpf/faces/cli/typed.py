"""What is typed on the command line, read with an answer in both languages."""

from __future__ import annotations

import argparse
from datetime import date


def day(text: str) -> date:
    """A day as 2026-08-10. Raises ``ArgumentTypeError``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是日期，应如2026-08-10 / {text} is no day; write it like 2026-08-10"
        ) from None
