"""Django's settings, made of what `config.environment` read. Nothing else reads the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config.environment import Environment, Unready
from config.logs import configuration
from hpf.storage.embedded import EmbeddedServer

try:
    HALL = Environment.read(os.environ)
except Unready as unready:
    sys.stderr.write(f"{unready}\n")
    raise SystemExit(2) from None

CENTER = HALL.center
DATA_KEYS = HALL.data_keys

# --- Django ----------------------------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent
SECRET_KEY = HALL.secret_key
DEBUG = False
ALLOWED_HOSTS = list(HALL.allowed_hosts)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "hpf.policy",
    "hpf.evidence",
    "hpf.ledger",
    "hpf.registry",
    "hpf.casework",
    "hpf.treasury",
    "hpf.remittance",
    "hpf.employer_registration",
    "hpf.account_opening",
    "hpf.notices",
    "hpf.messaging",
    "hpf.hall_access",
    "hpf.agreement",
    "hpf.publications",
    "hpf.channels",
    "hpf.center_details",
    "hpf.access_restriction",
    "hpf.money_desk",
    "hpf.inquiries",
]

MIDDLEWARE = [
    "hpf.faces.web.csp.SecurityHeaders",
    "hpf.faces.web.middleware.RequestReference",
    "django.middleware.security.SecurityMiddleware",
    "hpf.faces.web.static_files.CompressedStatic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hpf.faces.web.middleware.Forgery",
    "hpf.faces.web.middleware.Outcomes",
]
CSRF_FAILURE_VIEW = "hpf.faces.web.pages.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "hpf" / "faces" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "hpf.faces.web.environment.environment"},
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "hpf" / "faces" / "static"
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # a page names a file with the digest of its content

# --- The database: one center's schema and nothing else --------------------------------------------------------------


def _database() -> dict[str, Any]:
    """The connection of the running hall. It works as the center's login, whoever the address names."""
    url = HALL.database_url or EmbeddedServer(HALL.data).url(HALL.app_role)
    info: dict[str, Any] = dict(conninfo_to_dict(url))
    server = {name: info.pop(key, "") for key, name in _ADDRESS.items()}
    session = {
        "search_path": CENTER,
        "statement_timeout": f"{HALL.statement_seconds}s",
        "lock_timeout": f"{HALL.statement_seconds}s",
        "idle_in_transaction_session_timeout": "60s",
    }
    if server["USER"] != HALL.app_role:
        session["role"] = HALL.app_role
    options = " ".join(f"-c {name}={value}" for name, value in session.items())
    return {
        "ENGINE": "hpf.storage.patient",
        **server,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, **info, "options": options},
    }


_ADDRESS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}

DATABASES = {"default": _database()}
DATABASE_ADMIN_URL = HALL.database_admin_url or EmbeddedServer(HALL.data).url()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The queue -------------------------------------------------------------------------------------------------------

PROCRASTINATE_IMPORT_PATHS = [
    "hpf.faces.batch.sweep",
    "hpf.faces.batch.resume",
    "hpf.faces.batch.treasury",
    "hpf.faces.batch.remittance",
    "hpf.faces.batch.account_opening",
    "hpf.faces.batch.registration",
    "hpf.faces.batch.access",
    "hpf.faces.batch.notices",
    "hpf.faces.batch.publications",
]

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Passwords, cookies, headers -------------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "hpf.storage.hashing.HallArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

_ENCRYPTED = HALL.public_url.startswith("https://")
CSRF_COOKIE_SECURE = _ENCRYPTED
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [HALL.public_url]
SECURE_HSTS_SECONDS = 31_536_000 if _ENCRYPTED else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ENCRYPTED else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# --- Uploads ---------------------------------------------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000  # the handler passes over what no page takes, and the page says so
FILE_UPLOAD_HANDLERS = ["hpf.faces.web.uploads.NamelessUpload"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = HALL.data / "uploads"
try:
    FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as error:
    where = f"{HALL.data} ({error.strerror})"
    sys.stderr.write(f"数据目录不可写：{where} / data folder is not writable: {where}\n")
    raise SystemExit(2) from None
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Logs ------------------------------------------------------------------------------------------------------------

LOGGING = configuration()
