"""Uploads on their way: files without a name, and no more of them than a page can say are too many."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from hpf.casework.scans import MOST


def test_a_large_upload_lies_in_no_file_that_a_killed_process_leaves() -> None:
    content = os.urandom(settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1)
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("名册.xlsx", content)})
    file = request.FILES["file"]
    file.seek(0, os.SEEK_END)
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []
    assert (file.name, file.size, b"".join(file.chunks())) == ("名册.xlsx", len(content), content)


def test_more_files_than_a_page_takes_are_counted_and_the_form_stays() -> None:
    files = [SimpleUploadedFile(f"{number}.pdf", b"%PDF-") for number in range(MOST + 9)]
    request = RequestFactory().post("/", {"scans": files, "handler_mobile": "13700000001"})
    assert [file.read() for file in request.FILES.getlist("scans")] == [b"%PDF-"] * (MOST + 1)
    assert request.POST["handler_mobile"] == "13700000001"
