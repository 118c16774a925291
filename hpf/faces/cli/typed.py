"""What is typed on the command line, read with an answer in both languages."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from getpass import getpass

from hpf.kernel import Fen


def day(text: str) -> date:
    """A day as 2026-08-10. Raises ``ArgumentTypeError``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是日期，应如2026-08-10 / {text} is no day; write it like 2026-08-10"
        ) from None


def whole(text: str) -> int:
    """A whole number. Raises ``ArgumentTypeError``."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"“{text}”不是整数 / {text} is no whole number")
    return int(text)


def port(text: str) -> int:
    """A port to listen on. Raises ``ArgumentTypeError``."""
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"“{text}”不是端口，应为1至65535的整数 / {text} is no port from 1 to 65535")
    return int(text)


def yuan(text: str) -> Fen:
    """An amount as 1234.50. Raises ``ArgumentTypeError``."""
    try:
        return Fen.from_yuan(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是金额，应如1234.50 / {text} is no amount; write it like 1234.50"
        ) from None


def line(prompt: str) -> str:
    """What somebody at the terminal answers."""
    print(prompt, end="", flush=True)
    return sys.stdin.readline().removesuffix("\n")


def secret(prompt: str) -> str:
    """The same without showing it; a line of what is piped in where nobody sits at a terminal."""
    return getpass(prompt) if sys.stdin.isatty() else line(prompt)
