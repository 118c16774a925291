"""The hall's web application without its budgets: one handler asks here as often as a town of them does in life."""

from config.wsgi import application
from hpf.faces.web.limits import limits

limits.lift()

__all__ = ["application"]
