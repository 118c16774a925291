"""Migrations that move data take it back where it was."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command

from hpf.storage.center import migrate_center, owner_connection

BEFORE = {"channels": "0002_timetables", "treasury": "0008_same_sums", "casework": "0009_came_back"}
CLOSURES = (
    "INSERT INTO channels_closure (channels, function, reason, starts_at, ends_at, urgent, state, made_by_id,"
    " maker_name)"
    " SELECT channels::text[], function, reason, '2026-08-10', '2026-08-11', false, 'proposed', min(id), '甲'"
    " FROM registry_staff, (VALUES ('{portal,public}', '', '都停'), ('{public}', 'employer_registration', '登记'),"
    " ('{public}', '', '只停公众页面'), ('{counter}', 'money_desk', '柜面')) AS c (channels, function, reason)"
    " GROUP BY channels, function, reason"
)
TIMETABLES = (
    "INSERT INTO channels_timetable (channel, function, starts_on, working_hours, resting_hours, reason, state,"
    " made_by_id, maker_name)"
    " SELECT channel, function, '2026-08-12', '', '', reason, 'proposed', min(id), '甲'"
    " FROM registry_staff, (VALUES ('portal', 'sealing', '封存'), ('public', 'employer_registration', '登记'),"
    " ('counter', 'employer_registration', '柜面登记'), ('public', 'recover_password', '找回')) AS t"
    " (channel, function, reason) GROUP BY channel, function, reason"
)


def test_what_was_parted_by_channel_is_put_together_again_and_parted_anew(center: Any) -> None:
    """With the migrations that came after it, which go back too."""
    from tests.office import open_center

    open_center()
    url = center.admin_url
    with center.connect("superuser") as admin:
        admin.execute(CLOSURES)
        admin.execute(TIMETABLES)
    for app, before in (
        ("channels", "0002_timetables"),
        ("treasury", "0008_same_sums"),
        ("casework", "0009_came_back"),
    ):
        with owner_connection(settings.CENTER, url) as alias:
            call_command("migrate", app, before, database=alias, verbosity=0, interactive=False)
    with center.connect("superuser") as admin:
        assert admin.execute("SELECT channels, reason FROM channels_closure ORDER BY reason").fetchall() == [
            (["portal"], "登记"),
            (["portal"], "都停"),
        ]
        assert set(admin.execute("SELECT reason FROM channels_timetable").fetchall()) == {("封存",), ("登记",)}
    migrate_center(settings.CENTER, url)
    with center.connect("superuser") as admin:
        assert admin.execute("SELECT channels, reason FROM channels_closure ORDER BY reason").fetchall() == [
            (["public"], "登记"),
            (["portal", "public"], "都停"),
        ]
        assert set(admin.execute("SELECT channel, reason FROM channels_timetable").fetchall()) == {
            ("portal", "封存"),
            ("public", "登记"),
        }
