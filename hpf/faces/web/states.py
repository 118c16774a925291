"""One word and one colour for every state, everywhere.

The word is the state's own label; the colour stands here: what waits for somebody (待…) is amber, what is done (已…) is
green, what came back or cannot be done is cinnabar, the rest is grey. A state without an entry is a bug and says so.
"""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import NamedTuple

from django.db.models import Choices

from hpf.access_restriction.rules import AppealState, Standing
from hpf.account_opening.models import Verdict
from hpf.casework.models import CaseState, PreparedState
from hpf.casework.review import ReviewState
from hpf.channels.hours import TimetableStanding
from hpf.channels.rules import ClosureStanding
from hpf.employer_registration.models import ApplicationState
from hpf.hall_access.models import GrantState
from hpf.inquiries.rules import InquiryState
from hpf.kernel import Severity
from hpf.messaging.models import DraftState as MessageState
from hpf.notices.models import DeliveryState
from hpf.publications.rules import AnnouncementState, DraftState
from hpf.registry.codes import AccountState, UnitState
from hpf.treasury.rules import LineState


class Tone(StrEnum):
    """The class of a tag in ``hall.css``; the plain one is grey."""

    DONE = "ok"
    WAITING = "wait"
    STOPPED = "no"
    PLAIN = ""


class Access(StrEnum):
    """How a handler's access to the hall stands."""

    TO_HAND_OUT = "待发放密码"
    INITIAL = "已发放密码，待首次登录"
    OPEN = "已开通"
    LOCKED = "已锁定"
    SUSPENDED = "已中止"
    ENDED = "已终止"


class NoticeState(StrEnum):
    """How the notice of a month stands that still waits, though no money is to come by it any more."""

    OVER = "通知单已过期"


State = (
    CaseState
    | NoticeState
    | PreparedState
    | UnitState
    | AccountState
    | Severity
    | Verdict
    | LineState
    | Access
    | ReviewState
    | ApplicationState
    | DraftState
    | TimetableStanding
    | ClosureStanding
    | InquiryState
    | Standing
    | AppealState
    | GrantState
    | DeliveryState
    | MessageState
    | AnnouncementState
)

# By type first: members of two code lists may carry the same code.
TONES: dict[type[Enum], dict[State, Tone]] = {
    CaseState: {
        CaseState.CHECKING: Tone.PLAIN,
        CaseState.READY: Tone.WAITING,
        CaseState.WORKING: Tone.PLAIN,
        CaseState.DONE: Tone.DONE,
        CaseState.AWAITING_PAYMENT: Tone.WAITING,
        CaseState.AWAITING_REST: Tone.WAITING,
        CaseState.BOOKED: Tone.DONE,
        CaseState.WITHDRAWN: Tone.PLAIN,
        CaseState.LAPSED: Tone.PLAIN,
        CaseState.REFUSED: Tone.STOPPED,
    },
    PreparedState: {
        PreparedState.WAITING: Tone.WAITING,
        PreparedState.APPROVED: Tone.DONE,
        PreparedState.RETURNED: Tone.STOPPED,
        PreparedState.WITHDRAWN: Tone.PLAIN,
    },
    NoticeState: {NoticeState.OVER: Tone.STOPPED},
    UnitState: {
        UnitState.ACTIVE: Tone.DONE,
        UnitState.OPENED: Tone.PLAIN,
        UnitState.DEFERRED: Tone.WAITING,
        UnitState.CLOSED: Tone.PLAIN,
        UnitState.SEALED: Tone.PLAIN,
    },
    AccountState: {
        AccountState.ACTIVE: Tone.DONE,
        AccountState.SEALED: Tone.PLAIN,
        AccountState.MERGED: Tone.PLAIN,
        AccountState.MOVED_OUT: Tone.PLAIN,
        AccountState.WITHDRAWN: Tone.PLAIN,
    },
    Severity: {
        Severity.REFUSED: Tone.STOPPED,
        Severity.MEND: Tone.WAITING,
        Severity.CHECK: Tone.WAITING,
    },
    Verdict: {
        Verdict.GOOD: Tone.DONE,
        Verdict.CHECK: Tone.WAITING,
        Verdict.MEND: Tone.WAITING,
        Verdict.REFUSED: Tone.STOPPED,
    },
    LineState: {
        LineState.MATCHED: Tone.PLAIN,
        LineState.BOOKED: Tone.DONE,
        LineState.SHORT: Tone.PLAIN,
        LineState.COUNTED: Tone.WAITING,
        LineState.UNALLOCATED: Tone.DONE,
        LineState.UNIDENTIFIED: Tone.WAITING,
        LineState.ASSIGNED: Tone.DONE,
        LineState.REPEATED: Tone.PLAIN,
        LineState.OUTGOING: Tone.PLAIN,
        LineState.TAKEN_BACK: Tone.STOPPED,
        LineState.OFFSET: Tone.DONE,
        LineState.REVERSED: Tone.STOPPED,
    },
    Access: {
        Access.TO_HAND_OUT: Tone.WAITING,
        Access.INITIAL: Tone.WAITING,
        Access.OPEN: Tone.DONE,
        Access.LOCKED: Tone.STOPPED,
        Access.SUSPENDED: Tone.STOPPED,
        Access.ENDED: Tone.PLAIN,
    },
    ReviewState: {
        ReviewState.PENDING: Tone.WAITING,
        ReviewState.APPROVED: Tone.DONE,
        ReviewState.RETURNED: Tone.WAITING,
        ReviewState.REFUSED: Tone.STOPPED,
        ReviewState.WITHDRAWN: Tone.PLAIN,
    },
    ApplicationState: {
        ApplicationState.PREFILLED: Tone.PLAIN,
        ApplicationState.ACCEPTED: Tone.PLAIN,
        ApplicationState.UNDER_REVIEW: Tone.WAITING,
        ApplicationState.REGISTERED: Tone.DONE,
        ApplicationState.RETURNED: Tone.WAITING,
        ApplicationState.REFUSED: Tone.STOPPED,
        ApplicationState.WITHDRAWN: Tone.PLAIN,
    },
    DraftState: {
        DraftState.WRITING: Tone.PLAIN,
        DraftState.SUBMITTED: Tone.WAITING,
        DraftState.PUBLISHED: Tone.DONE,
        DraftState.DROPPED: Tone.PLAIN,
    },
    AnnouncementState: {
        AnnouncementState.WAITING: Tone.WAITING,
        AnnouncementState.SHOWN: Tone.PLAIN,
        AnnouncementState.REPLACED: Tone.PLAIN,
        AnnouncementState.TAKEN_DOWN: Tone.PLAIN,
        AnnouncementState.DROPPED: Tone.PLAIN,
    },
    MessageState: {
        MessageState.SUBMITTED: Tone.WAITING,
        MessageState.PUBLISHED: Tone.DONE,
        MessageState.RETURNED: Tone.STOPPED,
        MessageState.REFUSED: Tone.STOPPED,
    },
    DeliveryState: {
        DeliveryState.TAKEN_OUT: Tone.PLAIN,
        DeliveryState.WAITING: Tone.WAITING,
        DeliveryState.SENDING: Tone.PLAIN,
        DeliveryState.SENT: Tone.DONE,
        DeliveryState.DELIVERED: Tone.DONE,
        DeliveryState.FAILED: Tone.STOPPED,
        DeliveryState.EXPIRED: Tone.STOPPED,
        DeliveryState.UNCLEAR: Tone.STOPPED,
        DeliveryState.UNREACHABLE: Tone.STOPPED,
        DeliveryState.UNREAD: Tone.PLAIN,
        DeliveryState.READ: Tone.DONE,
        DeliveryState.UNCONFIRMED: Tone.WAITING,
        DeliveryState.CONFIRMED: Tone.DONE,
        DeliveryState.SHOWN: Tone.PLAIN,
        DeliveryState.UNPRINTED: Tone.WAITING,
        DeliveryState.PRINTED: Tone.WAITING,
        DeliveryState.POSTED: Tone.DONE,
    },
    Standing: {
        Standing.PROPOSED: Tone.WAITING,
        Standing.REFUSED: Tone.PLAIN,
        Standing.WITHDRAWN: Tone.PLAIN,
        Standing.COMING: Tone.WAITING,
        Standing.IN_FORCE: Tone.STOPPED,
        Standing.EXPIRED: Tone.PLAIN,
        Standing.LIFTED: Tone.DONE,
    },
    AppealState: {
        AppealState.OPEN: Tone.WAITING,
        AppealState.UPHELD: Tone.DONE,
        AppealState.REJECTED: Tone.PLAIN,
    },
    TimetableStanding: {
        TimetableStanding.PROPOSED: Tone.WAITING,
        TimetableStanding.LATE: Tone.PLAIN,
        TimetableStanding.REFUSED: Tone.PLAIN,
        TimetableStanding.ANNOUNCED: Tone.DONE,
        TimetableStanding.IN_FORCE: Tone.DONE,
        TimetableStanding.REPLACED: Tone.PLAIN,
    },
    ClosureStanding: {
        ClosureStanding.PROPOSED: Tone.WAITING,
        ClosureStanding.LATE: Tone.PLAIN,
        ClosureStanding.REFUSED: Tone.PLAIN,
        ClosureStanding.ANNOUNCED: Tone.DONE,
        ClosureStanding.IN_FORCE: Tone.STOPPED,
        ClosureStanding.OVER: Tone.PLAIN,
        ClosureStanding.LIFTED: Tone.DONE,
        ClosureStanding.CALLED_OFF: Tone.PLAIN,
    },
    GrantState: {
        GrantState.PROPOSED: Tone.WAITING,
        GrantState.GRANTED: Tone.DONE,
        GrantState.REFUSED: Tone.STOPPED,
        GrantState.ENDED: Tone.PLAIN,
    },
    InquiryState: {InquiryState.OPEN: Tone.WAITING, InquiryState.ANSWERED: Tone.DONE},
}


_LABELLED = LineState | ReviewState | DraftState | InquiryState | AppealState | AnnouncementState


class Tag(NamedTuple):
    label: str
    tone: Tone


def tag_of(state: State) -> Tag:
    """The word and colour of a state. Raises ``KeyError`` for one without an entry."""
    label = state.label if isinstance(state, Choices | _LABELLED) else state.value
    return Tag(str(label), TONES[type(state)][state])
