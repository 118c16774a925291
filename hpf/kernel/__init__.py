"""Plain values and words that every floor shares. Imports nothing but the standard library.

Ranges are half-open everywhere in this project: ``[start, end)``. That is said here, once.
"""

from hpf.kernel.actor import Actor, ActorKind, Channel
from hpf.kernel.chinese import amount_in_words, compact, normalise_line, normalise_name
from hpf.kernel.dates import DateRange, deadline, typed_day
from hpf.kernel.key import Key
from hpf.kernel.money import BOUND_FEN, Fen, TooLarge
from hpf.kernel.month import Month
from hpf.kernel.rate import Rate, Rounding
from hpf.kernel.refusal import Refusal, Refused, Severity, by_weight

__all__ = [
    "BOUND_FEN",
    "Actor",
    "ActorKind",
    "Channel",
    "DateRange",
    "Fen",
    "Key",
    "Month",
    "Rate",
    "Refusal",
    "Refused",
    "Rounding",
    "Severity",
    "TooLarge",
    "amount_in_words",
    "by_weight",
    "compact",
    "deadline",
    "normalise_line",
    "normalise_name",
    "typed_day",
]
