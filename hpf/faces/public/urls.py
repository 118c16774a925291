"""Addresses before the door."""

from hpf.faces.public import agreement, login, own
from hpf.faces.web.door import ACCEPTING, ENTERING, PUBLIC, SETTING_PASSWORD, door

urlpatterns = [
    door("login/", login.login, "login", PUBLIC, ("GET", "POST")),
    door("login/code/", login.login_code, "login-code", PUBLIC, ("GET", "POST")),
    door("login/resend/", login.resend, "login-resend", PUBLIC, ("POST",)),
    door("leave/", own.leave, "leave", ENTERING, ("POST",)),
    door("password/", own.first_password, "first-password", SETTING_PASSWORD, ("GET", "POST")),
    door("agreement/", agreement.agreement, "agreement", ACCEPTING, ("GET", "POST")),
]
