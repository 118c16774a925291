"""Which door answers under which address: those that ``HPF_FACES`` names, and the demonstration's where it is one."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from hpf.faces.web.components_page import components
from hpf.faces.web.pages import print_size

handler400 = "hpf.faces.web.pages.bad_request"
handler403 = "hpf.faces.web.pages.permission_denied"
handler404 = "hpf.faces.web.pages.not_found"
handler500 = "hpf.faces.web.pages.server_error"


def _addresses() -> Iterator[URLPattern | URLResolver]:
    """The portal's pages need those before the door; a process that serves the counter alone begins there."""
    yield path("print-size/", print_size, name="print-size")
    faces = settings.HALL.faces
    if settings.HALL.is_demonstration:
        yield path("demo/", include(("hpf.faces.demo.urls", "demo")))
    if "counter" in faces:
        yield path("counter/", include(("hpf.faces.counter.urls", "counter")))
    if "public" in faces or "portal" in faces:
        yield path("", include("hpf.faces.public.urls"))
    if "portal" in faces and settings.HALL.is_demonstration:
        yield path("components/", components, name="components")
    if "portal" in faces:
        yield path("", include(("hpf.faces.portal.urls", "portal")))
    elif "counter" in faces:
        yield path("", RedirectView.as_view(pattern_name="counter:home"), name="front")


urlpatterns = list(_addresses())
