"""Scans of papers seen at the counter: pictures and PDFs, kept as a case's attachments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hpf.casework import attachments, scan_content
from hpf.casework.attachments import Written
from hpf.casework.models import Attachment, Case
from hpf.kernel import Refusal, Refused

LARGEST_BYTES = 10 * 1024 * 1024
MOST = 20
KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What a file begins with: its media type. Its name and what the browser says of it prove nothing."""

TOO_MANY = Refusal("SCAN-MANY", f"一次最多附{MOST}个扫描件", remedy="请合并为PDF后再上传", where="scans")


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it came. ``chunks`` is read once; ``where`` is the form's field, ``paper`` which paper it shows."""

    name: str
    chunks: Iterable[bytes]
    where: str = "scans"
    paper: str = ""


@dataclass(frozen=True, slots=True)
class WrittenScan:
    """A scan that is in the data folder."""

    name: str
    media_type: str
    written: Written
    paper: str = ""


def write_scans(scans: Sequence[Scan]) -> list[WrittenScan]:
    """Put scans into the data folder, before the operation's transaction.

    Raises ``Refused`` naming every file that is no picture or PDF, too large, broken, or more than a scan
    (`scan_content`); ``where`` is that of the scan.
    """
    if len(scans) > MOST:
        raise Refused(TOO_MANY)
    found: list[WrittenScan] = []
    refusals: list[Refusal] = []
    for scan in scans:
        try:
            found.append(_write(scan))
        except Refused as refused:
            refusals += [replace(one, where=scan.where) for one in refused.refusals]
    if refusals:
        raise Refused(refusals)
    return found


def keep_scans(scans: Iterable[WrittenScan], case: Case) -> list[Attachment]:
    """Make written scans attachments of a case, in the present transaction."""
    return [attachments.keep(scan.written, name=scan.name, media_type=scan.media_type, case=case) for scan in scans]


def keep_scans_before(scans: Iterable[WrittenScan], kind: str, subject_id: int) -> list[Attachment]:
    """Make written scans those of a subject that has no employer yet, in the present transaction."""
    return [
        attachments.keep_before(
            scan.written,
            name=scan.name,
            media_type=scan.media_type,
            kind=kind,
            subject_id=subject_id,
            paper=scan.paper,
        )
        for scan in scans
    ]


def _write(scan: Scan) -> WrittenScan:
    name, chunks = attachments.shown_name(scan.name), iter(scan.chunks)
    first = next(chunks, b"")
    media_type = next((kind for head, kind in KINDS.items() if first.startswith(head)), None)
    if media_type is None:
        what = f"“{name}”不是PDF、JPEG或PNG文件"
        raise Refused(Refusal("SCAN-KIND", what, remedy="请上传扫描的图片或PDF", where="scans"))
    content = b"".join(_limited(name, first, chunks))
    if refusals := scan_content.refusals(name, media_type, content):
        raise Refused(refusals)
    return WrittenScan(name, media_type, attachments.write([content]), scan.paper)


def _limited(name: str, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    size, chunk = 0, first
    while chunk:
        size += len(chunk)
        if size > LARGEST_BYTES:
            what = f"“{name}”超过{LARGEST_BYTES >> 20}MB"
            raise Refused(Refusal("SCAN-LARGE", what, remedy="请降低分辨率后重新扫描", where="scans"))
        yield chunk
        chunk = next(rest, b"")
