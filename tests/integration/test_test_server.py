"""The tests' own server leaves nothing behind, however its start ends."""

from __future__ import annotations

import psutil
import pytest

import tests.server
from hpf.storage.embedded import EmbeddedServer
from tests.running import new_folder


def test_a_template_that_cannot_be_made_leaves_no_keeper(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("a migration is broken")

    monkeypatch.setattr(tests.server, "_make_template", broken)
    before = set(psutil.Process().children())
    with new_folder() as folder:
        with pytest.raises(RuntimeError, match="broken"):
            tests.server.server_of(folder)
        assert set(psutil.Process().children()) <= before  # the keeper; the run's own server has workers of its own
        assert not (EmbeddedServer(folder).cluster / "postmaster.pid").exists()  # and its server
        assert not (folder / "server.json").exists()
