"""Publishing the agreement, and accepting it."""

from __future__ import annotations

from datetime import date, datetime

from hpf import evidence
from hpf.agreement.models import AgreementAcceptance
from hpf.agreement.queries import current
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refusal, Refused
from hpf.registry.models import AgreementVersion, Handler
from hpf.storage import durable, refusing, sm3

TEXT_MISSING = Refusal("AGREEMENT-TEXT", "协议没有正文或版本号", remedy="请填写正文和版本号", where="text")
BACKDATED = Refusal(
    "AGREEMENT-BACKDATED", "协议生效日期早于公布当日", "协议公布后生效", "请选择当日或以后的日期", where="effective_on"
)
NUMBER_TAKEN = Refusal("AGREEMENT-NUMBER-TAKEN", "该版本号已经公布过", remedy="请使用新的版本号", where="number")
DAY_TAKEN = Refusal("AGREEMENT-DAY-TAKEN", "已有同日生效的协议版本", remedy="请另选生效日期", where="effective_on")
NOT_CURRENT = Refusal(
    "AGREEMENT-NOT-CURRENT",
    "您看到的协议不是现行版本",
    "协议已经更新，或页面打开时间过长",
    "请重新打开本页，阅读现行版本后再接受",
)
ACCEPTED_BEFORE = Refusal("AGREEMENT-ACCEPTED", "您已接受过本版协议", remedy="请直接返回首页办理业务")


def publish(
    text: str, number: str, effective_on: date, *, summary: str = "", by: Actor, today: date, key: Key
) -> Receipt:
    """Publish a version of the agreement, in force from a day on; handlers must then accept it anew.

    ``text`` is Markdown, ``summary`` says what has changed. Raises ``Refused`` with every reason at once.
    """
    content = {"text": text, "number": number, "effective_on": effective_on, "summary": summary}
    digest = sm3(text.encode())
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        if refusals := _against_publishing(text, number, effective_on, today):
            raise Refused(refusals)
        taken = {
            "registry_agreementversion_number_key": NUMBER_TAKEN,
            "registry_agreementversion_effective_on_key": DAY_TAKEN,
        }
        with refusing(taken):
            AgreementVersion.objects.create(
                number=number, effective_on=effective_on, summary=summary, text=text, digest=digest
            )
        result = {"number": number, "effective_on": str(effective_on), "digest": digest.hex()}
        subject = f"agreement:{number}"
        return evidence.record(
            "publish_agreement", by=by, today=today, subject=subject, key=key, content=content, result=result
        )


def accept(
    version: str, digest: str, *, by: Actor, today: date, now: datetime, address: str, agent: str, key: Key
) -> Receipt:
    """Accept the agreement for the handler's employer: the version in force, with the digest (hex) of the text shown.

    Raises ``Refused``: AGREEMENT-NOT-CURRENT if another version is in force or its text another, AGREEMENT-ACCEPTED,
    AGREEMENT-NONE. Basis: the agreement itself; a new version has to be accepted anew.
    """
    content = {"handler_id": by.id, "version": version, "digest": digest}
    with durable(by):
        if done := evidence.receipt(key, content):
            return done
        handler, in_force = _handler_behind(by), current(today)
        if (in_force.number, in_force.digest) != (version, digest):
            raise Refused(NOT_CURRENT)
        with refusing({"agreement_acceptance_once": ACCEPTED_BEFORE}):
            AgreementAcceptance.objects.create(
                employer_id=handler.employer_id,
                handler=handler,
                version=AgreementVersion.objects.get(number=version),
                digest=bytes.fromhex(digest),
                accepted_at=now,
                address=address,
                agent=agent,
            )
        handler.agreement_version = version
        handler.save(update_fields=["agreement_version"])
        return evidence.record(
            "accept_agreement",
            by=by,
            today=today,
            subject=f"agreement:{version}",
            key=key,
            content=content,
            detail={"version": version, "digest": digest, "address": address, "agent": agent},
            result={"version": version, "accepted_at": now.isoformat()},
        )


def _handler_behind(by: Actor) -> Handler:
    if not by.is_handler or by.id is None:
        raise ValueError(f"an employer's handler accepts the agreement, not {by.kind}")
    return Handler.objects.get(pk=by.id)


def _against_publishing(text: str, number: str, effective_on: date, today: date) -> list[Refusal]:
    refusals = []
    if not text.strip() or not number.strip():
        refusals.append(TEXT_MISSING)
    if effective_on < today:
        refusals.append(BACKDATED)
    if AgreementVersion.objects.filter(number=number).exists():
        refusals.append(NUMBER_TAKEN)
    if AgreementVersion.objects.filter(effective_on=effective_on).exists():
        refusals.append(DAY_TAKEN)
    return refusals
