"""A hall with its web server and its worker, on a database of its own, and a browser before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import own_center
from tests.journeys.visitor import open_browser
from tests.running import Hall, new_folder


@pytest.fixture
def hall(server: Any) -> Iterator[Hall]:
    """A hall that runs as ``hpf run`` does: the center is founded, and nobody has registered yet."""
    from django.conf import settings

    from hpf.faces.cli.demo.ground import lay_ground
    from hpf.faces.cli.demo.plan import plan

    with own_center(server) as database, new_folder() as folder:
        lay_ground(plan().center, plan().registered_on)
        hall = Hall(
            folder,
            DATABASE_URL=database.admin_url,
            HPF_DATA_KEYS=settings.DATA_KEYS,
            HPF_STATEMENT_SECONDS="30",
        )
        with hall.running():
            yield hall


@pytest.fixture
def browser(hall: Hall) -> Iterator[Browser]:
    """A browser that ends before its hall does: while it runs, Django takes this thread for an asynchronous one."""
    del hall
    with sync_playwright() as playwright:
        chromium = open_browser(playwright)
        yield chromium
        chromium.close()
