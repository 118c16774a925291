"""Aliyun's text messages (阿里云短信服务), through its own library: the extra ``aliyun``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import QuerySendDetailsRequest, SendSmsRequest
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions
from Tea.exceptions import TeaException

from hpf.notices.gateways.failures import outcome_of
from hpf.notices.gateways.shapes import DeliveryReceipt, Outcome, Outgoing, Pending, Verdict
from hpf.notices.settings import CloudGateway, NoticesSettings

_CHINA = timezone(timedelta(hours=8))
_DELIVERED, _UNDELIVERED = 3, 2
_LATER = ("Throttling", "ServiceUnavailable")
_TOO_MANY_TO_ONE = "isv.BUSINESS_LIMIT_CONTROL"


def connect(gateway: CloudGateway, settings: NoticesSettings) -> Aliyun:
    """The gateway of these settings."""
    return Aliyun(gateway, settings)


class Aliyun:
    """One ``SendSms`` a message; what became of it is asked for with ``QuerySendDetails``."""

    def __init__(self, gateway: CloudGateway, settings: NoticesSettings) -> None:
        self._templates, self._signature = gateway.templates, settings.signature
        self._client = Client(
            Config(
                access_key_id=gateway.key_id,
                access_key_secret=gateway.key_secret,
                endpoint=gateway.endpoint or "dysmsapi.aliyuncs.com",
                region_id=gateway.region or "cn-hangzhou",
                protocol=gateway.scheme,
            )
        )
        milliseconds = settings.timeout_seconds * 1000
        self._runtime = RuntimeOptions(autoretry=False, connect_timeout=milliseconds, read_timeout=milliseconds)

    def send(self, message: Outgoing) -> Outcome:
        """Hand over one message under the template that is registered for it."""
        template = self._templates.get(message.template)
        if template is None:
            return Outcome(Verdict.REJECTED, reason=f"no template registered for {message.template}")
        request = SendSmsRequest(
            phone_numbers=message.address,
            sign_name=self._signature,
            template_code=template,
            template_param=json.dumps(dict(message.values), ensure_ascii=False),
            out_id=str(message.id),
        )
        try:
            body = self._client.send_sms_with_options(request, self._runtime).body
        except TeaException as error:
            return _failed(error)
        if body.code == "OK":
            return Outcome(Verdict.SENT, body.biz_id or "")
        return _said_no(str(body.code))

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """Ask for each, one by one."""
        return [receipt for one in pending if (receipt := self._receipt(one))]

    def close(self) -> None:
        """The library keeps no connection that would have to be ended."""

    def _receipt(self, pending: Pending) -> DeliveryReceipt | None:
        request = QuerySendDetailsRequest(
            phone_number=pending.address,
            biz_id=pending.gateway_id,
            send_date=pending.sent_at.astimezone(_CHINA).strftime("%Y%m%d"),
            page_size=1,
            current_page=1,
        )
        try:
            body = self._client.query_send_details_with_options(request, self._runtime).body
        except TeaException:
            return None
        details: list[Any] = body.sms_send_detail_dtos.sms_send_detail_dto if body.sms_send_detail_dtos else []
        status = details[0].send_status if details else None
        if status not in (_DELIVERED, _UNDELIVERED):
            return None
        return DeliveryReceipt(pending.gateway_id, status == _DELIVERED, details[0].err_code or "")


def _failed(error: TeaException) -> Outcome:
    """A refusal by the service carries its code; everything else is the network."""
    status = getattr(error, "statusCode", None) or getattr(error, "status_code", None)
    if status and int(status) < 500:
        return _said_no(str(error.code))
    return outcome_of(error)


def _said_no(code: str) -> Outcome:
    if code.startswith(_TOO_MANY_TO_ONE):
        return Outcome(Verdict.LATER, reason=code)
    return Outcome(Verdict.UNAVAILABLE if code.startswith(_LATER) else Verdict.REJECTED, reason=code)
