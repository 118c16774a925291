from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "hpf.channels"
    label = "channels"
