"""Tencent's text messages (腾讯云短信), through its own library: the extra ``tencent``."""

from __future__ import annotations

from collections.abc import Sequence

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111.models import PullSmsSendStatusRequest, SendSmsRequest
from tencentcloud.sms.v20210111.sms_client import SmsClient

from hpf.notices.gateways.failures import outcome_of
from hpf.notices.gateways.shapes import DeliveryReceipt, Outcome, Outgoing, Pending, Verdict
from hpf.notices.settings import CloudGateway, NoticesSettings

_CHINA = "+86"
_AT_ONCE = 100
_NETWORK = ("ClientNetworkError", "ServerNetworkError")
_TOO_MANY_TO_ONE = "LimitExceeded.PhoneNumber"
_LATER = ("RequestLimitExceeded", "LimitExceeded", "InternalError.Timeout")


def connect(gateway: CloudGateway, settings: NoticesSettings) -> Tencent:
    """The gateway of these settings."""
    return Tencent(gateway, settings)


class Tencent:
    """One ``SendSms`` a message; receipts wait in a queue there and are fetched with ``PullSmsSendStatus``."""

    def __init__(self, gateway: CloudGateway, settings: NoticesSettings) -> None:
        self._gateway, self._signature = gateway, settings.signature
        http = HttpProfile(
            protocol=gateway.scheme, endpoint=gateway.endpoint or None, reqTimeout=settings.timeout_seconds
        )
        self._client = SmsClient(
            Credential(gateway.key_id, gateway.key_secret),
            gateway.region or "ap-guangzhou",
            ClientProfile(signMethod="TC3-HMAC-SHA256", httpProfile=http),
        )

    def send(self, message: Outgoing) -> Outcome:
        """Hand over one message under the template that is registered for it; its values go in the template's order."""
        template = self._gateway.templates.get(message.template)
        if template is None:
            return Outcome(Verdict.REJECTED, reason=f"no template registered for {message.template}")
        request = SendSmsRequest()
        request.SmsSdkAppId = self._gateway.app_id
        request.SignName = self._signature
        request.TemplateId = template
        request.TemplateParamSet = list(message.values.values())
        request.PhoneNumberSet = [_CHINA + message.address]
        request.SessionContext = str(message.id)
        try:
            status = self._client.SendSms(request).SendStatusSet[0]
        except TencentCloudSDKException as error:
            return outcome_of(error) if error.code in _NETWORK else _said_no(str(error.code))
        if status.Code == "Ok":
            return Outcome(Verdict.SENT, status.SerialNo)
        return _said_no(str(status.Code))

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """What waits in the queue of receipts; each is given once."""
        if not pending:
            return []
        request = PullSmsSendStatusRequest()
        request.SmsSdkAppId, request.Limit = self._gateway.app_id, _AT_ONCE
        try:
            found = self._client.PullSmsSendStatus(request).PullSmsSendStatusSet or []
        except TencentCloudSDKException:
            return []
        return [DeliveryReceipt(one.SerialNo, one.ReportStatus == "SUCCESS", one.Description or "") for one in found]

    def close(self) -> None:
        """The library keeps no connection that would have to be ended."""


def _said_no(code: str) -> Outcome:
    if code.startswith(_TOO_MANY_TO_ONE):
        return Outcome(Verdict.LATER, reason=code)
    return Outcome(Verdict.UNAVAILABLE if code.startswith(_LATER) else Verdict.REJECTED, reason=code)
