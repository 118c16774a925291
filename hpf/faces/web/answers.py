"""How a view answers: an act with the page that shows what came of it, a question with a page or a file.

An act is told to the next page by the number of its event: the page reads the log, under the employer's own eyes. So
the message survives a reload, cannot be made up, and needs no session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

from django.http import HttpResponse, HttpResponseRedirect

from hpf.evidence import Event, Receipt, event, events_about
from hpf.faces.web.door import HallRequest
from hpf.faces.web.forms import read_key
from hpf.kernel import Key, Refusal, Refused
from hpf.storage import reading

DONE = "done"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SENTENCES = {
    "submit_sheet": "已提交核定。",
    "withdraw_sheet": "已撤回核定。改好后可以重新核定。",
    "pay_from_unallocated": "已选择用暂存款付清，正在入账。",
    "prepare_act": "已提交给本单位复核人，通过后才向中心提交。",
    "give_back_act": "已退回经办人。",
    "take_back_act": "已收回，没有向中心提交。",
    "accept_application": "已受理。请核对材料，提交复核。",
    "correct_application": "已保存更正。",
    "attach_scans": "扫描件已附上。",
    "take_scan_off": "扫描件已移除。",
    "submit_application": "已提交，等待他人复核。",
    "take_back_application": "已收回，可以更正后再提交。",
    "withdraw_application": "申请已撤回。",
    "register_employer": "已登记。经办人的用户名和初始密码由柜员发放。",
    "change_handler": "经办人已变更，短信已发往新旧两部手机。请另一名柜员发放新经办人的用户名和初始密码。",
    "terminate_access": "网厅服务已终止，已短信告知经办人。请打印申请表一式二份。",
    "propose_grant": "已提交，等待他人复核。",
    "decide_grant": "已复核。",
    "propose_grant_end": "已提交终止，等待他人复核。",
    "decide_grant_end": "已复核。",
    "change_mobile": "手机号码已变更，短信已发往新旧两部手机。",
    "unlock_handler": "已解除锁定，已短信告知本人，现在就可以登录。",
    "send_initial_password": "用户名和初始密码已短信发到经办人绑定的手机。",
    "return_application": "已退回补正。",
    "refuse_application": "已不予登记。",
    "ask_inquiry": "已提交，答复后会有站内消息。",
    "ask_inquiry_again": "已再次提交，答复后会有站内消息。",
    "rate_inquiry": "谢谢您的评价。",
    "answer_inquiry": "已答复，经办人会收到站内消息。",
    "forward_inquiry": "已转办。",
    "ask_email": "验证码已发到邮箱，请填写后确认。",
    "confirm_email": "电子邮箱已确认，邮件通知从现在起发到这里。",
    "drop_email": "已不再接收邮件。",
    "create_staff": "已提交，等待安全管理员审批岗位。",
    "propose_roles": "已提交，等待安全管理员审批岗位。",
    "decide_roles": "已审批。",
    "reset_authenticator": "验证器已重置。请本人用密码登录，重新开通，再当面放行。",
    "release_authenticator": "已放行，本人现在可以办理业务。",
    "end_staff_sessions": "已结束全部登录。",
    "unlock_staff": "已解除登录锁定。",
    "suspend_staff": "已停用。",
    "resume_staff": "已恢复。",
    "resume_looking": "已恢复查询。",
    "propose_restriction": "已提交，等待他人复核。",
    "withdraw_restriction": "已撤回。",
    "decide_restriction": "已复核。",
    "propose_lifting": "已提交解除，等待他人复核。",
    "decide_lifting": "已复核。",
    "appeal_restriction": "申诉已录入。",
    "answer_appeal": "已答复，已告知经办人。",
}


def posted(
    request: HallRequest,
    operate: Callable[[Key], Receipt],
    then: Callable[[Receipt], str],
    otherwise: Callable[[Sequence[Refusal]], HttpResponse],
) -> HttpResponse:
    """Call one operation with the form's key: go to the page that shows what came of it, or say what speaks against it.

    ``otherwise`` renders the page again, inside a reading transaction; its answer becomes 422.
    """
    try:
        receipt = operate(read_key(request.POST))
    except Refused as refused:
        with reading(request.actor):
            response = otherwise(refused.refusals)
        response.status_code = 422
        return response
    return told(then(receipt), receipt)


def told(address: str, receipt: Receipt) -> HttpResponse:
    """To the page that says what was done: `say_done` reads it from the log."""
    return see_other(f"{address}?{urlencode({DONE: receipt.number})}")


def see_other(address: str) -> HttpResponse:
    """303: look there, with GET."""
    return HttpResponseRedirect(address, status=303)


def say_done(request: HallRequest, history: Sequence[Event]) -> None:
    """Put the sentence of the act that led here above the page, if the address names this subject's latest act."""
    number = request.GET.get(DONE, "")
    said = tuple(_SENTENCES[one.act] for one in history[:1] if str(one.number) == number and one.act in _SENTENCES)
    request.frame = replace(request.frame, said=said)


def say_done_to_one(request: HallRequest, *acts: str) -> None:
    """The same on a page of many: one of these acts, to whomever of them."""
    number = request.GET.get(DONE, "")
    found = event(int(number)) if re.fullmatch(r"[0-9]{1,18}", number) else None
    if found is not None and found.act in acts:
        say_done(request, events_about(found.subject, 1))


def file_response(content: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """A paper or a workbook under its Chinese name (RFC 6266); ``inline`` opens it in the browser."""
    response = HttpResponse(content, content_type=media_type)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
    return response
