"""Addresses before the door."""

from hpf.faces.public import (
    advance,
    agreement,
    blank_forms,
    branches,
    closures,
    forgot,
    login,
    own,
    proof,
    publications,
)
from hpf.faces.web import addresses  # noqa: F401 - lets addresses hold the numbers of rows
from hpf.faces.web.door import ACCEPTING, ENTERING, HANDLER, PUBLIC, SETTING_PASSWORD, door
from hpf.registry.codes import HallFunction

urlpatterns = [
    door("login/", login.login, "login", PUBLIC, ("GET", "POST")),
    door("login/code/", login.login_code, "login-code", PUBLIC, ("GET", "POST")),
    door("login/app/", login.login_app, "login-app", PUBLIC, ("GET", "POST")),
    door("login/resend/", login.resend, "login-resend", PUBLIC, ("POST",)),
    door("proof/<slug:purpose>/", proof.challenge, "proof", PUBLIC),
    door("forgot/", forgot.forgot, "forgot", PUBLIC, ("GET", "POST")),
    door("forgot/next/", forgot.reset, "reset", PUBLIC, ("GET", "POST")),
    door("forgot/resend/", forgot.resend, "reset-resend", PUBLIC, ("POST",)),
    door("leave/", own.leave, "leave", ENTERING, ("POST",)),
    door("password/", own.first_password, "first-password", SETTING_PASSWORD, ("GET", "POST")),
    door("agreement/", agreement.agreement, "agreement", ACCEPTING, ("GET", "POST")),
    door("agreement/refuse/", agreement.refuse, "agreement-refuse", ACCEPTING, ("POST",)),
    door("agreement/refused/", agreement.refused, "agreement-refused", PUBLIC),
    door("agreement/rules/<slug:document>/", agreement.rule, "agreement-rule", HANDLER, ("GET", "POST")),
    door("agreement/acceptances/<row:acceptance_id>/", agreement.certificate, "agreement-certificate", HANDLER),
    door("agreements/", agreement.agreements, "agreements", PUBLIC),
    door("agreements/<row:version_id>/", agreement.version, "agreement-version", PUBLIC),
    door("agreements/<row:version_id>/text/", agreement.text, "agreement-text", PUBLIC),
    door("apply/", advance.apply, "apply", PUBLIC, ("GET", "POST"), function=HallFunction.REGISTRATION),
    door("apply/done/", advance.done, "apply-done", PUBLIC),
    door("apply/form.pdf", advance.paper, "apply-paper", PUBLIC),
    door("apply/find/", advance.find, "apply-find", PUBLIC, ("GET", "POST"), function=HallFunction.REGISTRATION),
    door("apply/code/", advance.code, "apply-code", PUBLIC, ("GET", "POST"), function=HallFunction.REGISTRATION),
    door("closures/", closures.closures, "closures", PUBLIC),
    door("branches/", branches.branches, "branches", PUBLIC),
    door("forms/", blank_forms.blank_forms, "blank-forms", PUBLIC),
    door("forms/<slug:name>.pdf", blank_forms.blank_form, "blank-form", PUBLIC),
    door("manual/<slug:name>/", publications.chapter, "manual", PUBLIC),
    door("privacy/", publications.privacy, "privacy", PUBLIC),
    door("publications/", publications.publications, "publications", PUBLIC),
    door("publications/<row:publication_id>/", publications.publication, "publication", PUBLIC),
    door("publications/<row:publication_id>/<row:number>/", publications.version, "publication-version", PUBLIC),
    door(
        "publications/<row:publication_id>/<row:number>/<row:place>/",
        publications.version_file,
        "publication-file",
        PUBLIC,
    ),
]
