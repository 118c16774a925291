"""Everything about the database that is not business: transactions, rights, named SQL, encrypted columns."""

from hpf.storage.crypto import Keyring, keyring, sm3
from hpf.storage.refusals import refusing
from hpf.storage.sql import Query, Statements
from hpf.storage.transactions import asked, assert_in_transaction, durable, lock_key, reading, role_name

__all__ = [
    "Keyring",
    "Query",
    "Statements",
    "asked",
    "assert_in_transaction",
    "durable",
    "keyring",
    "lock_key",
    "reading",
    "refusing",
    "role_name",
    "sm3",
]
