"""Markdown of the center's own people as HTML: what is not on the list stays text, and no link leaves the hall.

The list: headings, paragraphs, lists, tables, quotations, emphasis, code, rules, links to addresses of this hall, and
pictures of the manual. HTML is never passed through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_BLOCKS = ("heading", "lheading", "list", "table", "blockquote", "hr", "fence", "code", "paragraph")
_INLINE = ("text", "newline", "escape", "entity", "backticks", "emphasis", "link", "autolink", "image")
_AFTER = ("balance_pairs", "fragments_join", "text_join")
_HIGHEST = 2

Picture = Callable[[str], str]
"""The address of a picture by the name that stands in the text, ``""`` for one that there is not."""


def no_pictures(name: str) -> str:
    """Texts that are written at the counter have none."""
    del name
    return ""


def rendered(text: str, picture: Picture = no_pictures) -> Markup:
    """A text as HTML. Its headings begin at the second level: the page has its own first one.

    >>> rendered("# 一\\n\\n见[指南](/publications/)和[别处](https://example.com/)<b>")
    Markup('<h2>一</h2>\\n<p>见<a href="/publications/">指南</a>和别处（https://example.com/）&lt;b&gt;</p>\\n')
    """
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(int(token.tag[1]), _HIGHEST)}"
        if style := token.attrs.pop("style", ""):  # a table's column: the pages' rules allow no style of its own
            token.attrs["class"] = "num" if "right" in str(style) else ""
        if token.children:
            token.children = _own(token.children, picture)
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704 - made of the list alone


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False})
    return parser.enable([*_BLOCKS, *_INLINE, *_AFTER])


def _own(children: list[Token], picture: Picture) -> list[Token]:
    """Links that lead elsewhere become their words with the address beside; unknown pictures become theirs."""
    found: list[Token] = []
    leaving: list[str] = []
    for child in children:
        if child.type == "link_open":
            href = str(child.attrGet("href") or "")
            leaving.append("" if _is_own(href) else href)
            if leaving[-1]:
                continue
        if child.type == "link_close":
            href = leaving.pop()
            if href:
                found.append(_text("" if child.info == "auto" else f"（{href}）"))
                continue
        found.append(_picture(child, picture) if child.type == "image" else child)
    return found


def _is_own(href: str) -> bool:
    return (href.startswith("/") and not href.startswith(("//", "/\\"))) or href.startswith("#")


def _picture(token: Token, picture: Picture) -> Token:
    address = picture(str(token.attrGet("src") or ""))
    if not address:
        return _text(token.content)
    token.attrSet("src", address)
    token.attrSet("loading", "lazy")
    return token


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
