from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "hpf.inquiries"
    label = "inquiries"
