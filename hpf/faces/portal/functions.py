"""Which address of the portal belongs to which function (业务): what can be closed or withheld by itself."""

from __future__ import annotations

from hpf.registry.codes import HallFunction

FUNCTIONS: dict[str, HallFunction] = {
    "upload": HallFunction.OPENING,
    "preview": HallFunction.OPENING,
    "recheck": HallFunction.OPENING,
    "discard": HallFunction.OPENING,
    "open": HallFunction.OPENING,
    "seal": HallFunction.SEALING,
    "declare": HallFunction.REMITTANCE,
    "sheet": HallFunction.REMITTANCE,
    "withdraw": HallFunction.REMITTANCE,
    "pay-unallocated": HallFunction.REMITTANCE,
    "inquiries": HallFunction.INQUIRIES,
    "inquiry-again": HallFunction.INQUIRIES,
    "inquiry-rate": HallFunction.INQUIRIES,
}
"""URL name: its function. An address without one is never closed: looking up, one's own access, acknowledging."""
