"""Numbers in addresses."""

from __future__ import annotations

from django.urls import register_converter


class RowNumber:
    """A row's number, ``<row:employer_id>``: no address has one that the database could not hold."""

    regex = "[0-9]{1,18}"
    to_python = int
    to_url = str


register_converter(RowNumber, "row")
