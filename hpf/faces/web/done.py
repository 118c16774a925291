"""What was just done, said above the page that shows it.

An act is told to the next page by the number of its event: the frame reads the log, under the reader's own eyes. So
the sentence survives a reload, cannot be made up, and needs no session.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from hpf.evidence import Receipt, event, events_about

_DONE = "done"
_JUST = timedelta(minutes=10)

SENTENCES = {
    "submit_sheet": "已提交核定。",
    "withdraw_sheet": "已撤回核定。改好后可以重新核定。",
    "pay_from_unallocated": "已选择用暂存款付清，正在入账。",
    "discard_roster": "花名册已撤回，没有为任何人开户。",
    "recheck_roster": "已交回重新核对。",
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
    "send_initial_password": "用户名和初始密码已短信发到本人绑定的手机。",
    "reissue_initial_password": "初始密码函已打印，请密封后当面交给本人。",
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
    "appeal_restriction": "申诉已提交。",
    "answer_appeal": "已答复，已告知经办人。",
    "start_publication": "草稿已保存。写好后请提交复核。",
    "revise_publication": "草稿已保存。写好后请提交复核。",
    "rewrite_publication": "草稿已保存。写好后请提交复核。",
    "submit_publication": "已提交，等待他人复核。",
    "take_back_publication": "已取回，可以修改后再提交。",
    "drop_publication": "草稿已废弃。",
    "decide_publication": "已复核。",
    "take_down_publication": "已下线。",
    "draft_agreement": "已提交，等待他人复核。",
    "redraft_agreement": "已重新提交，等待他人复核。",
    "withdraw_agreement_draft": "已撤回。",
    "publish_agreement": "已复核，已公布。",
    "return_agreement_draft": "已退回修改。",
    "refuse_agreement_draft": "已否决。",
    "propose_center_details": "已提交，等待他人复核。",
    "decide_center_details": "已复核。",
    "propose_closure": "已提交，等待他人复核。",
    "decide_closure": "已复核。",
    "close_at_once": "已立即停办，页面上已显示停办公告。",
    "lift_closure": "已恢复办理。",
    "propose_timetable": "已提交，等待他人复核。",
    "decide_timetable": "已复核。",
    "propose_looks": "已提交，等待另一名安全管理员复核。",
    "decide_looks": "已复核。",
    "import_statement": "对账单已导入，款项正在入账。",
    "hand_in_statement": "已提交，等待他人复核；通过后才导入。",
    "withdraw_statement": "已撤回。",
    "return_statement": "已退回。",
    "refuse_statement": "已否决，对账单没有导入。",
    "propose_line_act": "已提交，等待他人复核。",
    "withdraw_line_proposal": "已撤回。",
    "return_line_proposal": "已退回。",
    "refuse_line_proposal": "已否决，款项没有动。",
    "assign_line": "已复核，款项已转入单位暂存款。",
    "unassign_line": "已复核，款项已退回未识别款。",
    "reverse_line": "已复核，到账已红冲。",
    "pay_out_line": "已复核，确认为本中心付款。",
    "send_message": "已发送。",
    "submit_mass_message": "已提交，等待他人复核；通过后才发送。",
    "approved_mass_message": "已复核，正在发送。",
    "returned_mass_message": "已退回。",
    "refused_mass_message": "已否决，没有发送。",
    "post_letters": "已登记交寄。",
    "send_again": "已重新发送。",
    "print_letters": "最新一批信函已生成，请打开 PDF 打印。",
    "take_out_letters": "已取出，不再寄送。",
    "draft_wording": "已提交，等待他人复核。",
    "approved_wording": "已复核。",
    "returned_wording": "已退回。",
    "refused_wording": "已否决。",
    "switch_way": "已变更，从现在起按此发送。",
}


def address(of: str, receipt: Receipt) -> str:
    """The address of a page that shows what came of an act, with the act's number."""
    return f"{of}{'&' if '?' in of else '?'}{urlencode({_DONE: receipt.number})}"


def sentences(asked: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    """The sentence of the act that an address names; none once it is long ago (the address was kept), or something else
    was done to the same subject."""
    number = asked.get(_DONE, "")
    found = event(int(number)) if re.fullmatch(r"[0-9]{1,18}", number) else None
    if found is None or found.act not in SENTENCES or now - found.at > _JUST:
        return ()
    is_last = events_about(found.subject, 1)[0].number == found.number
    return (SENTENCES[found.act],) if is_last else ()
