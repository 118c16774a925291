"""A handler's browser, let in as in life: password, code from the telephone, agreement accepted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from hpf import policy
from hpf.agreement import operations as agreement
from hpf.agreement import queries as agreements
from hpf.faces.web.door import cookie_name
from hpf.hall_access.operations import finish_login, issue_code, start_login
from hpf.hall_access.rules import Visit
from hpf.kernel import Key
from hpf.notices.sms import outbox
from hpf.registry.models import AgreementVersion, Handler
from hpf.storage import durable, keyring, reading
from tests.integration.browser import Browser
from tests.office import SYSTEM, Unit
from tests.versions import publish

PASSWORD = "青衣江边的第三棵树"


def stand_on(day: date) -> None:
    """Let the hall's business day be this one."""
    with durable(SYSTEM):
        policy.choose_business_day(day)


def browser(unit: Unit, minutes_ago: int = 0) -> Browser:
    """A browser in which the unit's handler is logged in, since some minutes, and has accepted the agreement."""
    now = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=minutes_ago)
    visit = Visit("127.0.0.1", "Firefox/140", now, policy.business_day())
    user_name, mobile = ready_to_log_in(unit, visit)
    challenge = start_login(user_name, PASSWORD, visit).token
    issue_code(challenge, visit)
    with reading(SYSTEM):
        code = next(message.code for message in outbox() if message.mobile == mobile)
    handlers = Browser()
    handlers.cookies[cookie_name("portal")] = finish_login(challenge, code, visit)
    return handlers


def ready_to_log_in(unit: Unit, visit: Visit) -> tuple[str, str]:
    """Give the unit's handler a password and let him accept the agreement; (user name, mobile)."""
    _publish_agreement(visit.today)
    names = _with_password(unit)
    _accept(unit, visit)
    return names


def _with_password(unit: Unit) -> tuple[str, str]:
    """The handler's user name and a mobile that is his own: codes are limited by number."""
    mobile = f"139{unit.employer_id:08d}"
    with durable(SYSTEM):
        handler = Handler.objects.get(pk=unit.handler.id)
        handler.password_hash, handler.must_change_password = make_password(PASSWORD), False
        handler.mobile, handler.mobile_digest = mobile, keyring().digest("mobile", mobile)
        handler.save()
    return handler.user_name, mobile


def _publish_agreement(today: date) -> None:
    with reading(SYSTEM):
        published = AgreementVersion.objects.exists()
    if not published:
        publish("1", today, today=today)


def _accept(unit: Unit, visit: Visit) -> None:
    with reading(unit.handler):
        shown = agreements.current(visit.today)
        if unit.handler.id is not None and agreements.acceptance(unit.handler.id, shown.id):
            return
    agreement.accept(
        shown.number,
        shown.digest,
        by=unit.handler,
        today=visit.today,
        now=visit.now,
        address=visit.address,
        agent=visit.agent,
        key=Key.fresh(),
    )
