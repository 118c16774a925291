"""What the hall is told from outside: every environment variable, in one typed place.

``Environment.read(os.environ)`` answers with all settings or raises ``Unready`` with everything that is wrong at once.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from hpf.notices.settings import NoticesSettings, UnreadableSettings
from hpf.storage.antivirus import Scanner
from hpf.storage.crypto import Keyring

FACES = ("portal", "counter", "public")
_CENTER = re.compile(r"^(?!pg_)[a-z][a-z0-9_]{1,30}$")
_SECRETS = "secrets.json"
_TRUSTED_AT_HOME = ("localhost", "127.0.0.1", "[::1]")


class Mode(StrEnum):
    """Demonstration invents its secrets, shows SMS codes and lets the business day be chosen; production does not."""

    DEMONSTRATION = "demonstration"
    PRODUCTION = "production"


class Filling(StrEnum):
    """What an empty demonstration is filled with."""

    FULL = "full"
    NONE = "none"


class NewKeys(StrEnum):
    """What happens where a demonstration finds no keys: a new one is made, or nothing starts."""

    MAKE = "make"
    REFUSE = "refuse"


class Unready(Exception):
    """The hall cannot start. ``lines`` says why: one line each, Chinese / English."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Environment:
    """All settings from outside. Behind each field stand its variable, its meaning and its default."""

    data: Path  # HPF_DATA: the folder of everything the hall keeps on disk; ./data
    database_url: str | None  # DATABASE_URL: PostgreSQL 16–18; without it the embedded server is used
    database_admin_url: str | None  # DATABASE_ADMIN_URL: creates and migrates centers; DATABASE_URL
    center: str  # HPF_CENTER: the schema of the center that this process serves; demo
    mode: Mode  # HPF_MODE: demonstration or production; demonstration
    secret_key: str  # HPF_SECRET_KEY: signs cookies and forms, at least 50 characters
    data_keys: str  # HPF_DATA_KEYS: id:base64,… encrypt columns, 32 bytes each; the last one encrypts, all decrypt
    host: str  # HPF_HOST: the address to listen on; 127.0.0.1
    port: int  # HPF_PORT: 8000
    web_workers: int  # HPF_WEB_WORKERS: processes that answer requests; 2
    faces: tuple[str, ...]  # HPF_FACES: the doors that this process opens; portal,counter,public
    allowed_hosts: tuple[str, ...]  # HPF_ALLOWED_HOSTS: host names that requests may ask for
    public_url: str  # HPF_PUBLIC_URL: the address that papers and messages print; http://localhost:HPF_PORT
    trusted_proxies: tuple[str, ...]  # HPF_TRUSTED_PROXIES: addresses whose X-Forwarded-For is believed; in production
    # 127.0.0.1,::1, in demonstration none
    statement_seconds: int  # HPF_STATEMENT_SECONDS: the longest a single SQL statement may take; 4
    demonstration_data: bool  # HPF_DEMONSTRATION_DATA: whether an empty demonstration is filled: full or none; full
    notices: NoticesSettings  # HPF_NOTICES: a TOML file that names the gateways of messages; without it they stay here
    antivirus: Scanner | None  # HPF_ANTIVIRUS: clamd:/run/clamav/clamd.ctl, clamd:host:port or clamscan:/path; none
    worker_dead_seconds: int  # HPF_WORKER_DEAD_SECONDS: silence after which a worker's jobs go to another; 20

    @property
    def is_demonstration(self) -> bool:
        return self.mode is Mode.DEMONSTRATION

    @property
    def attachments(self) -> Path:
        """The folder of the center's attachments, each under its digest; made by the first of them."""
        return self.data / "attachments" / self.center

    @property
    def app_role(self) -> str:
        """The database role as which the running hall logs in. It has no rights but to become portal or staff."""
        return f"hpf_{self.center}_app"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Environment:
        """Read the environment. Raises ``Unready`` with every line that needs mending.

        In demonstration mode missing secrets are made once and kept in ``secrets.json`` in the data folder (0600).
        """
        reader = _Reader(environ)
        data = Path(reader.text("HPF_DATA", "data")).expanduser().absolute()
        mode = reader.choice("HPF_MODE", Mode, Mode.DEMONSTRATION)
        port = reader.whole("HPF_PORT", 8000, 1, 65535)
        database_url = reader.text("DATABASE_URL") or None
        values: dict[str, Any] = {
            "data": data,
            "database_url": database_url,
            "database_admin_url": reader.text("DATABASE_ADMIN_URL") or database_url,
            "center": reader.center("HPF_CENTER", "demo"),
            "mode": mode,
            "host": reader.text("HPF_HOST", "127.0.0.1"),
            "port": port,
            "web_workers": reader.whole("HPF_WEB_WORKERS", 2, 1, 64),
            "faces": reader.faces("HPF_FACES"),
            "statement_seconds": reader.whole("HPF_STATEMENT_SECONDS", 4, 1, 86_400),
            "demonstration_data": reader.choice("HPF_DEMONSTRATION_DATA", Filling, Filling.FULL) is Filling.FULL,
            "notices": reader.notices("HPF_NOTICES", mode),
            "antivirus": reader.antivirus("HPF_ANTIVIRUS"),
            "worker_dead_seconds": reader.whole("HPF_WORKER_DEAD_SECONDS", 20, 2, 3_600),
        }
        read = reader.for_production if mode is Mode.PRODUCTION else reader.for_demonstration
        values |= read(data, port)
        if reader.faults:
            raise Unready(reader.faults)
        return cls(**values)


_Choice = TypeVar("_Choice", bound=StrEnum)


class _Reader:
    """Reads variable by variable and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not text.isdecimal() or not least <= int(text) <= most:
            self._fault(name, f"应为{least}至{most}的整数", f"must be a whole number from {least} to {most}")
            return default
        return int(text)

    def choice(self, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
        text = self.text(name, default)
        if text not in list(kind):
            self._fault(name, f"只能是{'或'.join(kind)}", f"must be {' or '.join(kind)}")
            return default
        return kind(text)

    def center(self, name: str, default: str) -> str:
        text = self.text(name, default)
        if not _CENTER.match(text):
            self._fault(
                name,
                "应为2至31个小写字母、数字或下划线，以字母开头",
                "must be 2 to 31 lower-case letters, digits or underscores and start with a letter",
            )
        return text

    def faces(self, name: str) -> tuple[str, ...]:
        chosen = _split(self.text(name, ",".join(FACES)))
        if not chosen or not set(chosen) <= set(FACES):
            self._fault(name, f"只能从{'、'.join(FACES)}中选", f"must be some of {', '.join(FACES)}")
        return chosen

    def notices(self, name: str, mode: Mode) -> NoticesSettings:
        """The gateways of messages. The file carries their secrets: in production nobody else may read it."""
        production = mode is Mode.PRODUCTION
        path = Path(self.text(name)).expanduser()
        if not self.text(name):
            return NoticesSettings()
        try:
            if production and path.stat().st_mode & 0o077:
                self._fault(
                    name, "只能由运行网厅的用户读取（chmod 600）", "must be readable by its owner alone (chmod 600)"
                )
            return NoticesSettings.read(path.read_text(encoding="utf-8"), production=production)
        except (OSError, UnicodeDecodeError) as error:
            self._fault(name, f"不能读取{path}（{error}）", f"cannot be read: {path} ({error})")
        except UnreadableSettings as unreadable:
            self.faults.extend(f"{name}: {line}" for line in unreadable.lines)
        return NoticesSettings()

    def antivirus(self, name: str) -> Scanner | None:
        try:
            return Scanner.parse(self.text(name))
        except ValueError:
            self._fault(
                name,
                "应为clamd:套接字路径、clamd:主机:端口或clamscan:程序路径",
                "must be clamd:/socket, clamd:host:port or clamscan:/program",
            )
        return None

    def for_production(self, data: Path, port: int) -> dict[str, Any]:
        """The secrets and addresses without which production does not start."""
        del data, port
        secret_key = self._required("HPF_SECRET_KEY")
        if secret_key and len(secret_key) < 50:
            self._fault("HPF_SECRET_KEY", "至少50个字符", "needs at least 50 characters")
        public_url = self._required("HPF_PUBLIC_URL")
        if public_url and urlsplit(public_url).scheme != "https":
            self._fault("HPF_PUBLIC_URL", "应以https://开头", "must start with https://")
        return {
            "secret_key": secret_key,
            "data_keys": self._keys("HPF_DATA_KEYS", self._required("HPF_DATA_KEYS")),
            "trusted_proxies": _split(self.text("HPF_TRUSTED_PROXIES")) or ("127.0.0.1", "::1"),
            "allowed_hosts": _split(self._required("HPF_ALLOWED_HOSTS")),
            "public_url": public_url.rstrip("/"),
        }

    def for_demonstration(self, data: Path, port: int) -> dict[str, Any]:
        """The same, with secrets made once and addresses of this machine where none are given."""
        secret_key, keys = self.text("HPF_SECRET_KEY"), self.text("HPF_DATA_KEYS")
        new_keys = self.choice("HPF_NEW_KEYS", NewKeys, NewKeys.MAKE)
        if new_keys is NewKeys.REFUSE and not keys and not (data / _SECRETS).exists():
            self._fault(
                "HPF_DATA_KEYS",
                f"没有设置，{data}中也没有{_SECRETS}：请先放好原来的密钥",
                f"is not set and {data} holds no {_SECRETS}: lay the former keys first",
            )
        elif not (secret_key and keys):
            try:
                made = _secrets_kept_in(data)
            except OSError as error:
                where = f"{data} ({error.strerror})"
                self.faults.append(f"数据目录不可写：{where} / data folder is not writable: {where}")
                made = {"secret_key": "", "data_keys": ""}
            secret_key, keys = secret_key or made["secret_key"], keys or made["data_keys"]
        return {
            "secret_key": secret_key,
            "data_keys": self._keys("HPF_DATA_KEYS", keys),
            "trusted_proxies": _split(self.text("HPF_TRUSTED_PROXIES")),
            "allowed_hosts": _split(self.text("HPF_ALLOWED_HOSTS")) or _TRUSTED_AT_HOME,
            "public_url": self.text("HPF_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        }

    def _keys(self, name: str, text: str) -> str:
        if text:
            try:
                Keyring.parse(text)
            except ValueError:
                self._fault(
                    name,
                    "应为“编号:base64”，以逗号分隔，编号1至255且不重复，每个密钥32字节",
                    "must be id:base64 separated by commas, ids 1 to 255 and distinct, 32 bytes each",
                )
        return text

    def _required(self, name: str) -> str:
        text = self.text(name)
        if not text:
            self._fault(name, "正式环境必须设置", "is required in production")
        return text

    def _fault(self, name: str, chinese: str, english: str) -> None:
        self.faults.append(f"{name} {chinese} / {name} {english}")


def _secrets_kept_in(data: Path) -> dict[str, str]:
    """The demonstration's secrets, made on the first call. Two processes that start at once get the same ones."""
    path = data / _SECRETS
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        content = json.dumps({"secret_key": secrets.token_urlsafe(50), "data_keys": f"1:{key}"})
        descriptor, draft = tempfile.mkstemp(dir=data)  # mkstemp gives 0600
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        try:
            Path(path).hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first: its secrets stand
        finally:
            Path(draft).unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
