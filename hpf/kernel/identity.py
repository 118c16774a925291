"""Check digits: citizen numbers, social credit codes, payment references. Pure; knows no register."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from operator import mul

_CITIZEN = re.compile(r"^[1-9]\d{5}(18|19|20)\d{2}\d{4}\d{3}[\dX]\Z", re.ASCII)
_FORMER_CITIZEN = re.compile(r"^[1-9]\d{14}\Z", re.ASCII)
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_ZERO = ord("0") * sum(_CITIZEN_WEIGHTS)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_DEPARTMENTS = "123456789ANY"
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def citizen_check_digit(first_17: str) -> str:
    """The check digit of GB 11643-1999 for the first 17 digits."""
    total = sum(map(mul, first_17.encode(), _CITIZEN_WEIGHTS)) - _CITIZEN_ZERO
    return "10X98765432"[total % 11]


def citizen_number_fault(number: str) -> str | None:
    """What is wrong with a citizen number (公民身份号码), in Chinese; ``None`` if nothing is.

    Checks form, check digit and that the birthday exists. The area code is never checked against a list: areas are
    renamed and dissolved, numbers stay. Whether the age is plausible is a rule of its own.
    """
    if len(number) != 18:
        return f"身份证号码应为18位，现为{len(number)}位"
    if not _CITIZEN.match(number):
        return "身份证号码只能由数字组成，末位可为大写X"
    if citizen_check_digit(number[:17]) != number[17]:
        return "身份证号码校验位不符，多为录入错误"
    if citizen_birthday(number) is None:
        return f"身份证号码中的出生日期{number[6:14]}不存在"
    return None


def has_citizen_shape(number: str) -> bool:
    """Whether a number is built like an 18-digit citizen number, its check digit left aside."""
    return bool(_CITIZEN.match(number)) and citizen_birthday(number) is not None


def is_former_citizen_number(number: str) -> bool:
    """Whether this is a citizen number as it was until 1999: 15 digits, with a birthday of the last century."""
    return bool(_FORMER_CITIZEN.match(number)) and _day(f"19{number[6:12]}") is not None


def citizen_birthday(number: str) -> date | None:
    """The birthday inside an 18-digit citizen number, ``None`` if there is no such day."""
    return _day(number[6:14])


@lru_cache(maxsize=65_536)  # the working lives of a roster hold fewer days than people
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def citizen_sex(number: str) -> str:
    """``1`` male, ``2`` female (GB/T 2261.1), from digit 17."""
    return "1" if int(number[16]) % 2 else "2"


def organisation_check_digit(first_8: str) -> str:
    """The check digit of GB 11714-1997 for the first 8 characters."""
    values = (_ORGANISATION_ALPHABET.index(char) for char in first_8)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def credit_code_fault(code: str) -> str | None:
    """What is wrong with a 统一社会信用代码 (GB 32100-2015), in Chinese; ``None`` if nothing is.

    Both check digits are verified: the code's own and that of the organisation code inside it.
    """
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现为{len(code)}位"
    if any(char not in _USCC_ALPHABET for char in code):
        return "统一社会信用代码只用数字和大写字母，且不用字母I、O、S、V、Z"
    if code[0] not in _USCC_DEPARTMENTS or not (code[2:8].isascii() and code[2:8].isdigit()):
        return "统一社会信用代码的登记管理部门或行政区划部分不符"
    total = sum(_USCC_ALPHABET.index(char) * weight for char, weight in zip(code[:17], _USCC_WEIGHTS, strict=True))
    if _USCC_ALPHABET[(31 - total % 31) % 31] != code[17]:
        return "统一社会信用代码末位校验不符，多为录入错误"
    if organisation_check_digit(code[8:16]) != code[16]:
        return "统一社会信用代码中的主体标识码校验不符，多为录入错误"
    return None


def organisation_code(code: str) -> str:
    """The 组织机构代码 of a body: that inside its 统一社会信用代码, or the older code itself."""
    return code[:17][-9:]


def with_check_characters(number: int | str) -> str:
    """A number with its two check digits, ISO 7064 MOD 97-10.

    >>> with_check_characters(794)
    '79444'
    """
    return f"{number}{98 - int(number) * 100 % 97:02d}"


def read_reference(text: str) -> int | None:
    """The number inside a payment reference, ``None`` if the check digits do not hold.

    Tolerates spaces, hyphens and full-width digits.
    """
    digits = re.sub(r"[\s\-－—]+", "", text.translate(_FULL_WIDTH_DIGITS))
    if not digits.isascii() or not digits.isdigit() or not 3 <= len(digits) <= 20 or int(digits) % 97 != 1:
        return None
    return int(digits[:-2])


def mask_identity(number: str) -> str:
    """What a page shows of an identity number; of a short one, so much that its owner knows it again.

    >>> mask_identity("511102199003071235"), mask_identity("E12345678")
    ('511102********1235', 'E1*****78')
    """
    return number[:6] + "*" * (len(number) - 10) + number[-4:] if len(number) > 10 else _ends(number)


def mask_account(number: str) -> str:
    """6222 **** 2222: a bank account with its first and last four digits, in one piece wherever a line ends."""
    return f"{number[:4]}\N{NO-BREAK SPACE}****\N{NO-BREAK SPACE}{number[-4:]}" if len(number) > 8 else "****"


def mask_mobile(number: str) -> str:
    """What a page shows of a mobile number; of what is none, so much that one knows what was typed.

    >>> mask_mobile("13812341234"), mask_mobile("1381234")
    ('138****1234', '1*****4')
    """
    return number[:3] + "****" + number[-4:] if len(number) == 11 else _ends(number)


def _ends(text: str) -> str:
    """The first and the last characters, half of all at most."""
    shown = min(len(text) // 4, 4)
    return text[:shown] + "*" * (len(text) - 2 * shown) + text[len(text) - shown :]
