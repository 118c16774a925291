"""A carrier's message center that speaks SMPP 3.4, through smpplib: the extra ``smpp``.

Chinese goes as UCS-2, long texts as concatenated parts. A text counts as delivered by the receipt of its last part.
"""

from __future__ import annotations

import re
import select
import ssl
from collections.abc import Sequence
from typing import Any

from smpplib import consts
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LineLost
from smpplib.exceptions import PDUError
from smpplib.gsm import make_parts

from hpf.notices.gateways.shapes import DeliveryReceipt, Outcome, Outgoing, Pending, Verdict
from hpf.notices.settings import NoticesSettings, SmppGateway

_LATER = {consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RSYSERR}
_FIELD = re.compile(rb"\b(id|stat|err):(\S+)")
_FAILED = {b"EXPIRED", b"DELETED", b"UNDELIV", b"REJECTD"}
_LISTEN_SECONDS = 1.0


def connect(gateway: SmppGateway, settings: NoticesSettings) -> Smpp:
    """The gateway of these settings; it binds with its first message."""
    return Smpp(gateway, settings.timeout_seconds)


class Smpp:
    """One bound session for as many messages as go out together."""

    def __init__(self, gateway: SmppGateway, timeout: int) -> None:
        self._gateway, self._timeout = gateway, timeout
        self._client: Client | None = None
        self._received: list[DeliveryReceipt] = []

    def send(self, message: Outgoing) -> Outcome:
        """Hand over one message, part by part. What fails before the first part was certainly not sent."""
        try:
            client = self._bound()
        except (OSError, LineLost, PDUError) as error:
            self.close()
            return Outcome(Verdict.UNAVAILABLE, reason=f"bind: {_short(error)}")
        try:
            return self._submitted(client, message)
        except (OSError, LineLost, PDUError) as error:
            self.close()
            return Outcome(Verdict.UNCLEAR, reason=_short(error))

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """What the center has brought meanwhile, and what it brings within a second."""
        if self._gateway.receipts and pending:
            try:
                self._listen(self._bound())
            except (OSError, LineLost, PDUError):
                self.close()
        found, self._received = self._received, []
        return found

    def close(self) -> None:
        """Say goodbye, if that is still possible."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.unbind()
        except (OSError, LineLost, PDUError):
            pass  # the line is gone: there is nobody to say goodbye to
        finally:
            client.disconnect()

    def _bound(self) -> Client:
        if self._client is None:
            context = ssl.create_default_context() if self._gateway.tls else None
            client = Client(
                self._gateway.host,
                self._gateway.port,
                timeout=self._timeout,
                ssl_context=context,
                allow_unknown_opt_params=True,
            )
            client.set_message_received_handler(self._take_receipt)
            self._client = client
            client.connect()
            bind = client.bind_transceiver if self._gateway.receipts else client.bind_transmitter
            bind(
                system_id=self._gateway.system_id,
                password=self._gateway.password,
                system_type=self._gateway.system_type,
            )
        return self._client

    def _submitted(self, client: Client, message: Outgoing) -> Outcome:
        parts, coding, esm_class = make_parts(message.text, consts.SMPP_ENCODING_ISO10646)
        answered = ""
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            request = client.send_message(
                source_addr_ton=consts.SMPP_TON_ALNUM if not self._gateway.source.isdigit() else consts.SMPP_TON_UNK,
                source_addr=self._gateway.source,
                dest_addr_ton=consts.SMPP_TON_INTL if self._gateway.country_code else consts.SMPP_TON_UNK,
                dest_addr_npi=consts.SMPP_NPI_ISDN,
                destination_addr=self._gateway.country_code + message.address,
                short_message=part,
                data_coding=coding,
                esm_class=esm_class,
                registered_delivery=self._gateway.receipts and last,
            )
            answer = self._answer_to(client, request)
            if answer.status:
                first = number == 1
                later = first and answer.status in _LATER
                return Outcome(
                    Verdict.UNAVAILABLE if later else Verdict.REJECTED if first else Verdict.UNCLEAR,
                    reason=consts.DESCRIPTIONS.get(answer.status, f"status {answer.status:#x}"),
                )
            answered = (answer.message_id or b"").decode("ascii", "replace")
        return Outcome(Verdict.SENT, answered)

    def _answer_to(self, client: Client, request: Any) -> Any:
        """The answer to a request; what the center says in between is heard."""
        while True:
            heard = client.read_pdu()
            if heard.sequence == request.sequence and heard.command == "submit_sm_resp":
                return heard
            self._hear(client, heard)

    def _listen(self, client: Client) -> None:
        while select.select([client._socket], [], [], _LISTEN_SECONDS)[0]:  # noqa: SLF001 — smpplib's own poll does this
            self._hear(client, client.read_pdu())

    def _hear(self, client: Client, pdu: Any) -> None:
        if pdu.command == "deliver_sm":
            client._message_received(pdu)  # noqa: SLF001 — takes the receipt and answers
        elif pdu.command == "enquire_link":
            client._enquire_link_received(pdu)  # noqa: SLF001

    def _take_receipt(self, pdu: Any) -> None:
        """Appendix B of SMPP 3.4: ``id:… sub:… dlvrd:… submit date:… done date:… stat:DELIVRD err:000 text:…``."""
        fields = dict(_FIELD.findall(pdu.short_message or b""))
        named = pdu.receipted_message_id or fields.get(b"id", b"")
        state = fields.get(b"stat", b"")
        if named and (state == b"DELIVRD" or state in _FAILED):
            reason = "" if state == b"DELIVRD" else f"{state.decode()} {fields.get(b'err', b'').decode()}".strip()
            self._received.append(
                DeliveryReceipt(named.rstrip(b"\0").decode("ascii", "replace"), state == b"DELIVRD", reason)
            )


def _short(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:120]
