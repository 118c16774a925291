"""A reference number for every request: on the error page, in the log, in the answer's header."""

from __future__ import annotations

import secrets

from django.http import HttpRequest

# Without the letters that are mistaken for figures when a handler reads them out on the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def fresh_reference(groups: int = 2) -> str:
    """``7F3A-92C4``: about 40 bits, said in one breath; each further group adds 20."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(groups))


def reference_of(request: HttpRequest) -> str:
    """The reference of a request. One that failed before ``RequestReference`` saw it gets a number here."""
    if not hasattr(request, "reference"):
        request.reference = fresh_reference()  # type: ignore[attr-defined]
    return str(request.reference)  # type: ignore[attr-defined]
