"""The operation manual (操作手册): which chapter explains which page, and its pictures.

A chapter is a publication whose slug is ``manual-`` and its name; the center revises it as any other. Its pictures are
taken by the journeys (``make manual``).
"""

from __future__ import annotations

import re

from django.urls import reverse

from hpf.faces.web.environment import STATIC_ROOT, static
from hpf.faces.web.shapes.frame import Link

PICTURES = STATIC_ROOT / "manual"
_PICTURE = re.compile(r"[a-z0-9-]+\.webp")

CHAPTERS: dict[str, str] = {
    "login": "first-login",
    "login-code": "first-login",
    "login-app": "security",
    "first-password": "first-login",
    "forgot": "forgotten-password",
    "reset": "forgotten-password",
    "recovered": "forgotten-password",
    "agreement": "agreement",
    "agreement-refused": "agreement",
    "agreement-rule": "agreement",
    "portal:home": "first-login",
    "portal:choose": "first-login",
    "portal:restriction": "agreement",
    "portal:restriction-appeal": "agreement",
    "portal:acknowledge": "messages",
    "portal:messages": "messages",
    "portal:message": "messages",
    "portal:prompts": "messages",
    "portal:contact": "messages",
    "portal:roster": "receipts",
    "portal:account": "receipts",
    "portal:upload": "open-workbook",
    "portal:preview": "open-workbook",
    "portal:open": "open-person",
    "portal:seal": "seal",
    "portal:receipt": "receipts",
    "portal:declare": "declare",
    "portal:declare-lines": "declare",
    "portal:sheet": "pay",
    "portal:sheet-lines": "declare",
    "portal:unallocated": "pay",
    "portal:records": "receipts",
    "portal:inquiries": "questions",
    "portal:inquiry": "questions",
    "portal:looking": "security",
    "portal:prepared": "two-steps",
    "portal:prepared-act": "two-steps",
    "portal:handover": "handler-change",
    "portal:sessions": "security",
    "portal:change-password": "security",
    "portal:enrol": "security",
    "portal:drop-authenticator": "security",
}
"""URL name of a page: the chapter that explains it."""


def slug_of(chapter: str) -> str:
    """The publication's slug of a chapter."""
    return f"manual-{chapter}"


def help_for(name: str) -> Link | None:
    """Where the page of a URL name is explained."""
    chapter = CHAPTERS.get(name)
    return Link("帮助", reverse("manual", args=[chapter])) if chapter else None


def picture(name: str) -> str:
    """The address of one of the manual's pictures, ``""`` where there is none of that name."""
    known = _PICTURE.fullmatch(name) and (PICTURES / name).is_file()
    return static(f"manual/{name}") if known else ""
