"""The addresses that templates name. What the views behind them do is tested where they live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from hpf.faces.web.components_page import components
from hpf.faces.web.pages import bad_request, not_found, permission_denied, print_size, server_error


def nothing(request: HttpRequest, **_: object) -> HttpResponse:
    return HttpResponse()


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


PORTAL = [
    path("", nothing, name="home"),
    path("roster/", nothing, name="roster"),
    path("roster/<str:account_no>/", nothing, name="account"),
    path("upload/", nothing, name="upload"),
    path("upload/<str:upload_no>/", nothing, name="preview"),
    path("upload/<str:upload_no>/recheck/", nothing, name="recheck"),
    path("upload/<str:upload_no>/discard/", nothing, name="discard"),
    path("open/", nothing, name="open"),
    path("seal/", nothing, name="seal"),
    path("declare/", nothing, name="declare"),
    path("sheet/<str:case_no>/", nothing, name="sheet"),
    path("sheet/<str:case_no>/withdraw/", nothing, name="withdraw"),
    path("sheet/<str:case_no>/pay/", nothing, name="pay-unallocated"),
    path("unallocated/", nothing, name="unallocated"),
    path("records/", nothing, name="records"),
    path("messages/", nothing, name="messages"),
    path("messages/read/", nothing, name="read-all"),
    path("messages/<int:delivery_id>/", nothing, name="message"),
    path("prompts/", nothing, name="prompts"),
    path("contact/", nothing, name="contact"),
    path("contact/confirm/", nothing, name="contact-confirm"),
    path("contact/drop/", nothing, name="contact-drop"),
    path("questions/", nothing, name="inquiries"),
    path("sessions/", nothing, name="sessions"),
    path("employers/", nothing, name="choose"),
    path("prepared/", nothing, name="prepared"),
    path("prepared/<int:prepared_id>/approve/", nothing, name="prepared-approve"),
    path("prepared/<int:prepared_id>/return/", nothing, name="prepared-return"),
    path("prepared/<int:prepared_id>/withdraw/", nothing, name="prepared-withdraw"),
    path("acknowledge/", nothing, name="acknowledge"),
    path("sessions/end/", nothing, name="end-others"),
    path("sessions/<int:session_id>/end/", nothing, name="end-session"),
    path("sessions/password/", nothing, name="change-password"),
    path("sessions/authenticator/", nothing, name="enrol"),
    path("sessions/authenticator/drop/", nothing, name="drop-authenticator"),
    path("handover/", nothing, name="handover"),
    path("handover/list.pdf", nothing, name="handover-paper"),
    path("handover/away/", nothing, name="handover-away"),
]
COUNTER = [
    path("", nothing, name="home"),
    path("login/", nothing, name="login"),
    path("password/", nothing, name="password"),
    path("staff/", nothing, name="staff"),
    path("staff/new/", nothing, name="staff-new"),
    path("staff/<int:staff_id>/", nothing, name="staff-member"),
    path("staff/<int:staff_id>/propose/", nothing, name="staff-propose"),
    path("staff/<int:staff_id>/password/", nothing, name="staff-password"),
    path("staff/<int:staff_id>/secure/", nothing, name="staff-secure"),
    path("events/", nothing, name="events"),
    path("events/export.csv", nothing, name="events-export"),
    path("staff/looking/", nothing, name="staff-looking"),
    path("staff/looking/<int:tally_id>/resume/", nothing, name="staff-looking-resume"),
    path("events/trace/", nothing, name="events-trace"),
    path("security/", nothing, name="security"),
    path("security/end/", nothing, name="end-others"),
    path("security/<int:session_id>/end/", nothing, name="end-session"),
    path("security/password/", nothing, name="change-password"),
    path("leave/", nothing, name="leave"),
    path("employers/", nothing, name="employers"),
    path("employers/<int:employer_id>/handler/", nothing, name="handler"),
    path("users/<int:handler_id>/unlock/", nothing, name="unlock"),
    path("employers/<int:employer_id>/grants/new/", nothing, name="grant-new"),
    path("grants/<int:grant_id>/end/", nothing, name="grant-end"),
    path("grants/<int:grant_id>/hand-over/", nothing, name="grant-hand-over"),
    path("employers/<int:employer_id>/termination/", nothing, name="termination"),
    path("employers/<int:employer_id>/mobile/", nothing, name="mobile"),
    path("employers/<int:employer_id>/", nothing, name="employer"),
    path("employers/<int:employer_id>/hand-over/", nothing, name="hand-over"),
    path("applications/", nothing, name="applications"),
    path("applications/new/", nothing, name="register"),
    path("applications/<int:application_id>/", nothing, name="application"),
    path("applications/<int:application_id>/open/", nothing, name="open-application"),
    path("applications/<int:application_id>/print/", nothing, name="print-application"),
    path("applications/<int:application_id>/submit/", nothing, name="submit-application"),
    path("applications/<int:application_id>/take-back/", nothing, name="take-back-application"),
    path("applications/<int:application_id>/withdraw/", nothing, name="withdraw-application"),
    path("statements/", nothing, name="statements"),
    path("statements/<int:statement_id>/", nothing, name="statement"),
    path("money/", nothing, name="money"),
    path("money/<int:line_id>/claim/", nothing, name="claim"),
    path("cases/", nothing, name="cases"),
    path("cases/<str:case_no>/", nothing, name="case"),
    path("agreements/", nothing, name="agreements"),
    path("agreements/new/", nothing, name="agreement-new"),
    path("agreements/acceptances/<int:acceptance_id>/", nothing, name="agreement-certificate"),
    path("agreements/<int:draft_id>/", nothing, name="agreement-draft"),
    path("agreements/versions/<int:version_id>/", nothing, name="agreement-version"),
    path("publications/", nothing, name="publications"),
    path("closures/", nothing, name="closures"),
    path("inquiries/", nothing, name="inquiries"),
]
DEMO = [path("codes/", nothing, name="codes"), path("day/", nothing, name="day")]

urlpatterns = [
    path("login/", nothing, name="login"),
    path("login/code/", nothing, name="login-code"),
    path("proof/<slug:purpose>/", nothing, name="proof"),
    path("forgot/", nothing, name="forgot"),
    path("forgot/next/", nothing, name="reset"),
    path("forgot/resend/", nothing, name="reset-resend"),
    path("login/app/", nothing, name="login-app"),
    path("login/resend/", nothing, name="login-resend"),
    path("leave/", nothing, name="leave"),
    path("publications/", nothing, name="publications"),
    path("branches/", nothing, name="branches"),
    path("password/", nothing, name="first-password"),
    path("agreement/", nothing, name="agreement"),
    path("agreement/refuse/", nothing, name="agreement-refuse"),
    path("agreements/", nothing, name="agreements"),
    path("agreements/<int:version_id>/", nothing, name="agreement-version"),
    path("apply/", nothing, name="apply"),
    path("apply/done/", nothing, name="apply-done"),
    path("apply/form.pdf", nothing, name="apply-paper"),
    path("apply/find/", nothing, name="apply-find"),
    path("apply/code/", nothing, name="apply-code"),
    path("print-size/", print_size, name="print-size"),
    path("components/", components, name="components"),
    path("broken/", broken),
    path("demo/", include((DEMO, "demo"))),
    path("counter/", include((COUNTER, "counter"))),
    path("", include((PORTAL, "portal"))),
]
handler400, handler403, handler404, handler500 = bad_request, permission_denied, not_found, server_error
