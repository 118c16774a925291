"""Messages that the walk over all addresses finds at the counter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hpf.kernel import Actor, Key
from hpf.messaging import operations, wordings
from hpf.messaging.rules import Draft
from hpf.notices.messages import Audience, tell
from hpf.notices.models import Delivery
from hpf.notices.templates import Version, Way
from hpf.publications.announcing import Announcing
from hpf.storage import durable, reading
from tests.integration.hall import NOW, TODAY
from tests.office import SYSTEM

CODE = "booking-arrived"


def written(employer_id: int, clerk: Actor, publisher: Actor) -> dict[str, dict[str, object]]:
    """A message for all and a wording that wait for a second person, and a batch of letters that was printed: what the
    addresses about them name."""
    act: dict[str, Any] = {"today": TODAY, "now": NOW}
    draft = Draft("请核对基数", "请核对。", (Way.INBOX,))
    mass = operations.send_message(draft, Announcing(NOW), by=clerk, key=Key.fresh(), **act).result["draft"]
    ours = "{month}{people}人{amount}元已入账"
    wanted = Version(0, TODAY + timedelta(days=1), "{month}入账了", ours, ours)
    wording = wordings.draft_wording(CODE, wanted, by=publisher, key=Key.fresh(), **act).result["draft"]
    values = {"title": "请来取件", "body": "请来取件。"}
    with durable(SYSTEM):
        number = tell("general", values, to=Audience(employer_id), by=SYSTEM, **act, ways=[Way.INBOX])
    timed = act | {"by": clerk, "moment": act["now"]}
    operations.write_letters(number, key=Key.fresh(), **timed)
    with reading(SYSTEM):
        letter = Delivery.objects.get(message_id=number, way=Way.LETTER)
    batch = operations.print_letters([letter.pk], [], key=Key.fresh(), **timed).number
    names: dict[tuple[str, ...], dict[str, object]] = {
        ("counter:mass-message", "counter:mass-decide"): {"draft_id": mass},
        ("counter:wording", "counter:wording-decide"): {"draft_id": wording},
        ("counter:letters-paper", "counter:letters-post"): {"batch": batch},
        ("counter:template", "counter:template-edit", "counter:template-switch"): {"code": CODE},
    }
    return {name: things for group, things in names.items() for name in group}
