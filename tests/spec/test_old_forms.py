"""Old ways of writing a number or a date: whatever can mean only one thing is read, everything else is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import numbers, old_forms

DIGITS = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
codes = st.text(st.sampled_from("运政办发芮晋甘函字纪总工会"), min_size=2, max_size=8)
years = st.integers(1950, 2099)
brackets = st.sampled_from([*["〔〕", "［］", "[]", "（）", "()", "【】"]])
dates = st.dates(date(1950, 1, 1), date(2099, 12, 31))


def in_chinese(number: int, *, twenty: str = "二十", thirty: str = "三十") -> str:
    tens, ones = divmod(number, 10)
    return ("", "十", twenty, thirty)[tens] + (DIGITS[ones] if ones else "")


@given(codes, years, st.integers(1, 99999), brackets, st.data())
def test_r098_a_lawful_number_in_any_old_form_reads_to_the_same_strict_one(code, year, count, pair, data):
    """Brackets, 第, zero padding, width and spaces are only ways of writing."""
    strict = f"{code}〔{year}〕{count}号"
    first, second = data.draw(st.sampled_from([("", ""), ("第", ""), ("", "第"), ("第", "第")]))
    padded = str(count).zfill(data.draw(st.integers(1, 5)))
    written = f"{code}{first}{pair[0]}{year}{pair[1]}{second}{padded}号"
    if data.draw(st.booleans()):
        written = f"{pair[0]}{year}{pair[1]}{code}{second}{padded}号"
    if data.draw(st.booleans()):
        written = written.translate(FULL_WIDTH)
    if data.draw(st.booleans()):
        written = f" {written[:3]} {written[3:]}\u3000"
    assert old_forms.number(written) == strict
    assert numbers.NUMBERED.fullmatch(strict)


@given(st.integers(1, 99), st.data())
def test_r098_an_issue_in_any_old_form_reads_to_the_same(count, data):
    """第N期, padded, wide, or in Chinese figures."""
    tens, ones = divmod(count, 10)
    chinese = (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones] if ones else "")
    figure = data.draw(st.sampled_from([str(count), f"0{count}", str(count).translate(FULL_WIDTH), chinese]))
    assert old_forms.number(f"第{figure}期") == f"第{count}期"


@given(dates, st.data())
def test_r098_a_date_in_any_old_form_reads_to_the_same_day(day, data):
    """Western with every separator and width, Chinese with every zero."""
    zero = data.draw(st.sampled_from("○〇零"))
    year = "".join(DIGITS[int(digit)] for digit in str(day.year)).replace("零", zero)
    month = data.draw(
        st.sampled_from([in_chinese(day.month), "元" if day.month == 1 else in_chinese(day.month)])
    )
    twenty, thirty = data.draw(st.sampled_from([("二十", "三十"), ("廿", "卅")]))
    forms = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02d}月{day.day:02d}日",
        f"{day.year}.{day.month}.{day.day}",
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{year}年{month}月{in_chinese(day.day, twenty=twenty, thirty=thirty)}日",
    ]
    written = data.draw(st.sampled_from(forms))
    if data.draw(st.booleans()):
        written = written.translate(FULL_WIDTH)
    assert old_forms.day(written) == day


@given(st.text(st.sampled_from("〔〕[]()第期号字年月日.-/ ０12○〇零一二十廿元运政办")))
def test_r098_whatever_is_read_is_strict_and_everything_else_is_not_read(text):
    """No other exception, and never a loose result."""
    try:
        strict = old_forms.number(text)
    except old_forms.NotRead:
        pass
    else:
        assert numbers.NUMBERED.fullmatch(strict) or numbers.ISSUE.fullmatch(strict)
        assert old_forms.number(strict) == strict
    try:
        day = old_forms.day(text)
    except old_forms.NotRead:
        pass
    else:
        assert old_forms.day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("甘政办发[2002]17号", "甘政办发〔2002〕17号"),
        ("晋政办发〔２００３〕第２号", "晋政办发〔2003〕2号"),
        ("（2003）运政办字第012号", "运政办字〔2003〕12号"),
        ("运政办发〔二○○三〕66号", "运政办发〔2003〕66号"),
        ("组通字〔2006〕4号", "组通字〔2006〕4号"),
    ],
)
def test_r098_numbers_as_they_were_printed(text, strict):
    """The code stays as printed, a final 字 included."""
    assert old_forms.number(text) == strict


@pytest.mark.parametrize(
    "text",
    [
        "",
        "66号",
        "运政办发〔03〕66号",
        "运政办发[2003)66号",
        "运政办发〔2003〕0号",
        "运政办发〔2003〕六六号",
        "第零期",
    ],
)
def test_r098_a_number_that_may_mean_two_things_is_not_read(text):
    """A short year, crossed brackets, no year, no number."""
    with pytest.raises(old_forms.NotRead):
        old_forms.number(text)


def test_r098_the_date_of_the_province_s_notice_reads():
    """晋政办发〔2003〕2号 prints it with U+25CB."""
    assert old_forms.day("二○○三年一月二十日") == date(2003, 1, 20)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2003年1月",
        "03.1.20",
        "1/20/2003",
        "20.1.2003",
        "2003-1/20",
        "2003年2月30日",
        "二○○三年二月三十日",
        "二○○三年十三月一日",
        "二○○三年正月初一",
        "2003年一月20日",
        "37641",
        "1003年1月1日",
    ],
)
def test_r098_a_date_that_may_mean_two_things_or_none_is_not_read(text):
    """Never guessed."""
    with pytest.raises(old_forms.NotRead):
        old_forms.day(text)
