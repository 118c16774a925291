from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hpf.ledger"
    label = "ledger"
