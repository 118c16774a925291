from django.apps import AppConfig


class AccessRestrictionConfig(AppConfig):
    name = "hpf.access_restriction"
    label = "access_restriction"
