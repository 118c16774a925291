"""What the center itself fills into its messages."""

from __future__ import annotations

from hpf.registry.models import Center


def own_values() -> dict[str, str]:
    """The values of `templates.OWN_PLACES`, for every template. Empty texts while a center is still being built."""
    found = Center.objects.values_list("name", "hotline").first() or ("", "")
    return dict(zip(("center", "hotline"), found, strict=True))
