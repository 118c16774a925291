"""Messages on their way out: handed to the gateway, tried again, asked after."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import structlog
from django.conf import settings
from procrastinate.contrib.django import app

from hpf.faces.batch.app import RETRY, task
from hpf.notices import receipts, sending, usage
from hpf.notices.forgetting import forget_codes
from hpf.notices.gateways import open_gateway
from hpf.notices.receipts import forget_receipts
from hpf.notices.templates import Way
from hpf.policy import business_day

_log = structlog.get_logger(__name__)


@task("send_messages")
def send_messages(*, way: str) -> None:
    """Hand over what waits of a way. Safe to repeat: a message that somebody took is taken by nobody else."""
    _send(Way(way))


@app.periodic(cron="* * * * * */5")
@app.task(name="resend_texts", lock="sms", queueing_lock="resend_texts", retry=RETRY)
def resend_texts(timestamp: int) -> None:
    """Every 5 s: give up what came too late, and try again the texts that could not be handed over."""
    del timestamp
    sending.tidy(_now())
    _send(Way.SMS)


@app.periodic(cron="* * * * * */30")
@app.task(name="resend_mails", lock="mail", queueing_lock="resend_mails", retry=RETRY)
def resend_mails(timestamp: int) -> None:
    """Every 30 s: try again the mails that could not be handed over."""
    del timestamp
    _send(Way.MAIL)


@app.periodic(cron="* * * * *")
@app.task(name="collect_receipts", lock="sms", queueing_lock="collect_receipts", retry=RETRY)
def collect_receipts(timestamp: int) -> None:
    """Every minute: ask the gateway what became of the texts that it took."""
    del timestamp
    if gateway := open_gateway(settings.HALL.notices):
        with closing(gateway):
            receipts.collect_receipts(gateway, settings.HALL.notices.kind, Way.SMS, _now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="watch_sms_cost", queueing_lock="watch_sms_cost", retry=RETRY)
def watch_sms_cost(timestamp: int) -> None:
    """Every 5 minutes: raise the alarm when the texts of a day cost more than the center has set; once a day."""
    del timestamp
    if usage.alarm(today=business_day(), now=_now()):
        _log.error("text messages cost more than is set for a day", most=settings.HALL.notices.daily_alarm)


@app.periodic(cron="50 2 * * *")
@app.task(name="forget_codes", queueing_lock="forget_codes", retry=RETRY)
def forget(timestamp: int) -> None:
    """Every night: forget the codes and initial passwords that went out long ago. Safe to repeat."""
    del timestamp
    forget_codes(today=business_day(), now=_now())


@app.periodic(cron="55 2 * * *")
@app.task(name="forget_receipts", queueing_lock="forget_receipts", retry=RETRY)
def forget_strays(timestamp: int) -> None:
    """Every night: forget receipts of messages that nobody knows. Safe to repeat."""
    del timestamp
    forget_receipts(_now())


def _send(way: Way) -> None:
    name = settings.HALL.notices.kind if way is Way.SMS else "smtp"
    if gateway := open_gateway(settings.HALL.notices, way):
        with closing(gateway):
            sending.hand_over(gateway, name, way, _now)


def _now() -> datetime:
    return datetime.now(UTC)
