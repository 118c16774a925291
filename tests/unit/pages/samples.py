"""Every page with data as it may come: long names, rare characters, and names that try to be markup."""

from __future__ import annotations

from hpf.faces.web import components_page
from hpf.faces.web.shapes import errors
from hpf.faces.web.shapes.frame import (
    Frame,
)
from tests.unit.pages import (
    samples_access,
    samples_agreements,
    samples_channels,
    samples_counter,
    samples_details,
    samples_handlers,
    samples_inquiries,
    samples_messages,
    samples_money,
    samples_portal,
    samples_public,
    samples_publications,
    samples_restrictions,
    samples_staff,
)
from tests.unit.pages.ground import (
    BAD_DIGIT,
    GAP,
    PUBLIC_FRAME,
    Sample,
)

SAMPLES: dict[str, Sample] = {
    **samples_public.SAMPLES,
    **samples_staff.SAMPLES,
    **samples_access.SAMPLES,
    **samples_portal.SAMPLES,
    **samples_counter.SAMPLES,
    **samples_agreements.SAMPLES,
    **samples_publications.SAMPLES,
    **samples_handlers.SAMPLES,
    **samples_channels.SAMPLES,
    **samples_details.SAMPLES,
    **samples_inquiries.SAMPLES,
    **samples_restrictions.SAMPLES,
    **samples_messages.SAMPLES,
    **samples_money.SAMPLES,
    "components": Sample("components.html", components_page.sample()),
    "refused": Sample(
        "errors/422.html",
        errors.ErrorPage("这项业务现在不能办理", "", "", "7F3A-92C4", "/", (GAP, BAD_DIGIT)),
        PUBLIC_FRAME,
    ),
    **{
        f"error-{status}": Sample(
            f"errors/{status}.html",
            errors.ErrorPage("抱歉，我们这里出了问题", "这一步没有办成。", "请稍后再试。", "7F3A-92C4", "/"),
            Frame(),
        )
        for status in (400, 403, 404, 405, 413, 429, 500, 503)
    },
}
