"""Messages on their way out: handed to the gateway, tried again, asked after."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from hpf.faces.batch.app import RETRY, task
from hpf.notices import sending
from hpf.notices.gateways import open_gateway


@task("send_messages")
def send_messages() -> None:
    """Hand over what waits. Safe to repeat: a message that somebody took is taken by nobody else."""
    _send()


@app.periodic(cron="* * * * * */5")
@app.task(name="resend_messages", lock="sms", queueing_lock="resend_messages", retry=RETRY)
def resend_messages(timestamp: int) -> None:
    """Every 5 s: give up what came too late, and try again what could not be handed over."""
    del timestamp
    sending.tidy(_now())
    _send()


@app.periodic(cron="* * * * *")
@app.task(name="collect_receipts", lock="sms", queueing_lock="collect_receipts", retry=RETRY)
def collect_receipts(timestamp: int) -> None:
    """Every minute: ask the gateway what became of the messages that it took."""
    del timestamp
    if gateway := open_gateway(settings.HALL.notices):
        with closing(gateway):
            sending.collect_receipts(gateway, settings.HALL.notices.kind, _now())


def _send() -> None:
    if gateway := open_gateway(settings.HALL.notices):
        with closing(gateway):
            if sending.drain(gateway, settings.HALL.notices.kind, _now):
                sending.collect_receipts(gateway, settings.HALL.notices.kind, _now())


def _now() -> datetime:
    return datetime.now(UTC)
