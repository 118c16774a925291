from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "hpf.evidence"
    label = "evidence"
