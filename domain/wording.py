"""Text as people enter it: one normal form, bounded, and judged for having any content.

Source: requirements.md, "Text" – what must not be empty is judged after NFC and trimming, and is not 无, 略,
punctuation or a repetition of one character.
"""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, StringConstraints

from domain import refusals

EMPTY_TEXT: Final = re.compile(r"(?:无|略|没有|暂无|不详|同上)*")
# Letters by their class that show nothing.
FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")


def clean(value: str) -> str:
    """Give the text in NFC, trimmed; control and unpaired surrogate characters are not text.

    Raises: ValueError, in Chinese.
    """
    text = unicodedata.normalize("NFC", value).strip()
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        if category == "Cs" or (category == "Cc" and char not in "\n\t"):
            raise ValueError(f"第 {place + 1} 个字符不是可用的文字")
        if char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
            raise ValueError(f"第 {place + 1} 个字符是改变书写方向的控制符，不能使用")
    return text


def is_blank(value: str | None) -> bool:
    """Tell whether a text says nothing."""
    text = unicodedata.normalize("NFC", value or "").strip()
    substance = "".join(
        char for char in text if unicodedata.category(char)[0] not in "PSZCM" and char not in FILLERS
    )
    if re.fullmatch(EMPTY_TEXT, substance):
        return True
    return len(substance) > 1 and len(set(substance)) == 1


def require(value: str | None, *, what: str, requirement: str, pointer: str) -> str:
    """Give the text back, or refuse because it says nothing.

    Raises: TextMissing with the requirement and the place.
    """
    if value is None or is_blank(value):
        raise refusals.TextMissing(f"缺少：{what}。", requirement=requirement, pointer=pointer)
    return value


def tidy(value: Any) -> Any:
    """Clean what is a text before its limits are applied, for cleaning may lengthen or empty it."""
    return clean(value) if isinstance(value, str) else value


Code = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z][0-9A-Za-z._:-]*$")]
CodeOrNone = Annotated[str, StringConstraints(max_length=64, pattern=r"^([0-9A-Za-z][0-9A-Za-z._:-]*)?$")]
Name = Annotated[str, BeforeValidator(tidy), StringConstraints(min_length=1, max_length=100)]
Line = Annotated[str, BeforeValidator(tidy), StringConstraints(max_length=200)]
Prose = Annotated[str, BeforeValidator(tidy), StringConstraints(max_length=5000)]
Link = Annotated[str, BeforeValidator(tidy), StringConstraints(max_length=500)]
