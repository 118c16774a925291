"""How a message and what became of it are set in words."""

from __future__ import annotations

_REASONS = {
    "handler-gone": "收件人已不再为该单位办理，不再发送",
    "address-gone": "收件人已取消邮箱，不再发送",
    "address-changed": "收件人的手机已变更，不再发往原号码",
    "orphan": "发送程序中断，是否发出不明",
    "ConnectionRefusedError": "网关拒绝连接",
    "TimeoutError": "网关在限定时间内没有答复",
    "gaierror": "找不到网关的地址",
    "SSLCertVerificationError": "网关的证书不能验证",
    "SMTPServerDisconnected": "邮件服务器断开了连接",
}
_AGAIN = "again: "


def paragraphs(text: str) -> tuple[tuple[str, ...], ...]:
    """A message's text as a page or a paper sets it: paragraphs of lines."""
    return tuple(tuple(part.split("\n")) for part in text.split("\n\n") if part.strip())


def said_reason(reason: str) -> str:
    """Why a message did not go out, for the staff: what is known in Chinese, and the gateway's own word.

    >>> said_reason("HTTP 503")
    '网关暂时不能服务（HTTP 503）'
    """
    if reason.startswith(_AGAIN):
        return f"人工重发：{reason.removeprefix(_AGAIN)}"
    if reason in _REASONS:
        return f"{_REASONS[reason]}（{reason}）"
    if reason.startswith("no template registered"):
        return f"云平台没有报备这个模板（{reason}）"
    if reason in ("HTTP 429", "HTTP 503"):
        return f"网关暂时不能服务（{reason}）"
    return f"网关的答复：{reason}"
