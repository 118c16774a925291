"""Accepting the agreement or a special rule, and refusing it."""

from __future__ import annotations

from datetime import date, datetime

from hpf import evidence
from hpf.agreement import rules
from hpf.agreement.models import AgreementAcceptance
from hpf.agreement.queries import Agreement, in_force
from hpf.evidence import Receipt
from hpf.kernel import Actor, Key, Refused
from hpf.registry.codes import AgreementDocument
from hpf.registry.models import Handler
from hpf.storage import durable, refusing


def accept(
    version: str,
    digest: str,
    *,
    document: AgreementDocument = AgreementDocument.AGREEMENT,
    by: Actor,
    today: date,
    now: datetime,
    address: str,
    agent: str,
    key: Key,
) -> Receipt:
    """Accept a document for the handler's employer: the version in force, with the digest (hex) of the text shown.

    Raises ``Refused``: AGREEMENT-NOT-CURRENT if another version is in force or its text another, AGREEMENT-ACCEPTED,
    AGREEMENT-NONE. Basis: the agreement itself; a new version has to be accepted anew.
    """
    content = {"handler_id": by.id, "document": document.value, "version": version, "digest": digest}
    with durable(by):
        if done := evidence.receipt(key, content, by, "accept_agreement"):
            return done
        handler, shown = _handler_behind(by), _shown(document, version, digest, today)
        with refusing({"agreement_acceptance_once": rules.ACCEPTED_BEFORE}):
            AgreementAcceptance.objects.create(
                employer_id=handler.employer_id,
                handler=handler,
                handler_name=handler.name,
                version_id=shown.id,
                digest=bytes.fromhex(digest),
                accepted_at=now,
                address=address,
                agent=agent,
            )
        if document is AgreementDocument.AGREEMENT:
            handler.agreement_version = version
            handler.save(update_fields=["agreement_version"])
        return evidence.record(
            "accept_agreement",
            by=by,
            today=today,
            subject=f"{document.value}:{version}",
            key=key,
            content=content,
            detail={"version": version, "digest": digest, "address": address, "agent": agent},
            result={"version": version, "accepted_at": now.isoformat()},
        )


def refuse(version: str, digest: str, *, by: Actor, today: date, address: str, agent: str, key: Key) -> Receipt:
    """Say that the handler's employer does not accept the agreement in force (不接受): it stays outside.

    Nothing is changed; that the text was shown and refused is on record. Raises ``Refused`` as `accept` does.
    """
    content = {"handler_id": by.id, "version": version, "digest": digest}
    with durable(by):
        if done := evidence.receipt(key, content, by, "refuse_agreement"):
            return done
        handler, shown = _handler_behind(by), _shown(AgreementDocument.AGREEMENT, version, digest, today)
        if handler.agreement_version == shown.number:
            raise Refused(rules.ACCEPTED_BEFORE)
        return evidence.record(
            "refuse_agreement",
            by=by,
            today=today,
            subject=f"agreement:{version}",
            key=key,
            content=content,
            detail={"version": version, "digest": digest, "address": address, "agent": agent},
        )


def _handler_behind(by: Actor) -> Handler:
    if not by.is_handler or by.id is None:
        raise ValueError(f"an employer's handler accepts the agreement, not {by.kind}")
    return Handler.objects.get(pk=by.id)


def _shown(document: AgreementDocument, version: str, digest: str, today: date) -> Agreement:
    """The version in force, if it is the one that was shown."""
    found = in_force(document, today)
    if (found.number, found.digest) != (version, digest):
        raise Refused(rules.NOT_CURRENT)
    return found
