"""``hpf agreement publish FILE``: take the center's text and hand it over for review in the hall.

Two persons stay two: the command drafts in the name of a publisher and approves nothing.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

from hpf import policy
from hpf.agreement import publishing
from hpf.agreement.files import read_text_file
from hpf.agreement.recognition import structure
from hpf.agreement.rules import Version
from hpf.evidence import Receipt
from hpf.faces.cli.database import database
from hpf.faces.cli.person import member_of_staff
from hpf.kernel import Key, Refusal, Refused
from hpf.registry.clauses import proposed, typed_numbers
from hpf.registry.codes import AgreementDocument, Role
from hpf.storage import sm3

NO_FILE = Refusal("AGREEMENT-NO-FILE", "没有这个文件", remedy="请核对文件名和路径")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help="协议文本：.docx、Markdown或纯文本 / the text: .docx, Markdown or plain"
    )
    parser.add_argument("--by", metavar="USER", help="起草人的工号（发布岗位） / user name of the publisher who drafts")
    parser.add_argument("--number", help="版本号，如2026-1 / number of the version")
    parser.add_argument(
        "--effective", type=date.fromisoformat, metavar="DAY", help="生效日期 / first day in force, 2026-10-01"
    )
    parser.add_argument("--summary", help="变更说明 / what has changed and why")
    parser.add_argument(
        "--binding",
        metavar="CLAUSES",
        help="约束单位的条款的条号，如“2.1、2.2(1)”；不写则按用词推定 / clauses that bind the user",
    )
    parser.add_argument(
        "--loss-confirmed",
        action="store_true",
        help="原文的一半以上确实不再需要 / more than half of the former text is meant to go",
    )
    parser.add_argument(
        "--document",
        choices=[document.value for document in AgreementDocument],
        default=AgreementDocument.AGREEMENT.value,
        help="哪一份文件 / which document",
    )


def run(options: argparse.Namespace) -> int:
    """Say what was understood; with number, day, summary and maker, draft it as a version to be reviewed."""
    if not options.file.is_file():
        raise Refused(NO_FILE)
    found = read_text_file(options.file)
    binding = typed_numbers(options.binding) if options.binding else None
    named = "、".join(proposed(found.text) if binding is None else binding)
    print("\n".join((*found.notes, *structure(found.text), f"约束单位的条款：{named}")))
    given = (options.number, options.effective, options.summary, options.by)
    if None in given:
        print(
            "没有起草：补上--number、--effective、--summary和--by后提交复核 / "
            "nothing drafted: add --number, --effective, --summary and --by"
        )
        return 0
    version = Version(
        AgreementDocument(options.document), options.number, options.effective, options.summary, found.text, binding
    )
    with database():
        whole = "\n".join((options.document, *map(str, given), named, found.text))
        key = Key.of("agreement-file", sm3(whole.encode()).hex())
        receipt = _drafted(version, options, key)
    print(
        f"已起草第{receipt.result['draft_id']}号，请由复核岗位在网厅“待复核”中办理 / "
        "drafted; a reviewer decides in the hall"
    )
    return 0


def _drafted(version: Version, options: argparse.Namespace, key: Key) -> Receipt:
    maker = member_of_staff(options.by, Role.PUBLISHER)
    try:
        return publishing.draft(
            version, loss_confirmed=options.loss_confirmed, by=maker, today=policy.business_day(), key=key
        )
    except Refused as refused:
        raise Refused(_asked(one) if one.where == "loss_confirmed" else one for one in refused.refusals) from None


def _asked(refusal: Refusal) -> Refusal:
    """What the page asks by a box to tick, asked by an option."""
    return replace(refusal, remedy="请核对新文本；确实要改成这样的，请加上--loss-confirmed后重新执行")
