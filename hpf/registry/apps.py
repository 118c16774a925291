from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "hpf.registry"
    label = "registry"
