"""What handlers and staff type first."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.faces.web import forms
from hpf.faces.web.forms import ask


@dataclass(frozen=True, slots=True)
class LoginForm:
    """User name and password."""

    user_name: str = ask("用户名", forms.text(60), autocomplete="username")
    password: str = ask("密码", forms.password(), autocomplete="current-password")
