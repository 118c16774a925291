"""Mail: any server that speaks SMTP. One message a handler, plain text, nothing to load and nothing to follow."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from hpf.notices.gateways.failures import outcome_of
from hpf.notices.gateways.shapes import DeliveryReceipt, Outcome, Outgoing, Pending, Verdict
from hpf.notices.settings import MailServer, Tls

_CLOSING = 421
"""The server says goodbye: to everybody, whatever it answers."""


def connect(server: MailServer, timeout: int) -> Smtp:
    """The server of these settings; it is spoken to with the first message."""
    return Smtp(server, timeout)


class Smtp:
    """One session for as many messages as go out together."""

    def __init__(self, server: MailServer, timeout: int) -> None:
        self._server, self._timeout = server, timeout
        self._session: smtplib.SMTP | None = None

    def send(self, message: Outgoing) -> Outcome:
        """Hand over one mail. Until its end was sent it is certainly not on its way."""
        try:
            mail = self._written(message)
        except (ValueError, MessageError) as error:  # an address or a subject that makes no header
            return Outcome(Verdict.REJECTED, reason=type(error).__name__)
        try:
            session = self._greeted()
        except smtplib.SMTPAuthenticationError as error:
            return self._failed(Outcome(Verdict.UNAVAILABLE, reason=f"SMTP {error.smtp_code}"))
        except (OSError, smtplib.SMTPException) as error:
            return self._failed(Outcome(Verdict.UNAVAILABLE, reason=type(error).__name__))
        try:
            session.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            (code, _), *_ = refused.recipients.values()
            if code == _CLOSING:
                return self._failed(_said_no(code))
            return Outcome(Verdict.REJECTED if code >= 500 else Verdict.LATER, reason=f"SMTP {code}")
        except smtplib.SMTPResponseException as error:
            return self._failed(_said_no(error.smtp_code))
        except (OSError, smtplib.SMTPException) as error:
            return self._failed(outcome_of(error))
        return Outcome(Verdict.SENT, mail["Message-ID"])

    def receipts(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """None to fetch: what a mail server could not deliver comes back as mail to the sender's address."""
        del pending
        return []

    def close(self) -> None:
        """Say goodbye, if that is still possible."""
        session, self._session = self._session, None
        if session:
            try:
                session.quit()
            except (OSError, smtplib.SMTPException):
                session.close()

    def _greeted(self) -> smtplib.SMTP:
        if self._session is None:
            server, context = self._server, ssl.create_default_context()
            if server.tls is Tls.TLS:
                session: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=self._timeout, context=context
                )
            else:
                session = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
            self._session = session
            if server.tls is Tls.STARTTLS:
                session.starttls(context=context)
            if server.user:
                session.login(server.user, server.password)
        return self._session

    def _written(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = Address(self._server.sender_name, addr_spec=self._server.sender)
        mail["To"] = Address(addr_spec=message.address)
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(str(message.id), self._server.sender.partition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail

    def _failed(self, outcome: Outcome) -> Outcome:
        self.close()
        return outcome


def _said_no(code: int) -> Outcome:
    """5xx is a no; 4xx asks to come back later."""
    return Outcome(Verdict.REJECTED if code >= 500 else Verdict.UNAVAILABLE, reason=f"SMTP {code}")
