"""The ways out of text messages. Each is a `Gateway`; `open_gateway` gives the one that the settings name.

The libraries of Aliyun, Tencent and SMPP are extras: a center installs the one that it uses.
"""

from hpf.notices.gateways.opening import open_gateway
from hpf.notices.gateways.shapes import DeliveryReceipt, Gateway, Outcome, Outgoing, Pending, Verdict

__all__ = ["DeliveryReceipt", "Gateway", "Outcome", "Outgoing", "Pending", "Verdict", "open_gateway"]
