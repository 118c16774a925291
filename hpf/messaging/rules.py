"""What keeps a message, a mail address or a new wording from being taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from hpf.kernel import Refusal
from hpf.notices.places import said_places
from hpf.notices.rendering import placeholders, segments
from hpf.notices.seen import names_a_site, seen
from hpf.notices.templates import OWN_PLACES, Template, Version, Way

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS = 40, 4000, 120
MOST_SEGMENTS, _NAMED = 4, 10
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,24}}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that somebody at the center writes. ``numbers`` of unit accounts choose employers; without them and
    without a branch it is for all."""

    title: str
    text: str
    ways: tuple[Way, ...]
    numbers: tuple[str, ...] = ()
    branch_id: int | None = None

    @property
    def is_for_many(self) -> bool:
        """Whether a second person must see it first."""
        return len(self.numbers) != 1


def typed_numbers(text: str) -> tuple[str, ...]:
    """The numbers of unit accounts in a pasted text, each once, in their order.

    >>> typed_numbers("5111 0000 0214\\n511100000215、511100000214")
    ('511100000214', '511100000215')
    """
    parts = re.split(r"[\n,，、;；\t]+", text)
    return tuple(dict.fromkeys(re.sub(r"\s+", "", part) for part in parts if part.strip()))


NO_NUMBERS = Refusal(
    code="MESSAGE-NUMBERS",
    what="没有填写可以识别的单位账号",
    remedy="请填写单位账号，或清空后选择发给全部单位",
    where="numbers",
)
ANNOUNCED_TO_SOME = Refusal(
    code="MESSAGE-ANNOUNCED-TO-SOME",
    what="只发给选定单位的消息不能作网页公告",
    why="网页公告不需要登录，所有人都能看到",
    remedy="请取消勾选网页公告，或清空单位账号",
    where="ways",
)
NO_BRANCH = Refusal(
    code="MESSAGE-BRANCH",
    what="没有选择发给哪些单位",
    why="管理部不存在或已变更",
    remedy="请选择全部单位，或其中一个管理部的单位",
    where="branch",
)


def ways_off(ways: Sequence[Way]) -> Refusal:
    """Ways by which the center does not send such messages at present."""
    return Refusal(
        code="MESSAGE-WAY-OFF",
        what=f"{'、'.join(way.label for way in ways)}已停发",
        why="中心停发了这种消息的这些送达方式，选了也不会发出",
        remedy="请取消勾选，改用其他送达方式；确须使用的，请发布岗位在消息模板中恢复发送",
        where="ways",
    )


def too_many_texts(most: int) -> Refusal:
    """Somebody has written as many single text messages in a day as one may."""
    return Refusal(
        code="MESSAGE-TEXTS-A-DAY",
        what=f"您今天单独发送的短信已满{most}条",
        why="单独发送的短信不经复核，每人每天有上限，明天0时起重新计数",
        remedy="请改用站内消息或电子邮件；发给多个单位的，填写全部单位账号，经他人复核后发送",
        basis="中心业务规则，工作人员单独发送短信每日上限",
        where="ways",
    )


def unknown_numbers(numbers: Sequence[str]) -> Refusal:
    """Numbers that no unit account has."""
    named = "、".join(numbers[:_NAMED]) + ("等" if len(numbers) > _NAMED else "")
    return Refusal(
        code="MESSAGE-NUMBERS",
        what=f"有{len(numbers)}个单位账号不存在：{named}",
        why="消息只能发给已登记的单位",
        remedy="请逐一核对后再提交",
        where="numbers",
    )


def draft_refusals(draft: Draft) -> list[Refusal]:
    """Everything that keeps a message from being sent."""
    return list(_draft_refusals(draft))


def _draft_refusals(draft: Draft) -> Iterator[Refusal]:
    title = seen(draft.title)
    if not title:
        yield _missing("title", "标题")
    elif len(draft.title) > LONGEST_TITLE:
        yield _too_long("title", "标题", len(draft.title), LONGEST_TITLE)
    if _CONTROL.search(draft.title):
        yield Refusal(
            code="MESSAGE-TITLE-CONTROL",
            what="标题里有换行或其他控制字符",
            why="标题也是邮件的主题，只能是一行文字",
            remedy="请重新输入标题，不要粘贴带格式的内容",
            where="title",
        )
    if Way.SMS in draft.ways and names_a_site(title):
        yield Refusal(
            code="MESSAGE-TITLE-SITE",
            what="标题里有网址",
            why="标题会作为短信发出，带网址的短信容易被当作诈骗，也会被运营商拦截",
            remedy="请去掉网址，把它写入正文，或取消勾选手机短信",
            where="title",
        )
    if not seen(draft.text):
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
    if Way.ANNOUNCEMENT in draft.ways and draft.numbers:
        yield ANNOUNCED_TO_SOME
    if Way.PROMPT in draft.ways and Way.INBOX not in draft.ways:
        yield Refusal(
            code="MESSAGE-PROMPT-ALONE",
            what="登录提示须同时发送站内消息",
            why="经办人确认提示后，还要能在消息中心再次查看",
            remedy="请同时勾选站内消息",
            where="ways",
        )


CODES_WITHIN, MOST_CODES, BETWEEN_CODES, MOST_TRIES = timedelta(hours=1), 5, timedelta(minutes=1), 5
CODE_OVER = Refusal(
    code="MESSAGE-CODE-OVER",
    what="没有可以确认的验证码",
    why="验证码已过期、已用过，或填错次数过多",
    remedy="请重新填写邮箱，获取新的验证码",
    where="code",
)


class Proof(Protocol):
    """A code that went to a mail address."""

    valid_until: datetime
    tries: int
    settled_at: datetime | None


def email_refusals(address: str, present: str, asked: Sequence[datetime], now: datetime) -> list[Refusal]:
    """What keeps a code from being sent to an address; ``asked`` are the codes of the last hour, latest first."""
    found = address_refusals(address)
    if address == present:
        found.append(
            Refusal(
                code="MESSAGE-SAME-ADDRESS",
                what="这个邮箱已经确认过",
                why="现在的邮件就发到这个邮箱",
                remedy="无需再办；要换邮箱的，请填写新的邮箱",
                where="email",
            )
        )
    if wait := _wait(asked, now):
        found.append(
            Refusal(
                code="MESSAGE-CODE-SOON",
                what="验证码发送过于频繁",
                why="一分钟最多发送一次，一小时最多五次",
                remedy=f"请{wait}秒后再试，或使用已收到的验证码",
                where="email",
            )
        )
    return found


def _wait(asked: Sequence[datetime], now: datetime) -> int:
    waits = [asked[0] + BETWEEN_CODES - now] if asked else []
    if len(asked) >= MOST_CODES:
        waits.append(asked[MOST_CODES - 1] + CODES_WITHIN - now)
    return max((int(wait.total_seconds()) + 1 for wait in waits if wait > timedelta()), default=0)


def code_is_open(proof: Proof, now: datetime) -> bool:
    """Whether a code can still be used."""
    return proof.settled_at is None and proof.valid_until > now and proof.tries < MOST_TRIES


def code_wrong(left: int) -> Refusal:
    """A code that is not the one that was sent; ``left`` tries remain."""
    return Refusal(
        code="MESSAGE-CODE-WRONG",
        what="验证码不正确",
        why=f"还可以再试{left}次" if left else "次数已用完",
        remedy="请核对最近一封邮件里的6位数字" if left else "请重新填写邮箱，获取新的验证码",
        where="code",
    )


def masked(address: str) -> str:
    """A mail address as messages name it.

    >>> masked("wang.xiuying@example.com")
    'wa***@example.com'
    """
    name, _, domain = address.partition("@")
    return f"{name[:2]}***@{domain}"


def address_refusals(address: str) -> list[Refusal]:
    """What is wrong with a mail address."""
    if len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return []
    return [
        Refusal(
            code="MESSAGE-ADDRESS",
            what=f"电子邮箱“{address[:60]}”格式不正确",
            why="电子邮箱的形式是“名称@域名”，不含空格和中文标点",
            remedy="请核对后重新填写",
            where="email",
        )
    ]


def wording_refusals(template: Template, version: Version, versions: Sequence[Version], today: date) -> list[Refusal]:
    """What keeps a center's own wording of a template from being published."""
    found = [_does_not_fit(template, fault) for fault in _wording_faults(template, version)]
    found += [_place_missing(where, name) for where, name in _left_out(template, version, today)]
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


def _wording_faults(template: Template, version: Version) -> Iterator[str]:
    if strangers := version.places - set(template.values) - OWN_PLACES:
        yield f"没有这些变量：{'、'.join(f'{{{name}}}' for name in sorted(strangers))}"
    if Way.SMS in template.ways and not version.sms:
        yield "未填写短信内容"
    if set(template.ways) - {Way.SMS} and not (version.title and version.text):
        yield "未填写标题或正文"
    if _CONTROL.search(version.title):
        yield "标题里不能有换行或其他控制字符"
    if template.secret & placeholders(version.title):
        yield "标题里不能有密码或验证码"


def _left_out(template: Template, version: Version, today: date) -> Iterator[tuple[str, str]]:
    """What the program's own wording says and this one leaves out: (field, place)."""
    shipped = template.on(today)
    for where in ("sms", "text"):
        said = getattr(version, where)
        if said:
            for name in sorted(placeholders(getattr(shipped, where)) - OWN_PLACES - placeholders(said)):
                yield where, name


def _does_not_fit(template: Template, fault: str) -> Refusal:
    return Refusal(
        code="TEMPLATE-DOES-NOT-FIT",
        what=f"模板内容与“{template.name}”不符：{fault}",
        why="内容只能使用该模板列明的变量，并写全各送达方式的文字",
        remedy=f"可用的变量：{said_places((*template.values, *sorted(OWN_PLACES)))}",
        where="text",
    )


def _place_missing(where: str, name: str) -> Refusal:
    label = {"sms": "短信内容", "text": "正文"}[where]
    return Refusal(
        code="TEMPLATE-PLACE-MISSING",
        what=f"{label}缺少{said_places([name])}",
        why="缺了它，收到的人不知道说的是哪一笔业务、要做什么",
        remedy=f"请在{label}中写上{{{name}}}",
        where=where,
    )


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
