from django.apps import AppConfig


class CenterDetailsConfig(AppConfig):
    name = "hpf.center_details"
    label = "center_details"
