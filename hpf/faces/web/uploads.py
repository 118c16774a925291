"""Uploads on their way: kept in memory, or in files without a name, of which a killed process leaves nothing behind."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from hpf.casework.scans import MOST


class NamelessUpload(FileUploadHandler):
    """Takes the files of a form, up to one more than any page accepts: the page says that they are too many."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._file: IO[bytes] | None = None
        self._count = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, or pass one over."""
        super().new_file(*args, **kwargs)
        self._count += 1
        if self._count > MOST + 1:
            raise SkipFile
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed with the request, as every upload is
            settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=str(settings.FILE_UPLOAD_TEMP_DIR)
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's
        """Take a piece; no other handler sees it."""
        if self._file is not None:
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Hand the file on, as it came."""
        file, self._file = self._file, None
        if file is None:
            return None
        file.seek(0)
        return UploadedFile(file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)

    def upload_interrupted(self) -> None:
        """Nobody will ask for what has come so far."""
        if self._file is not None:
            self._file.close()
