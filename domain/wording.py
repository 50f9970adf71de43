"""Text as people enter it: one normal form, bounded, and judged for having any content.

Source: requirements.md, "Text" – what must not be empty is judged after NFC and trimming, and is not 无, 略,
punctuation or a repetition of one character.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, StringConstraints

from domain import refusals

EMPTY_WORDS: Final = ("无", "略", "没有", "暂无", "不详", "同上")
EMPTY_TEXT: Final = re.compile(f"(?:{'|'.join(EMPTY_WORDS)})*")
EMPTY_CHARACTERS: Final = frozenset("".join(EMPTY_WORDS))
# Letters by their class that show nothing.
FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
# What is not text: controls (Cc) but for tab and line feed, unpaired surrogates (Cs), changes of the writing direction.
NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean(value: str) -> str:
    """Give the text in NFC, trimmed; control and unpaired surrogate characters are not text.

    Raises: ValueError, in Chinese.
    """
    text = unicodedata.normalize("NFC", value).strip()
    # Most texts are printable through and through, which is found out much faster; a line feed alone is not.
    found = NO_TEXT.search(text) if not text.isprintable() else None
    if found is None:
        return text
    turned = unicodedata.category(found[0]) == "Cf"
    told = "是改变书写方向的控制符，不能使用" if turned else "不是可用的文字"
    raise ValueError(f"第 {found.start() + 1} 个字符{told}")


def is_blank(value: str | None) -> bool:
    """Tell whether a text says nothing."""
    text = unicodedata.normalize("NFC", value or "").strip()
    substance: list[str] = []
    known: set[str] = set()
    for char in text:
        if unicodedata.category(char)[0] in "PSZCM" or char in FILLERS:
            continue
        substance.append(char)
        known.add(char)
        if len(known) > 1 and not known <= EMPTY_CHARACTERS:
            # Neither one character repeated nor made of the empty words, whatever follows.
            return False
    if re.fullmatch(EMPTY_TEXT, "".join(substance)):
        return True
    return len(substance) > 1 and len(known) == 1


def require(value: str | None, *, what: str, requirement: str, pointer: str) -> str:
    """Give the text back, or refuse because it says nothing.

    Raises: TextMissing with the requirement and the place.
    """
    if value is None or is_blank(value):
        raise refusals.TextMissing(f"缺少：{what}。", requirement=requirement, pointer=pointer)
    return value


class PersonalData(refusals.Refusal):
    """内容含有公民身份号码、手机号码或电子邮箱，个人信息不记入台账。"""

    requirement = "R-040"
    remedy = "台账不能删改，请去掉个人信息，只写单位、岗位或人数。"


# Nothing personal is shorter than an address of mail with a name, a host and a domain of one letter each.
_SHORTEST: Final = 4
# Digits as they are typed: joined, or in the groups of an identity card and of a telephone number.
_GAP: Final = r"[\s\-\u2010-\u2015.·]?"
PERSONAL: Final = (
    ("公民身份号码", re.compile(rf"(?<![0-9])[0-9]{{6}}{_GAP}[0-9]{{8}}{_GAP}[0-9]{{3}}[0-9Xx](?![0-9])")),
    ("手机号码", re.compile(rf"(?<![0-9])1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])")),
    ("手机号码", re.compile(rf"(?<![0-9])86{_GAP}1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])")),
    ("电子邮箱", re.compile(r"[0-9A-Za-z._%+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")),
)


def without_personal_data(value: str, *, pointer: str, requirement: str = "") -> str:
    """Give the text back, or refuse because it holds what names a private person.

    Full-width digits and signs are judged as their plain forms. What was refused is not repeated in the refusal.
    Raises: PersonalData with the requirement (R-040 unless another is given) and the place.
    """
    plain = "".join(
        char for char in unicodedata.normalize("NFKC", value) if unicodedata.category(char) != "Cf"
    )
    for name, pattern in PERSONAL:
        if pattern.search(plain):
            raise PersonalData(f"含有{name}。", requirement=requirement, pointer=pointer)
    return value


# Ids and hashes are made by the system and say nothing of anybody; a link's figures are its site's own.
_OPAQUE: Final = re.compile(r"[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|https?://\S+")
# In any text of a command, where an office's own long numbers are at home: a mobile number is one that was given out and
# that is not the tail of a reference ("XM-13520240012", "编号13520240012"); an identity number has its date and check digit.
_MOBILE: Final = re.compile(
    r"(?<![0-9A-Z_/#\-])(?<!No)(?<!编号)(?<!文号)(?<!字号)(?<!序号)(?<!单号)(?:86[\s\-]?)?"
    r"1(?:3[0-9]|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])"
    rf"{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?![0-9])"
)
_IDENTITY: Final = re.compile(
    rf"(?<![0-9])([1-9][0-9]{{5}}){_GAP}((?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"
    rf"{_GAP}([0-9]{{3}}[0-9Xx])(?![0-9])"
)
_EMAIL: Final = re.compile(r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z._%+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+")
# GB 11643: the weights of the first seventeen digits, and the check digit by the remainder of their sum.
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"


def personal_data(value: str) -> str:
    """Tell what of a private person a text of a command holds, by its kind; empty where there is none."""
    if _OPAQUE.fullmatch(value):
        return ""
    plain = value if value.isascii() else unicodedata.normalize("NFKC", value)
    if not plain.isprintable():
        plain = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    if "@" in plain and _EMAIL.search(plain):
        return "电子邮箱"
    if _MOBILE.search(plain):
        return "手机号码"
    if any(_checks("".join(found.groups())) for found in _IDENTITY.finditer(plain)):
        return "公民身份号码"
    return ""


def _checks(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[-1].upper() == _CHECK[total % 11]


def without_personal_data_anywhere(said: Any, *, pointer: str = "") -> None:
    """Refuse a command, given as plain values, that holds personal data in any text, at whatever depth (R-040).

    Raises: PersonalData with the place; what was refused is not repeated.
    """
    if isinstance(said, str):
        if len(said) > _SHORTEST and (found := personal_data(said)):
            raise PersonalData(f"含有{found}。", pointer=pointer)
    elif isinstance(said, Mapping):
        for name, each in said.items():
            without_personal_data_anywhere(each, pointer=f"{pointer}/{name}")
    elif isinstance(said, list | tuple | set | frozenset):
        for place, each in enumerate(said):
            without_personal_data_anywhere(each, pointer=f"{pointer}/{place}")


def tidy(value: Any) -> Any:
    """Clean what is a text before its limits are applied, for cleaning may lengthen or empty it."""
    return clean(value) if isinstance(value, str) else value


Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z][0-9A-Za-z._:-]*$")]
CodeOrNone = Annotated[str, StringConstraints(max_length=64, pattern=r"^([0-9A-Za-z][0-9A-Za-z._:-]*)?$")]
Name = Annotated[str, BeforeValidator(tidy), StringConstraints(min_length=1, max_length=100)]
Line = Annotated[str, BeforeValidator(tidy), StringConstraints(max_length=200)]
Prose = Annotated[str, BeforeValidator(tidy), StringConstraints(max_length=5000)]
Link = Annotated[str, BeforeValidator(tidy), StringConstraints(max_length=500)]
