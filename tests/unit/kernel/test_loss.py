"""What a new text no longer says of the former one."""

from __future__ import annotations

import pytest

from hpf.agreement.queries import demonstration_text
from hpf.kernel.loss import loss
from hpf.registry.codes import AgreementDocument

TEXT = demonstration_text()
PARAGRAPHS = TEXT.split("\n\n")
COUNT = len(PARAGRAPHS)


@pytest.mark.parametrize(
    ("text", "heavy"),
    [
        (TEXT.replace("用户", "单位"), False),
        ("\n\n".join(reversed(PARAGRAPHS)), False),
        ("\n\n".join(PARAGRAPHS[: COUNT * 3 // 4]), False),
        ("\n\n".join(PARAGRAPHS[: COUNT // 4]), True),
        (demonstration_text(AgreementDocument.TWO_STEP), True),
        ("", True),
    ],
    ids=["reworded", "moved", "a quarter cut off", "three quarters cut off", "another document", "nothing"],
)
def test_most_is_gone_where_it_is_cut_off_or_replaced_and_not_where_it_is_moved_or_reworded(
    text: str, heavy: bool
) -> None:
    found = loss(TEXT, text)
    assert found.is_heavy is heavy
    assert 0 <= found.gone <= found.former
    assert not loss("", text).is_heavy
