from django.apps import AppConfig


class EmployerRegistrationConfig(AppConfig):
    name = "hpf.employer_registration"
    label = "employer_registration"
