"""Forgetting codes and initial passwords that went out: nobody needs them any more, and a thief might."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hpf import evidence
from hpf.kernel import Actor
from hpf.notices.sms import statements
from hpf.notices.templates import templates
from hpf.policy import law_on
from hpf.registry.models import Center
from hpf.storage import durable, keyring


def forget_codes(*, today: date, now: datetime) -> int:
    """Forget the words of what carried a secret and was settled, after the days that the center keeps them.

    Returns how many messages. The proof of sending stays: address, template and version, digest, times, what became of
    it. Every night; safe to repeat.
    """
    keys = keyring()
    with durable(Actor.SYSTEM):
        days = law_on(today, Center.objects.get().place).code_text_days
        count = statements(
            "forget",
            templates=[code for code, one in templates().items() if one.secret],
            text=keys.encrypt("sms_text", ""),
            values=keys.encrypt("sms_values", "{}"),
            before=now - timedelta(days=days),
            now=now,
        ).execute()
        if count:
            evidence.record("forget_codes", by=Actor.SYSTEM, today=today, result={"count": count})
    return count
