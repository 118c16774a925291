"""Why a file is not read, in words that tell its owner what to do."""

from __future__ import annotations

from dataclasses import replace

from hpf.kernel import Refusal, Refused

_SAVE_AS = "请用Excel或WPS打开文件，“另存为”Excel工作簿（*.xlsx）后重新上传"
_COPY = "请把名册内容复制到从本网厅下载的模板中，保存后重新上传"

_REMEDIES: dict[str, tuple[str, str]] = {
    "FILE-UNREADABLE": ("文件不能读取", "请核对文件的位置和读取权限"),
    "FILE-EMPTY": ("文件是空的", "请确认选对了文件后重新上传"),
    "FILE-TOO-LARGE": ("文件过大", "请删除图片、多余的工作表，或分成几个文件上传"),
    "FILE-NOT-WORKBOOK": ("文件不是Excel工作簿", "请使用从本网厅下载的模板填写，保存为Excel工作簿（*.xlsx）后上传"),
    "FILE-NOT-DOCUMENT": ("文件不是Word文档", "请使用Word文档（*.docx）、Markdown或纯文本文件"),
    "FILE-OTHER-FORMAT": ("暂不接收这种格式的表格文件", _SAVE_AS),
    "FILE-PASSWORD": ("文件设有打开密码", "请在Excel或WPS中取消打开密码，保存后重新上传"),
    "FILE-MACROS": ("文件含有宏或控件", "请“另存为”不含宏的Excel工作簿（*.xlsx）后重新上传"),
    "FILE-BOMB": ("文件展开后过大", _COPY),
    "FILE-NESTED": ("文件中嵌有其他文件", "请删除表中嵌入的附件、对象后重新上传"),
    "FILE-ENTITIES": ("文件含有不允许的文档类型定义", _COPY),
    "FILE-DAMAGED": ("文件已损坏，不能读取", "请用Excel或WPS打开文件，确认内容完整后重新保存并上传"),
    "FILE-FORMULA": ("表格中有公式", "请复制全部内容，用“选择性粘贴—数值”粘贴回原处，保存后重新上传"),
    "FILE-FAR-CELL": ("表格中有离名册很远的单元格", "请删除该处内容（选中整行或整列后删除），保存后重新上传"),
    "FILE-TOO-WIDE": ("表格列数过多", _COPY),
    "FILE-TOO-MANY-ROWS": ("表格行数过多", "请分成几个文件，分批上传"),
    "FILE-NO-ROWS": ("表格中没有内容", "请确认名册填在文件的第一张工作表中，保存后重新上传"),
    "FILE-TOO-HEAVY": ("读取文件所需的内存超出限制", _COPY),
    "FILE-TOO-SLOW": ("读取文件所需的时间超出限制", _COPY),
}

FILE_CODES: dict[str, str] = {code: what for code, (what, _) in _REMEDIES.items()}
"""Every code with which a file is refused, and its meaning in one line."""


_DOCUMENT_REMEDY = "请用Word或WPS打开，“另存为”Word文档（*.docx）或纯文本（*.txt），删除宏、嵌入的对象后重试"


def of_document(refused: Refused) -> Refused:
    """The same refusal in words for a text document, where those for a table would mislead."""
    return Refused(replace(one, remedy=_DOCUMENT_REMEDY, where="") for one in refused.refusals)


def unreadable(code: str, why: str = "") -> Refused:
    """The refusal of a whole file, ready to be raised; ``why`` is the fact that was found."""
    what, remedy = _REMEDIES[code]
    return Refused(Refusal(code=code, what=what, why=why, remedy=remedy, where="上传的文件"))
