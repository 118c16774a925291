"""From settings to a gateway. Its module, and with it the library it needs, is loaded when it is opened."""

from __future__ import annotations

from importlib import import_module

from hpf.notices.gateways import smtp
from hpf.notices.gateways.shapes import Gateway
from hpf.notices.settings import GatewayKind, NoticesSettings
from hpf.notices.templates import Way

_MODULES = {
    GatewayKind.HTTP: "generic_http",
    GatewayKind.ALIYUN: "aliyun",
    GatewayKind.TENCENT: "tencent",
    GatewayKind.SMPP: "smpp",
}


def open_gateway(settings: NoticesSettings, way: Way = Way.SMS) -> Gateway | None:
    """The gateway that the settings name for a way, ``None`` if its messages stay in the outbox.

    Raises ``ModuleNotFoundError`` if its library is not installed: ``pip install hpf-hall[smpp]`` and so on.
    """
    if way is Way.MAIL:
        return smtp.connect(settings.mail, settings.timeout_seconds) if settings.mail else None
    if settings.gateway is None:
        return None
    module = import_module(f"{__package__}.{_MODULES[settings.kind]}")
    gateway: Gateway = module.connect(settings.gateway, settings)
    return gateway
