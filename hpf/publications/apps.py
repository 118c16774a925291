from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "hpf.publications"
    label = "publications"
