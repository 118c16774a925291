from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "hpf.messaging"
    label = "messaging"
