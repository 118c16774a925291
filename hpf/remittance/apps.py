from django.apps import AppConfig


class RemittanceConfig(AppConfig):
    name = "hpf.remittance"
    label = "remittance"
