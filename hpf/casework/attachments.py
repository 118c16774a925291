"""Files of cases. A file lies sealed under its digest and never changes; the name it came with is only shown.

Keeping one takes two steps. ``write`` puts the content into the data folder, outside any transaction: whole and on the
disk, or not there at all. ``keep`` makes it a case's attachment in the transaction of the calling operation. What was
written and not kept belongs to nobody and is found again by whoever writes the same.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from hpf.casework.models import Attachment, Case
from hpf.storage import Statements, antivirus, assert_in_transaction, keyring
from hpf.storage.crypto import Undecryptable
from hpf.storage.sealed_files import seal, unseal

MOST_NAME_BYTES = 255
NAMELESS = "未命名"
_PURPOSE = "attachment"
_FOLDERS = re.compile(r"[/\\]")
statements = Statements(__package__)


@dataclass(frozen=True, slots=True)
class Written:
    """A content that is safely in the data folder: its plain SM3 digest and its size in bytes."""

    digest: bytes
    size: int


def write(chunks: Iterable[bytes]) -> Written:
    """Put a content into the data folder. Whatever ends this early leaves nothing under the content's digest.

    The draft lies outside the attachments' own folder, so that a backup taken meanwhile holds whole files only. Raises
    ``Refused`` for what the virus scanner finds (FILE-INFECTED), and for everything while it is down (FILE-UNCHECKED).
    """
    content = _Measured(antivirus.checked(chunks))
    handle, name = tempfile.mkstemp(dir=_drafts(), prefix="attachment-")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(seal(keyring(), _PURPOSE, content))
            file.flush()
            os.fsync(file.fileno())
        written = Written(content.digest.finalize(), content.size)
        _publish(draft, _place(written.digest))
    finally:
        draft.unlink(missing_ok=True)
    return written


def keep(written: Written, *, name: str, media_type: str, case: Case) -> Attachment:
    """Make a written content an attachment of a case, in the present transaction."""
    return _kept(written, Attachment(employer_id=case.employer_id, case=case, name=name, media_type=media_type))


def keep_before(written: Written, *, name: str, media_type: str, kind: str, subject_id: int, paper: str) -> Attachment:
    """Make it one of a subject that has no employer yet, under the kind and number of its review; for staff alone."""
    subject = {"subject_kind": kind, "subject_id": subject_id, "paper": paper}
    return _kept(written, Attachment(**subject, name=name, media_type=media_type))


def path_of(attachment: Attachment) -> Path:
    """Where an attachment lies, sealed."""
    return _place(bytes(attachment.digest))


def read(attachment: Attachment) -> Iterator[bytes]:
    """An attachment's content, as ``content`` gives it."""
    return content(bytes(attachment.digest))


def content(digest: bytes) -> Iterator[bytes]:
    """What lies under a digest, chunk by chunk; that it is the very content is proved at the end of the iteration.

    For items that keep their files in a table of their own. Raises ``FileNotFoundError`` if the data folder has lost
    it, ``Undecryptable`` if it was changed or is sealed with a key that the keyring lacks.
    """
    proof = hashes.Hash(hashes.SM3())
    with _place(digest).open("rb") as file:
        for chunk in unseal(keyring(), _PURPOSE, file):
            proof.update(chunk)
            yield chunk
    if proof.finalize() != digest:
        raise Undecryptable("another file lies in the place of this one")


@contextmanager
def opened(attachment: Attachment) -> Iterator[Path]:
    """An attachment's content, proved, as a file for programs that want a path. It is gone after the block.

    Raises as ``read``. On Linux the file has no name of its own, so that nothing is left of it even by a process that
    is killed.
    """
    nameless = sys.platform == "linux"
    make = tempfile.TemporaryFile if nameless else tempfile.NamedTemporaryFile
    with make(dir=_drafts(), prefix="opened-") as file:
        file.writelines(read(attachment))
        file.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}" if nameless else file.name)


def discard(digests: Collection[bytes], *, unused_since: datetime) -> None:
    """Take contents out of the data folder for good, as far as nothing names them any more.

    Inside the transaction that has deleted what named them: killed in the middle, it is done again. One that was
    written after ``unused_since`` stays: somebody is about to name it.
    """
    assert_in_transaction()
    named = {bytes(one) for (one,) in statements("named", digests=list(digests)).rows()}
    for digest in set(digests) - named:
        _take_out(_place(digest), unused_since)


def clear_drafts() -> None:
    """Remove what killed processes left of uploads. Called before the hall opens: nobody is writing one then."""
    for leftover in _drafts().iterdir():
        leftover.unlink()


def shown_name(name: str) -> str:
    """A file's name as it may be shown: no folders, nothing invisible, no letters that turn the reading direction.

    At most 255 bytes of UTF-8, the ending kept.

    >>> shown_name("C:\\\\名册\\\\八月.xlsx")
    '八月.xlsx'
    """
    last = _FOLDERS.split(name)[-1]
    visible = "".join(char for char in last if char.isprintable()).strip().strip(".")
    ending = PurePosixPath(visible).suffix[:16] if visible else ""
    stem = visible.removesuffix(ending).encode()[: MOST_NAME_BYTES - len(ending.encode())]
    return (stem.decode(errors="ignore") + ending) or NAMELESS


def _kept(written: Written, attachment: Attachment) -> Attachment:
    assert_in_transaction()
    attachment.name = shown_name(attachment.name)
    attachment.size, attachment.digest = written.size, written.digest
    attachment.save(force_insert=True)
    return attachment


class _Measured:
    """Chunks on their way, measured as they pass."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.digest, self.size = hashes.Hash(hashes.SM3()), 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.digest.update(chunk)
            self.size += len(chunk)
            yield chunk


def _drafts() -> Path:
    folder: Path = settings.HALL.data / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _place(digest: bytes) -> Path:
    text = digest.hex()
    folder: Path = settings.HALL.attachments
    return folder / text[:2] / text


def _take_out(place: Path, unused_since: datetime) -> None:
    """Out of its place first: whoever writes the same content meanwhile puts his own there."""
    aside = _drafts() / f"gone-{place.name}"
    try:
        place.replace(aside)
    except FileNotFoundError:
        return
    if aside.stat().st_mtime > unused_since.timestamp() and not place.exists():
        aside.replace(place)
    aside.unlink(missing_ok=True)


def _publish(draft: Path, place: Path) -> None:
    """Give a finished draft its name. The folders are synced too, or a power cut could take the name away."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft.replace(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
