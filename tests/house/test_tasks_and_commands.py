"""Every task and every command, and what starts it. Something new without an entry fails, as in ``test_registers``."""

from __future__ import annotations

import ast
import re

from hpf.faces.cli.main import COMMANDS
from tests.house.source import PROGRAM, callers_of_defer, modules

TASKS = {
    "settle_statement": "take_statement",
    "book_sheet": "submit_sheet, pay_from_unallocated",
    "check_roster": "upload_roster, recheck_roster",
    "open_accounts": "open_roster",
    "forget_codes": "every night",
    "forget_prefilled": "every night",
    "forget_scans": "every night",
    "forget_receipts": "every night",
    "forget_access": "every night",
    "send_messages": "send_sms, send_or_drop_sms, send_mail, tell, tell_each, try_again",
    "lapse_notices": "every hour",
    "resend_texts": "every 5 seconds",
    "resend_mails": "every 30 seconds",
    "collect_receipts": "every minute",
    "tell_of_publications": "every minute",
    "watch_sms_cost": "every 5 minutes",
    "resume_given_up": "every 5 minutes",
    "sweep_stalled_jobs": "every 5 seconds",
}
"""Task: what starts it."""

EVERY = {
    "forget_codes": "50 2 * * *",
    "forget_prefilled": "40 2 * * *",
    "forget_scans": "45 2 * * *",
    "forget_receipts": "55 2 * * *",
    "forget_access": "20 2 * * *",
    "lapse_notices": "5 * * * *",
    "resend_texts": "* * * * * */5",
    "resend_mails": "* * * * * */30",
    "collect_receipts": "* * * * *",
    "tell_of_publications": "* * * * *",
    "watch_sms_cost": "*/5 * * * *",
    "resume_given_up": "*/5 * * * *",
    "sweep_stalled_jobs": "* * * * * */5",
}

LIBRARY_TASKS = {"procrastinate.builtin_tasks.remove_old_jobs", "builtin:procrastinate.builtin_tasks.remove_old_jobs"}


def test_every_task_is_started_by_something_in_this_list() -> None:
    from procrastinate.contrib.django import app

    app.perform_import_paths()
    of_tests = {name for name in app.tasks if name.startswith("test:")}
    assert set(app.tasks) - LIBRARY_TASKS - of_tests == set(TASKS)
    periodic = app.periodic_registry.periodic_tasks.values()
    assert {one.task.name: one.cron for one in periodic} == EVERY
    deferred = _deferred()
    assert deferred.keys() == TASKS.keys() - EVERY.keys()
    for task, starters in deferred.items():
        assert starters <= set(re.findall(r"\w+", TASKS[task])), task


def test_everything_that_is_forgotten_in_time_is_forgotten_by_a_task() -> None:
    """An operation that removes what nobody needs any more is worth nothing while nobody calls it."""
    faces = PROGRAM / "faces"
    forgetting = {
        (".".join(path.relative_to(PROGRAM.parent).with_suffix("").parts), node.name)
        for path, tree in modules().items()
        if path.is_relative_to(PROGRAM) and not path.is_relative_to(faces)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("forget")
    }
    of_tasks = {
        (node.module or "", name.name)
        for path, tree in modules().items()
        if path.parent == faces / "batch"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert len(forgetting) > 1
    assert forgetting <= of_tasks


def _deferred() -> dict[str, set[str]]:
    """Which public operations say ``defer("task", …)``, themselves or by a helper of their module."""
    return callers_of_defer()


ADMINISTRATION = {
    "run": "whoever runs the machine",
    "demo": "whoever runs the machine; in demonstration only",
    "center create": "whoever runs the machine, with the database's administrator",
    "center found": "whoever runs the machine, once; administrators get initial passwords",
    "center migrate": "whoever runs the machine, with the database's administrator",
    "backup": "whoever runs the machine, with the database's administrator",
    "restore": "whoever runs the machine, with the database's administrator",
    "verify": "whoever runs the machine; reads only",
    "permissions": "anybody; asks no database",
    "agreement publish": "whoever runs the machine, in a publisher's name; a reviewer decides in the hall",
    "statement import": "whoever runs the machine; books as the system, or hands in for a second person",
    "staff authenticator": "whoever runs the machine, with the administrators of system and audit, who log in",
    "roster check": "anybody; asks no database",
}
"""Command: who starts it."""


def test_every_command_stands_in_this_list() -> None:
    assert COMMANDS.keys() == ADMINISTRATION.keys()
