"""From a named constraint of the database to a refusal in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from django.db import IntegrityError

from hpf.kernel import Refusal, Refused


@contextmanager
def refusing(constraints: Mapping[str, Refusal | Callable[[str], Refusal]]) -> Iterator[None]:
    """Turn the violation of a named constraint into its refusal; any other violation is a bug and passes through.

    Where the refusal names what the database knows, it is made from the violation's DETAIL.

    The database is the last to look: two that passed the same check at the same moment meet here.
    """
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
        if not isinstance(cause, psycopg.Error) or name is None or name not in constraints:
            raise
        refusal = constraints[name]
        raise Refused(refusal if isinstance(refusal, Refusal) else refusal(cause.diag.message_detail or "")) from error
