"""A posting to 10,000 members with django-hordak, a peer from PyPI in an environment of its own, beside ours.

Its figure is printed, not judged: it keeps books for another purpose. One transaction of 10,001 legs, balances kept by
its own triggers, on the same embedded server.
"""

from __future__ import annotations

import subprocess
import sys
import venv

from benchmarks import posting
from benchmarks.harness import Ground, ground, report

MEMBERS = 10_000
PEER = ("django-hordak==2.0.0", "psycopg[binary]>=3.2")

_PEER = """
import sys, time, uuid
import django
from django.conf import settings
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "hordak", "USER": "postgres",
                           "HOST": sys.argv[1]}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True, SECRET_KEY="x", CURRENCIES=["CNY"],
    DEFAULT_CURRENCY="CNY", HORDAK_UUID_DEFAULT=uuid.uuid4,
)
django.setup()
from django.core.management import call_command
from django.db import transaction
from hordak.models import Account, Leg, Transaction
from hordak.models.core import AccountType
call_command("migrate", verbosity=0)
members = int(sys.argv[2])
def account(name, kind):
    return Account.objects.create(name=name, type=kind, currencies=["CNY"])
source = account("219", AccountType.liability)
accounts = Account.objects.bulk_create(
    Account(name=str(i), type=AccountType.liability, currencies=["CNY"], tree_id=i + 10, lft=1, rght=2, level=0)
    for i in range(members)
)
start = time.perf_counter()
with transaction.atomic():
    entry = Transaction.objects.create(description="month")
    legs = [Leg(transaction=entry, account=source, debit=96 * members, currency="CNY")]
    legs += [Leg(transaction=entry, account=accounts[i], credit=96, currency="CNY") for i in range(members)]
    Leg.objects.bulk_create(legs)
print(time.perf_counter() - start)
"""


def main() -> int:
    with ground() as place:
        posting.run(place, MEMBERS)
        report(f"django-hordak posts {MEMBERS:,} members", _peer(place), "s")
    return 0


def _peer(place: Ground) -> float:
    import psycopg

    environment = place.folder / "peer"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
    with psycopg.connect(place.server.url(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE hordak")
    command = [python, "-c", _PEER, str(place.server.socket_folder), str(MEMBERS)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(answer.stdout.split()[-1])


if __name__ == "__main__":
    sys.exit(main())
