"""Old ways of writing a document number or a date, read into the strict form, or not read at all.

Source: R-098; conventions.md sections 1 and 5. Reading is tolerant and writing strict; what could mean two things
is never guessed, so that a person looks at the paper again.
"""

import re
import unicodedata
from datetime import date
from typing import Final

from domain.numbers import ISSUE, NUMBERED

# U+25CB and U+3007 look alike and are both printed; typewriters and keyboards gave a letter or a digit.
ZEROS: Final = "○〇◯零0Oo"
DIGITS: Final = {
    **dict.fromkeys(ZEROS, 0),
    **{char: n for n, char in enumerate("一二三四五六七八九", start=1)},
}
TENS: Final = {"十": 10, "廿": 20, "卅": 30}
# Compatibility forms (full width, small) are brought to these by NFKC before anything is matched.
BRACKETS: Final = {"〔": "〕", "[": "]", "(": ")", "【": "】"}
OPENING, CLOSING = (re.escape("".join(each)) for each in (BRACKETS, BRACKETS.values()))
CODE: Final = r"(?P<code>[\u4e00-\u9fff]{2,12}?)"
YEAR: Final = (
    rf"(?P<open>[{OPENING}])(?P<year>[0-9]{{4}}|[{ZEROS}一二三四五六七八九]{{4}})年?(?P<close>[{CLOSING}])"
)
COUNT: Final = r"第?0*(?P<n>[1-9][0-9]{0,4})号"
NUMBER_FORMS: Final = (
    re.compile(rf"{CODE}第?{YEAR}{COUNT}"),
    re.compile(rf"{YEAR}{CODE}{COUNT}"),
)
ISSUE_FORM: Final = re.compile(r"第0*(?P<n>[1-9][0-9]{0,3}|[一二三四五六七八九十]{1,3})期")
WESTERN: Final = (
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日"),
    re.compile(r"(?P<y>[0-9]{4})(?P<sep>[-./])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"),
)
CHINESE: Final = re.compile(
    rf"(?P<y>[{ZEROS}一二三四五六七八九]{{4}})年(?P<m>[元一二三四五六七八九十]{{1,2}})月(?P<d>[一二三四五六七八九十廿卅]{{1,3}})日"
)
FIRST_YEAR, LAST_YEAR = 1949, 2100


class NotRead(ValueError):
    """A text that is no number, or no date, in any form that means only one thing. Its message is Chinese."""


def _plain(text: str) -> str:
    # Spaces are layout: old papers set numbers and dates wide.
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def number(text: str) -> str:
    """Read a document number in an old or a present form into its strict form.

    The 代字 stays as printed, a final 字 included (组通字〔2006〕4号 is a code of its own); brackets, 第, leading zeros
    and width are only ways of writing. Returns: 代字〔YYYY〕N号 or 第N期. Raises: NotRead. Source: R-015, R-098.
    """
    plain = _plain(text)
    issue = ISSUE_FORM.fullmatch(plain)
    if issue:
        strict = f"第{_count(issue['n'], text)}期"
    else:
        match = next((found for form in NUMBER_FORMS if (found := form.fullmatch(plain))), None)
        if match is None or BRACKETS[match["open"]] != match["close"]:
            raise NotRead(f"“{text}”不是可以辨认的发文字号（如“运政办发〔2003〕66号”“第3期”）")
        strict = f"{match['code']}〔{_year(match['year'])}〕{match['n']}号"
    if not (ISSUE.fullmatch(strict) or NUMBERED.fullmatch(strict)):
        raise NotRead(f"“{text}”不是可以辨认的发文字号")
    return strict


def _count(digits: str, text: str) -> int:
    return int(digits) if digits.isascii() else _below_a_hundred(digits, text)


def _year(digits: str) -> int:
    return int("".join(str(DIGITS.get(char, char)) for char in digits))


def day(text: str) -> date:
    """Read a date in an old or a present form: the year first, four digits, all three parts.

    Raises: NotRead where a part is missing, the order is not year, month, day, or there is no such day.
    Source: conventions.md section 5 (二○○三年一月二十日).
    """
    plain = _plain(text)
    western = next((found for form in WESTERN if (found := form.fullmatch(plain))), None)
    chinese = CHINESE.fullmatch(plain)
    if western:
        parts = int(western["y"]), int(western["m"]), int(western["d"])
    elif chinese:
        month = 1 if chinese["m"] == "元" else _below_a_hundred(chinese["m"], text)
        parts = _year(chinese["y"]), month, _below_a_hundred(chinese["d"], text)
    else:
        raise NotRead(
            f"“{text}”不是可以辨认的日期（须有四位年份和月、日，如“2003年1月20日”“二○○三年一月二十日”）"
        )
    return _existing(parts, text)


def _existing(parts: tuple[int, int, int], text: str) -> date:
    try:
        found = date(*parts)
    except ValueError as wrong:
        raise NotRead(f"没有“{text}”这一天") from wrong
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NotRead(f"“{text}”的年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间")
    return found


def _below_a_hundred(digits: str, text: str) -> int:
    # 十, 十二, 二十, 二十三, 廿三: a ten word at most once, a unit after it at most once.
    match = re.fullmatch(r"(?P<tens>[二三四五六七八九]?十|[廿卅])?(?P<ones>[一二三四五六七八九])?", digits)
    if match is None or not digits:
        raise NotRead(f"“{text}”中的“{digits}”不是一个数")
    tens = match["tens"] or ""
    value = TENS[tens[-1]] * DIGITS.get(tens[:-1], 1) if tens else 0
    return value + (DIGITS[match["ones"]] if match["ones"] else 0)
