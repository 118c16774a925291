from django.apps import AppConfig


class AccountOpeningConfig(AppConfig):
    name = "hpf.account_opening"
    label = "account_opening"
