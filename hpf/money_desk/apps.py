from django.apps import AppConfig


class MoneyDeskConfig(AppConfig):
    name = "hpf.money_desk"
    label = "money_desk"
