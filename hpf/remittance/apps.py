from django.apps import AppConfig


class RemittanceConfig(AppConfig):
    name = "hpf.remittance"
    label = "remittance"

    def ready(self) -> None:
        """Let bank lines pay declared months (settled 28)."""
        from hpf.remittance import payable
        from hpf.treasury import cases

        cases.register("remittance", payable.ITEM)
