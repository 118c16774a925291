"""What is typed on the command line, read with an answer in both languages."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from getpass import getpass


def day(text: str) -> date:
    """A day as 2026-08-10. Raises ``ArgumentTypeError``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是日期，应如2026-08-10 / {text} is no day; write it like 2026-08-10"
        ) from None


def line(prompt: str) -> str:
    """What somebody at the terminal answers."""
    print(prompt, end="", flush=True)
    return sys.stdin.readline().removesuffix("\n")


def secret(prompt: str) -> str:
    """The same without showing it; a line of what is piped in where nobody sits at a terminal."""
    return getpass(prompt) if sys.stdin.isatty() else line(prompt)
