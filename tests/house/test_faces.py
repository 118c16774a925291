"""A process has the addresses of the faces that it serves, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import URLPattern, URLResolver

from config import urls
from config.environment import FACES, Mode


@pytest.mark.parametrize("faces", [FACES, ("portal", "public"), ("portal",), ("public",), ("counter",)])
@pytest.mark.parametrize("mode", Mode)
def test_a_process_has_the_addresses_of_its_faces(faces: tuple[str, ...], mode: Mode) -> None:
    with override_settings(HALL=replace(settings.HALL, faces=faces, mode=mode)):
        patterns = list(urls._addresses())
    names = {_label(pattern) for pattern in patterns}
    assert ("portal" in names) == ("portal" in faces)
    assert ("counter" in names) == ("counter" in faces)
    assert any("hpf.faces.public" in name for name in names) == bool({"portal", "public"} & set(faces))
    assert ("front" in names) == (faces == ("counter",))
    assert ("demo" in names) == (mode is Mode.DEMONSTRATION)
    assert ("components" in names) == (mode is Mode.DEMONSTRATION and "portal" in faces)


def _label(pattern: URLPattern | URLResolver) -> str:
    if isinstance(pattern, URLPattern):
        return str(pattern.name)
    return pattern.namespace or str(pattern.urlconf_name)
