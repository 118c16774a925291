"""What keeps a message, a mail address or a new wording from being taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hpf.kernel import Refusal
from hpf.notices.rendering import segments
from hpf.notices.templates import Template, Version, Way, version_faults

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS = 40, 4000, 120
MOST_SEGMENTS = 4
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z]{{2,24}}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody at the center writes. Without employer and branch it is for all employers."""

    title: str
    text: str
    ways: tuple[Way, ...]
    employer_id: int | None = None
    branch_id: int | None = None

    @property
    def is_for_many(self) -> bool:
        """Whether a second person must see it first."""
        return self.employer_id is None


def draft_refusals(draft: Draft) -> list[Refusal]:
    """Everything that keeps a message from being sent."""
    return list(_draft_refusals(draft))


def _draft_refusals(draft: Draft) -> Iterator[Refusal]:
    if not draft.title.strip():
        yield _missing("title", "标题")
    elif len(draft.title) > LONGEST_TITLE:
        yield _too_long("title", "标题", len(draft.title), LONGEST_TITLE)
    if not draft.text.strip():
        yield _missing("text", "正文")
    elif len(draft.text) > LONGEST_TEXT:
        yield _too_long("text", "正文", len(draft.text), LONGEST_TEXT)
    if not draft.ways:
        yield Refusal(
            code="MESSAGE-NO-WAY",
            what="未选择送达方式",
            why="消息至少须以一种方式送达",
            remedy="请勾选送达方式",
            basis="单位网上业务大厅服务协议第9.1条",
            where="ways",
        )
    if Way.PROMPT in draft.ways and Way.INBOX not in draft.ways:
        yield Refusal(
            code="MESSAGE-PROMPT-ALONE",
            what="登录提示须同时发送站内消息",
            why="经办人确认提示后，还要能在消息中心再次查看",
            remedy="请同时勾选站内消息",
            where="ways",
        )


def address_refusals(address: str) -> list[Refusal]:
    """What is wrong with a mail address; an empty one takes it back and is right."""
    if not address or (len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address)):
        return []
    return [
        Refusal(
            code="MESSAGE-ADDRESS",
            what=f"电子邮箱“{address[:60]}”格式不正确",
            why="电子邮箱的形式是“名称@域名”，不含空格和中文标点",
            remedy="请核对后重新填写；不需要邮件通知的，可以留空",
            where="email",
        )
    ]


def wording_refusals(template: Template, version: Version, versions: Sequence[Version], today: date) -> list[Refusal]:
    """What keeps a center's own wording of a template from being published."""
    found = [
        Refusal(
            code="TEMPLATE-DOES-NOT-FIT",
            what=f"模板内容与“{template.name}”不符：{fault}",
            why="内容只能使用该模板列明的变量，并写全各送达方式的文字",
            remedy=f"可用的变量：{'、'.join(f'{{{name}}}' for name in (*template.values, 'center', 'hotline'))}",
            where="text",
        )
        for fault in version_faults(template, version)
    ]
    if version.effective_on <= today:
        found.append(
            Refusal(
                code="TEMPLATE-NOT-AHEAD",
                what="生效日期须晚于今天",
                why="已发出的消息按当时的模板留存，不能事后改动",
                remedy="请填写明天或以后的日期",
                where="effective_on",
            )
        )
    if version.sms and (count := segments(version.sms)) > MOST_SEGMENTS:
        found.append(
            Refusal(
                code="TEMPLATE-SMS-LONG",
                what=f"短信内容有{len(version.sms)}个字，按{count}条计费",
                why=f"一条消息最多按{MOST_SEGMENTS}条短信计费",
                remedy="请缩短短信内容，详情写入正文",
                where="sms",
            )
        )
    if any(one.effective_on == version.effective_on for one in versions):
        found.append(
            Refusal(
                code="TEMPLATE-SAME-DAY",
                what="这一天已有一个版本生效",
                why="同一天只能有一个版本",
                remedy="请改用其他生效日期",
                where="effective_on",
            )
        )
    return found


def _missing(where: str, label: str) -> Refusal:
    return Refusal(
        code=f"MESSAGE-{where.upper()}-MISSING",
        what=f"未填写{label}",
        why=f"消息须有{label}",
        remedy=f"请填写{label}",
        where=where,
    )


def _too_long(where: str, label: str, length: int, most: int) -> Refusal:
    return Refusal(
        code=f"MESSAGE-{where.upper()}-LONG",
        what=f"{label}有{length}个字",
        why=f"{label}不超过{most}个字",
        remedy=f"请缩短{label}",
        where=where,
    )
