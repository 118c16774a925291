from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "hpf.policy"
    label = "policy"
