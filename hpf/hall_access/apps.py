from django.apps import AppConfig


class HallAccessConfig(AppConfig):
    name = "hpf.hall_access"
    label = "hall_access"
