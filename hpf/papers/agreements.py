"""What proves that an employer has accepted an agreement."""

from __future__ import annotations

from hpf.papers.pdf import plain, render
from hpf.papers.shapes import AgreementCertificate


def agreement_certificate(certificate: AgreementCertificate) -> bytes:
    """协议签署凭证 (domain S-08): the facts of one acceptance, then the text behind the digest, whole."""
    return render("agreement_certificate", plain(certificate), printed_at=certificate.imprint.printed_at)
