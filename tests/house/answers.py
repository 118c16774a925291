"""What the addresses answer, where it is not a page: for the walk through all of them."""

from __future__ import annotations

# What an address answers to those it lets in, where it is not 200 to a GET and 422 to an empty form.
ANSWERS = {
    ("login-code", "GET"): (302, "/login/"),
    ("apply-done", "GET"): (302, "/apply/find/"),
    ("apply-paper", "GET"): (302, "/apply/find/"),
    ("apply-code", "GET"): (302, "/apply/find/"),
    ("login-app", "GET"): (302, "/login/"),
    ("counter:login-code", "GET"): (302, "/counter/login/"),
    ("portal:end-others", "POST"): (302, "/sessions/"),
    ("portal:end-session", "POST"): (302, "/sessions/"),
    ("portal:keep", "POST"): (204, ""),
    ("portal:message", "POST"): (303, "/messages/"),
    ("portal:prompts", "POST"): (303, "/prompts/"),
    ("counter:end-others", "POST"): (302, "/counter/security/"),
    ("counter:end-session", "POST"): (302, "/counter/security/"),
    ("counter:keep", "POST"): (204, ""),
    ("counter:open-application", "POST"): (200, ""),  # a look, which is logged: it takes nothing with it
    ("counter:read-application", "POST"): (200, ""),
    ("counter:print-application", "POST"): (200, ""),
    ("manual", "GET"): (302, "/publications/"),
    ("privacy", "GET"): (302, "/publications/"),
    ("reset", "GET"): (302, "/forgot/"),
    ("reset-resend", "POST"): (302, "/forgot/next/"),
}
OWNER_S = {("portal:declare", "GET"): (303, "/sheet/")}  # August is declared: one look at it is left
CONFIRMED = {("portal:prompts", "GET"): (302, "/")}  # a handler who works has nothing left to confirm
