"""One of each paper, with figures that can be checked by hand. Nobody and nothing in it exists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

from pypdf import PdfReader

from hpf.kernel import Fen, Month, Rate
from hpf.papers.marks import BEIJING
from hpf.papers.shapes import (
    AgreementCertificate,
    BankAccountShape,
    Box,
    CenterShape,
    CounterSlip,
    HandoverLine,
    HandoverPack,
    Headcount,
    Imprint,
    InitialPasswordLetter,
    Letter,
    LetterBatch,
    MemberStatement,
    Movement,
    Payment,
    PaymentNotice,
    RegistrationForm,
    RemittanceReceipt,
    RemittanceRoster,
    RemittanceSheet,
    RosterLine,
    TerminationForm,
    UnitShape,
)

RARE_NAMES = ("𠮷田𬭎", "龦𪚥", "𡚸𤋮", "阿依古丽·买买提", "阿卜杜热合曼·阿卜杜拉·吐尔逊江")
HOSTILE_NAMES = (
    '#read("house.typ")',
    "$x$ \\ *b* _i_ @cite",
    "</script><img onerror=1>",
    '"}] //',
    "#{1+1}`raw`",
    "= 标题",
)

CENTER = CenterShape("示范市住房公积金管理中心", "12329", address="示范市中心路1号")
IMPRINT = Imprint("TZ2026081000000214", datetime(2026, 8, 10, 9, 12, 33, tzinfo=BEIJING), "陈晓梅")
UNIT = UnitShape("示范建材有限公司", "990100000214")


def yuan(text: str) -> Fen:
    return Fen.from_yuan(text)


NOVEMBER = Month(2026, 11)


def sheet(month: Month = NOVEMBER) -> RemittanceSheet:
    """412,345.60 + 5,760.00 − 2,203.20 = 415,902.40; 214 + 3 − 2 = 215."""
    return RemittanceSheet(
        month=month,
        unit_rate=Rate(800),
        member_rate=Rate(800),
        previous=Headcount(214, yuan("412345.60")),
        added=Headcount(3, yuan("5760")),
        removed=Headcount(2, yuan("2203.20")),
        unit_share=yuan("207951.20"),
        member_share=yuan("207951.20"),
    )


NOTICE = PaymentNotice(
    center=CENTER,
    imprint=IMPRINT,
    unit=UNIT,
    sheets=(sheet(),),
    from_unallocated=Fen(0),
    unallocated_free=yuan("1204"),
    reference="202611000732",
    remittance_note="公积金 2026 1100 0732",
    pay_to=BankAccountShape("示范市住房公积金管理中心", "9905101640000000211", "示范银行示范分行营业部"),
    last_day=date(2026, 11, 15),
    issued_at=datetime(2026, 11, 10, 9, 10, 2, tzinfo=BEIJING),
    received=Fen(0),
    beside=Fen(0),
    handler="陈晓梅",
    basis=("《住房公积金管理条例》（2026年修订）第十九条",),
)

RECEIPT = RemittanceReceipt(
    center=CENTER,
    imprint=replace(IMPRINT, number="HD2026111400000731"),
    unit=UNIT,
    month=Month(2026, 11),
    people=215,
    unit_share=yuan("207951.20"),
    member_share=yuan("207951.20"),
    entry_no="HJ2026111400000731",
    book_date=date(2026, 11, 14),
    reference="202611000732",
    payments=(Payment(UNIT.name, "9906********0018", "F20261114-731", date(2026, 11, 14), yuan("414698.40")),),
    from_unallocated=yuan("1204"),
    unallocated_balance=Fen(0),
    paid_through=Month(2026, 11),
    handler="陈晓梅",
    channel="单位网厅",
)

LETTER = InitialPasswordLetter(
    center=CENTER,
    imprint=replace(IMPRINT, number="MM2026081000000017"),
    unit=UNIT,
    duty="经办人",
    handler="陈晓梅",
    user_name="990100000214",
    password="h7Kq-2mXt-9RwB",
    valid_until=date(2026, 9, 9),
    hall_address="https://hall.example",
)

FORM = RegistrationForm(
    center=CENTER,
    imprint=replace(IMPRINT, number="700000000063"),
    number="700000000063",
    name="𠮷田𬭎（示范）建筑材料及装饰工程有限责任公司第一分公司",
    postcode="614000",
    address="示范市市中区嘉禾大道东段三百二十一号示范广场二号楼十五层甲座",
    legal_representative="阿依古丽·买买提",
    legal_representative_phone="0990-2101234",
    economic_type="有限责任公司",
    industry="信息传输、软件和信息技术服务业",
    affiliation=tuple(Box(label, label == "县") for label in ("中央", "省", "市、地区", "县", "部队", "其他")),
    supervising_department="示范市教育局",
    nature=(
        Box("国家机关,事业单位", False),
        Box("外商投资企业", False),
        Box("民办非企业单位,社会团体", False),
        Box("国有企业", False),
        Box("城镇集体企业", False),
        Box("城镇私营企业及其他城镇企业", True),
        Box("其他", False),
    ),
    declared_member_count=10_000,
    bank_name="示范银行示范分行营业部",
    bank_account="9905101640000000211",
    fund_department=tuple(Box(label, label == "财务") for label in ("财务", "劳资", "人事", "其他")),
    handler="陈晓梅",
    handler_mobile="13900000001",
    personal_rate=Rate(800),
    unit_rate=Rate(850),
    beyond=(
        ("统一社会信用代码", "91511100MA6280003F"),
        ("单位设立日期", "2026年7月20日"),
        ("经办人身份证号码", "990101199003071235"),
        ("首次汇缴年月", "2026年8月"),
        ("发薪日", "每月 10 日"),
        ("办理管理部", "示范市五通桥管理部"),
    ),
    declarations=(
        "本单位已认真阅读并理解《示范市住房公积金管理中心单位公积金缴存网上业务大厅服务协议》内容，并对风险及免责、法律"
        "责任的全部条款予以特别注意，同意《示范市住房公积金管理中心单位公积金缴存网上业务大厅服务协议》所有条款，自愿"
        "申请开通单位网上业务大厅。",
        "本单位承诺遵照《住房公积金管理条例》、本市住房公积金缴存管理办法、相关《公共服务事项（缴存）办事指南》等规定，"
        "及遵照中心网厅服务操作手册进行网厅业务操作，办理职工公积金缴存业务。",
        "本单位承诺办理网厅业务提供完整、真实、合法有效的信息资料和数据，并对自己注册帐号下的任何操作、任何业务办理的"
        "信息、数据、内容等行为引发的一切后果承担责任。",
    ),
)

CERTIFICATE = AgreementCertificate(
    center=CENTER,
    imprint=replace(IMPRINT, number="17"),
    unit=UNIT,
    document="服务协议",
    title="单位网上业务大厅服务协议",
    version="2026-1",
    effective_on=date(2026, 7, 1),
    digest="66c7f0f462eeedd9" * 4,
    handler="陈晓梅",
    accepted_at=datetime(2026, 8, 10, 1, 0, tzinfo=UTC),
    address="203.0.113.7",
    agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
    ended_on=None,
    chapters=(("", ("请审慎阅读各条。",)), ("一、服务内容", ("1.1 贵单位可以登记职工。", '1.2 #read("x") 照印。'))),
)

STATEMENT = MemberStatement(
    center=CENTER,
    imprint=replace(IMPRINT, number="MX2026081000000099"),
    unit=UNIT,
    member_name="𠮷田𬭎",
    document_masked="990101********0019",
    account_no="990100000000017",
    state="正常",
    start=date(2026, 7, 1),
    end=date(2026, 8, 31),
    opening=yuan("12480"),
    movements=(
        Movement(date(2026, 7, 15), "汇缴", Month(2026, 7), yuan("960"), UNIT.name),
        Movement(date(2026, 8, 14), "汇缴", Month(2026, 8), yuan("960"), UNIT.name),
        Movement(date(2026, 8, 20), "部分提取", None, yuan("-3000.01")),
    ),
)

LETTERS = LetterBatch(
    CENTER,
    IMPRINT,
    tuple(
        Letter(
            name, "614000", "乐山市市中区嘉州大道1号", "关于调整缴存基数的通知",
            (("第一段", "第二行"), ("第二段",)), "4711", date(2026, 8, 10), "ab" * 32,
        )
        for name in ("示范建材有限公司", "𠮷田机械有限公司")
    ),
)  # fmt: skip

SLIP = CounterSlip(
    center=CENTER,
    imprint=replace(IMPRINT, number="26081000000031"),
    unit=UNIT,
    title="经办人变更回执",
    facts=(
        ("原经办人", "陈晓梅（138****1234）"),
        ("新经办人", "𠮷田𬭎（139****0001）"),
        ("新用户名", "99010000021402"),
    ),
    notes=("原经办人的用户名已停用。",),
    handled_by="李静",
    done_at=IMPRINT.printed_at,
)

TERMINATION = TerminationForm(
    center=CENTER,
    imprint=IMPRINT,
    number="26081000000041",
    name=UNIT.name,
    postcode="614000",
    address="示范路1号",
    user_name="99010000021401",
    reason='迁往外地 #read("x")',
    responsible="李一",
    filled_by="𠮷田𬭎",
    filled_on=date(2026, 8, 8),
    ended_on=date(2026, 8, 10),
    ended_by="孙桂",
)

_HANDED_ON = HandoverLine("26081000000012", date(2026, 8, 10), "2026年8月汇缴", yuan("6052.62"), "陈晓梅", "待缴款")
PACK = HandoverPack(
    center=CENTER,
    imprint=IMPRINT,
    unit=UNIT,
    lead="您自2026-08-10起担任贵单位的网厅经办人，前任经办人陈晓梅。",
    open_cases=(_HANDED_ON,),
    dues=(("2026年8月汇缴期限", "2026-08-15"),),
    money=(("暂存款余额", "1,204.00 元"),),
    history=(_HANDED_ON, replace(_HANDED_ON, amount=None)),
)


def roster(people: int, names: tuple[str, ...] = ("张三",)) -> RemittanceRoster:
    """A list in which member n has base 6,000.00 and 480.00 on either side."""
    lines = [
        RosterLine(
            account_no=f"9901{number:011d}",
            name=names[number % len(names)],
            document_masked=f"990101********{number % 10_000:04d}",
            base=yuan("6000"),
            unit_share=yuan("480"),
            member_share=yuan("480"),
        )
        for number in range(people)
    ]
    return RemittanceRoster(CENTER, IMPRINT, UNIT, Month(2026, 8), Rate(800), Rate(800), lines, "陈晓梅")


def pages(paper: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(paper)).pages]


def text(paper: bytes) -> str:
    return "\n".join(pages(paper))


def title(paper: bytes) -> str:
    """The first page's text without spaces: titles are set wide."""
    return pages(paper)[0].replace(" ", "")
