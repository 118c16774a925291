from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "hpf.notices"
    label = "notices"
