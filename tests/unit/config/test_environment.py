"""What the hall is told from outside."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.environment import Environment, Mode, Unready
from hpf.storage.crypto import Keyring

KEY = "1:" + "A" * 43 + "="
PRODUCTION = {
    "HPF_MODE": "production",
    "HPF_SECRET_KEY": "s" * 50,
    "HPF_DATA_KEYS": KEY,
    "HPF_ALLOWED_HOSTS": "hall.example.gov.cn, counter.example.gov.cn",
    "HPF_PUBLIC_URL": "https://hall.example.gov.cn/",
}


def faults(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(Unready) as unready:
        Environment.read(environ)
    return unready.value.lines


def test_an_empty_environment_makes_a_demonstration(tmp_path: Path) -> None:
    hall = Environment.read({"HPF_DATA": str(tmp_path)})
    assert hall.mode is Mode.DEMONSTRATION
    assert (hall.center, hall.port, hall.web_workers, hall.public_url) == ("demo", 8000, 2, "http://localhost:8000")
    assert hall.faces == ("portal", "counter", "public")
    assert hall.database_url is None
    assert hall.app_role == "hpf_demo_app"


def test_the_demonstration_keeps_the_secrets_it_made(tmp_path: Path) -> None:
    first = Environment.read({"HPF_DATA": str(tmp_path)})
    again = Environment.read({"HPF_DATA": str(tmp_path)})
    assert (first.secret_key, first.data_keys) == (again.secret_key, again.data_keys)
    assert len(first.secret_key) >= 50
    assert Keyring.parse(first.data_keys).ids == (1,)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_processes_that_start_together_get_the_same_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        halls = list(pool.map(lambda _: Environment.read({"HPF_DATA": str(tmp_path)}), range(64)))
    assert len({(hall.secret_key, hall.data_keys) for hall in halls}) == 1


def test_given_secrets_stand_above_kept_ones(tmp_path: Path) -> None:
    hall = Environment.read({"HPF_DATA": str(tmp_path), "HPF_SECRET_KEY": "mine", "HPF_DATA_KEYS": KEY})
    assert (hall.secret_key, hall.data_keys) == ("mine", KEY)
    assert list(tmp_path.iterdir()) == []


def test_secrets_of_a_demonstration_are_never_taken_in_production(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text(json.dumps({"secret_key": "s" * 60, "data_keys": KEY}))
    lines = faults({"HPF_DATA": str(tmp_path), "HPF_MODE": "production"})
    assert [line.split()[0] for line in lines] == [
        "HPF_SECRET_KEY",
        "HPF_PUBLIC_URL",
        "HPF_DATA_KEYS",
        "HPF_ALLOWED_HOSTS",
    ]


def test_production_takes_what_it_is_given() -> None:
    hall = Environment.read(PRODUCTION)
    assert not hall.is_demonstration
    assert hall.allowed_hosts == ("hall.example.gov.cn", "counter.example.gov.cn")
    assert hall.public_url == "https://hall.example.gov.cn"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HPF_MODE", "test"),
        ("HPF_PORT", "80a"),
        ("HPF_PORT", "70000"),
        ("HPF_WEB_WORKERS", "0"),
        ("HPF_CENTER", "Leshan"),
        ("HPF_CENTER", "pg_leshan"),
        ("HPF_CENTER", 'x"; DROP SCHEMA y'),
        ("HPF_FACES", "portal,back"),
        ("HPF_SECRET_KEY", "short"),
        ("HPF_DATA_KEYS", "1:AAAA"),
        ("HPF_DATA_KEYS", f"{KEY},{KEY}"),
        ("HPF_PUBLIC_URL", "http://hall.example.gov.cn"),
    ],
)
def test_a_wrong_value_is_named_in_both_languages(name: str, value: str, tmp_path: Path) -> None:
    (line,) = faults({**PRODUCTION, "HPF_DATA": str(tmp_path), name: value})
    chinese, english = line.split(" / ")
    assert chinese.startswith(name)
    assert english.startswith(name)


def test_everything_wrong_is_said_at_once() -> None:
    assert len(faults({**PRODUCTION, "HPF_PORT": "x", "HPF_CENTER": "9", "HPF_DATA_KEYS": "", "HPF_FACES": ","})) == 4


def test_a_data_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (line,) = faults({"HPF_DATA": str(tmp_path / "file" / "data")})
    assert "数据目录不可写" in line
    assert "not writable" in line


def test_a_program_without_its_secrets_ends_with_lines_and_no_traceback(tmp_path: Path) -> None:
    environ = {**os.environ, "HPF_MODE": "production", "HPF_DATA": str(tmp_path)}
    for name in ("HPF_SECRET_KEY", "HPF_DATA_KEYS", "HPF_ALLOWED_HOSTS", "HPF_PUBLIC_URL"):
        environ.pop(name, None)
    ended = subprocess.run(
        [sys.executable, "-c", "import config.settings"], env=environ, capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 4
    assert "Traceback" not in ended.stderr


def test_a_virus_scanner_is_named_by_where_it_is() -> None:
    hall = Environment.read(PRODUCTION | {"HPF_ANTIVIRUS": "clamd:/run/clamav/clamd.ctl"})
    assert hall.antivirus is not None
    assert hall.antivirus.place == "/run/clamav/clamd.ctl"
    assert Environment.read(PRODUCTION).antivirus is None
    for wrong in ("clamav", "clamscan:clamscan", "clamd:3310"):
        (line,) = faults(PRODUCTION | {"HPF_ANTIVIRUS": wrong})
        assert line.startswith("HPF_ANTIVIRUS 应为")


def test_where_no_new_keys_are_wanted_none_are_made(tmp_path: Path) -> None:
    with pytest.raises(Unready) as unready:
        Environment.read({"HPF_DATA": str(tmp_path / "new"), "HPF_NEW_KEYS": "refuse"})
    assert "请先放好原来的密钥" in unready.value.lines[0]
    assert not (tmp_path / "new").exists()
    made = Environment.read({"HPF_DATA": str(tmp_path / "new")})
    assert Environment.read({"HPF_DATA": str(tmp_path / "new"), "HPF_NEW_KEYS": "refuse"}).data_keys == made.data_keys
