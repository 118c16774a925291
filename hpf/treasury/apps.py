from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "hpf.treasury"
    label = "treasury"
