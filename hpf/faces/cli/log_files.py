"""Where logs go: each process of the hall has a file in the data folder; the terminal belongs to the command."""

from __future__ import annotations

import logging
import os
from io import TextIOWrapper
from pathlib import Path

from django.conf import settings

_LARGEST = 20 * 1024 * 1024


def log_file(name: str) -> Path:
    """``logs/<name>.log`` in the data folder; a long one steps aside first."""
    path: Path = settings.HALL.data / "logs" / f"{name}.log"
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_suffix(".log.1"))
    return path


def log_to_file() -> None:
    """Send the log lines of this process, which so far go to the terminal, to ``logs/hall.log``.

    The file is made by the first line: a command that has nothing to log leaves no trace.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if type(handler) is logging.StreamHandler:
            to_file = _LogFile(settings.HALL.data / "logs" / "hall.log", delay=True, encoding="utf-8")
            to_file.setFormatter(handler.formatter)
            root.removeHandler(handler)
            root.addHandler(to_file)


class _LogFile(logging.FileHandler):
    """A log file for its owner's eyes, in a folder that need not be there. A full disk costs its lines alone."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # the file cannot be opened; what happens while it is written to, logging handles itself
            self.handleError(record)

    def _open(self) -> TextIOWrapper:
        path = log_file("hall")
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")
