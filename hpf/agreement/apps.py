from django.apps import AppConfig


class AgreementConfig(AppConfig):
    name = "hpf.agreement"
    label = "agreement"
