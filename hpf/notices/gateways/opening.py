"""From settings to a gateway. Its module, and with it the library it needs, is loaded when it is opened."""

from __future__ import annotations

from importlib import import_module

from hpf.notices.gateways.shapes import Gateway
from hpf.notices.settings import GatewayKind, NoticesSettings

_MODULES = {
    GatewayKind.HTTP: "generic_http",
    GatewayKind.ALIYUN: "aliyun",
    GatewayKind.TENCENT: "tencent",
    GatewayKind.SMPP: "smpp",
}


def open_gateway(settings: NoticesSettings) -> Gateway | None:
    """The gateway that the settings name, ``None`` if messages stay in the outbox.

    Raises ``ModuleNotFoundError`` if its library is not installed: ``pip install hpf-hall[smpp]`` and so on.
    """
    if settings.gateway is None:
        return None
    module = import_module(f"{__package__}.{_MODULES[settings.kind]}")
    gateway: Gateway = module.connect(settings.gateway, settings)
    return gateway
