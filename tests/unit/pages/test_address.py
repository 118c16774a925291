"""Where a request comes from, with and without a proxy in front."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from hpf.faces.web.door import address_of


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "6.6.6.6", (), "203.0.113.9"),
        ("203.0.113.9", "6.6.6.6", ("127.0.0.1",), "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7", ("127.0.0.1",), "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7", ("127.0.0.1",), "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7, 10.0.0.1", ("127.0.0.1", "10.0.0.1"), "198.51.100.7"),
        ("127.0.0.1", "", ("127.0.0.1",), "127.0.0.1"),
        ("::ffff:203.0.113.9", "", (), "203.0.113.9"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.7", ("127.0.0.1",), "198.51.100.7"),
        ("::1", "2001:db8::7", ("::1",), "2001:db8::7"),
    ],
)
def test_only_a_trusted_proxy_is_believed_and_only_for_the_hop_before_it(
    remote: str, forwarded: str, trusted: tuple[str, ...], address: str
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(HALL=replace(settings.HALL, trusted_proxies=trusted)):
        assert address_of(request) == address
