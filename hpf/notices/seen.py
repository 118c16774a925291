"""A text as the eye takes it, and whether it names a site: what goes out by text message must not. Pure."""

from __future__ import annotations

import re
import unicodedata

_DOMAINS = "中国|公司|网络|网址|网站|网店|政务|公益|在线|商城|商标|商店|中文网|集团|企业|机构|组织|信息|招聘|手机|移动"
_SITE = re.compile(
    rf"https?:|://|www\.|[\w-][.。][a-z]{{2,}}|(?:[^\W\d]|\d\d)\.(?:{_DOMAINS})|\w。(?:{_DOMAINS})(?!\w)"
    r"|\d+\.\d+\.\d+\.\d+",
    re.IGNORECASE,
)
"""A browser takes 。 for a dot. Before Chinese words it also ends a sentence, and is a dot only where the word ends."""
_BLANK = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Letters, marks and signs that show nothing: fillers, an empty pattern of Braille, selectors of variants."""


def seen(text: str) -> str:
    """A text as the eye takes it: one form of each letter, and nothing that does not show."""
    shown = _BLANK.sub("", unicodedata.normalize("NFKC", text))
    return "".join(char for char in shown if not unicodedata.category(char).startswith("C")).strip()


def names_a_site(text: str) -> bool:
    """Whether a reader, or his telephone, finds the address of a site in a text.

    >>> names_a_site("登录ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ办理"), names_a_site("第3.2条")
    (True, False)
    """
    return _SITE.search(seen(text)) is not None
