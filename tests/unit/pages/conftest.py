"""Templates name addresses: in these tests they stand in a table of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.unit.pages.urls", ALLOWED_HOSTS=["testserver"]):
        yield
