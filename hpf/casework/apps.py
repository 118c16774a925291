from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "hpf.casework"
    label = "casework"
