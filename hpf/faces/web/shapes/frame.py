"""What stands around every page, and the small shapes that many pages share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hpf.channels.hours import Timetable
from hpf.channels.rules import Standing
from hpf.kernel import Refusal


@dataclass(frozen=True, slots=True)
class Center:
    """The center as pages name it; empty only where the database cannot be asked (an error page).

    ``records`` are its registrations as a site of the government, ``privacy`` the address of its privacy statement.
    """

    name: str = ""
    hall: str = "公积金单位网厅"
    hotline: str = ""
    records: tuple[str, ...] = ()
    privacy: str = ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A part of a long form: the names of its inputs in order; those in ``wide`` take the whole width.

    ``readings`` is what its sentences speak of, to be read before one answers.
    """

    title: str
    names: tuple[str, ...]
    wide: tuple[str, ...] = ()
    readings: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class MenuItem:
    """``count`` shows as a figure beside the label when it is not 0."""

    label: str
    href: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class MenuGroup:
    items: tuple[MenuItem, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class HandlerBadge:
    """Who is logged in at the portal, and what he does for the employer. The name is masked by the template.

    ``two_steps``: what is submitted goes to the employer's approver first. ``chooses``: he acts for several employers;
    ``employer`` is ``""`` until he has chosen one.
    """

    employer: str
    unit_account_no: str
    name: str
    user_name: str = ""
    duty: str = "经办人"
    two_steps: bool = False
    chooses: bool = False


@dataclass(frozen=True, slots=True)
class StaffBadge:
    """Who is logged in at the center: ``roles`` as they are said, 柜员、资金."""

    name: str
    branch: str
    roles: str
    user_name: str = ""


@dataclass(frozen=True, slots=True)
class SessionClock:
    """When a session ends: after so many seconds without a click, and at the latest after ``left`` seconds.

    ``keep`` is the address that renews it. ``who`` tells who acts from all others: what was typed comes back to nobody
    else.
    """

    idle: int
    left: int
    keep: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class ClosureNotice:
    """A closure as pages tell it: ``countdown`` until it begins or ends, ``""`` where its end is open."""

    sentence: str
    countdown: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a page.

    ``day`` is the business day, ``demo`` the demonstration mode (banner, business-day control, SMS codes page).
    ``here`` is the page's own address, for the small forms that come back to it. ``said`` tells what was just done,
    ``lost`` that it was not: this page comes first, and leads back.
    ``must_acknowledge``: an important notice waits for the handler, and nothing else opens before. ``unread`` messages
    wait for his employer; ``prompt`` is the latest that waits to be confirmed, 0 if none does. ``closures`` are
    announced or in force, ``notices`` what is said of them on this side, ``watch`` where the page asks again, and
    ``closed`` says why what this page does cannot be done now; more of it stands under the URL name ``closed_more``.
    ``timetables`` say when functions are open, ``hours`` when that of this page is.
    ``watermark`` names who looks at the page, when, and the number of the login. ``help`` leads to the manual.
    """

    center: Center = field(default_factory=Center)
    day: date | None = None
    demo: bool = False
    large: bool = False
    here: str = "/"
    handler: HandlerBadge | None = None
    staff: StaffBadge | None = None
    menu: tuple[MenuGroup, ...] = ()
    said: tuple[str, ...] = ()
    lost: bool = False
    must_acknowledge: bool = False
    unread: int = 0
    prompt: int = 0
    session: SessionClock | None = None
    closures: tuple[Standing, ...] = ()
    notices: tuple[ClosureNotice, ...] = ()
    timetables: tuple[Timetable, ...] = ()
    hours: str = ""
    closed: Refusal | None = None
    closed_more: str = ""
    watch: str = ""
    watermark: str = ""
    help: Link | None = None

    def submits(self, label: str) -> str:
        """What the button says that does ``label``: where another approves it first, that it goes to him."""
        return "提交单位复核" if self.handler and self.handler.two_steps else label


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: ``first``–``last`` of ``total`` rows, and the neighbours' addresses, ``""`` where none is.

    ``total`` is ``None`` where nobody has counted.
    """

    first: int
    last: int
    total: int | None
    previous_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """``state`` is ``done``, ``now``, ``late`` or ``""`` (still to come)."""

    label: str
    note: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure on a card. ``href`` opens the rows behind it."""

    label: str
    value: str
    unit: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A long job: ``done`` of ``total`` rows. ``seconds_left`` is ``None`` while it cannot be told."""

    what: str
    done: int
    total: int
    seconds_left: int | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A paper or a workbook: ``kind`` as people say it (PDF, Excel)."""

    label: str
    href: str
    kind: str
    note: str = ""
