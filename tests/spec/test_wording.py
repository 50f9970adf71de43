"""Text as people enter it: one normal form, bounded, and judged for having any content."""

import itertools
import re
import unicodedata

import pytest
from pydantic import BaseModel, ValidationError

from domain import meetings, refusals, topics, wording
from tests import builders as b

BLANK = [
    None,
    "",
    " ",
    "\u3000\n\t",
    "无",
    " 无 ",
    "无。",
    "略",
    "（略）",
    "暂无",
    "——",
    "。。。",
    "！？",
    "啊啊",
    "啊 啊 啊",
    "1111",
    "\u200b\u200b",
]


@pytest.mark.parametrize("text", BLANK)
def test_r027_a_text_that_says_nothing_is_blank(text):
    """无, 略, punctuation, blanks, invisible signs or one repeated character say nothing."""
    assert wording.is_blank(text)
    with pytest.raises(refusals.TextMissing) as refused:
        wording.require(text, what="说明", requirement="R-027", pointer="/explanation")
    assert (refused.value.basis, refused.value.pointer) == ("R-027", "/explanation")


def test_r027_a_text_is_judged_by_all_of_it():
    """The judgement that stops early is the one of the definition, for all short texts of telling characters."""

    def says_nothing(text: str) -> bool:
        kept = [each for each in text if unicodedata.category(each)[0] not in "PSZCM"]
        substance = "".join(each for each in kept if each not in wording.FILLERS)
        return bool(re.fullmatch(wording.EMPTY_TEXT, substance)) or len(set(substance)) == 1 < len(substance)

    made = (
        "".join(each) for n in range(5) for each in itertools.product("无没有暂不详甲a。\u3164", repeat=n)
    )
    assert [each for each in made if wording.is_blank(each) != says_nothing(each)] == []


@pytest.mark.parametrize(
    "text", ["无异议", "略有增长", "好", "好。", "3", "同意", "已办", "a1", "无无"[:1] + "故"]
)
def test_r027_a_text_that_says_something_is_kept(text):
    """A short answer is an answer, a full stop behind it takes nothing away."""
    assert not wording.is_blank(text)
    assert wording.require(text, what="说明", requirement="R-027", pointer="/explanation") == text


class Form(BaseModel):
    """A form with one field of each kind of text."""

    name: wording.Name = "名"
    prose: wording.Prose = ""
    code: wording.Code = "a"


def test_r093_equal_texts_have_equal_bytes():
    """Text is composed (NFC) and trimmed when it comes in, so that hashes agree."""
    assert Form(prose=" e\u0301 ").prose == "\u00e9"
    assert Form(prose="　会议　").prose == "会议"


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\ud800", "收\u202e入", "\u2066x"])
def test_r082_control_characters_and_direction_overrides_are_no_text(text):
    """Nothing that hides or turns what is read."""
    with pytest.raises(ValidationError):
        Form(prose=text)
    assert Form(prose="第一行\n第二行").prose == "第一行\n第二行"


@pytest.mark.parametrize("code", ["", "-a", "a b", "a/b", "会议", "a" * 65, "a\n"])
def test_r095_an_id_is_a_plain_bounded_word(code):
    """Ids of subjects, units and persons cannot carry anything else."""
    with pytest.raises(ValidationError):
        Form(code=code)


def test_r093_text_is_bounded():
    """A name and a prose have their longest length."""
    assert Form(name="名" * 100, prose="文" * 5000)
    for long in ({"name": "名" * 101}, {"prose": "文" * 5001}):
        with pytest.raises(ValidationError):
            Form(**long)


def test_r044_what_the_domain_calls_empty_is_refused_wherever_a_reason_is_asked():
    """The same judgement everywhere: here with a topic that is returned."""
    scene = b.given(b.topic(until=b.topics.Status.CONSULTED))
    for text in BLANK[1:]:
        command = b.topics.ReturnTopic(on=b.day(3, 14), reason=text)
        scene.when("GL", command).refused("R-044", refusals.TextMissing)


def test_limits_hold_for_what_is_stored():
    """A text that cleaning lengthens or empties is judged as it will be stored, so what is stored reads back."""
    with pytest.raises(ValidationError):
        topics.Content(title="\ufb2c" * 100, category="C3", summary="内容")
    with pytest.raises(ValidationError):
        meetings.Attendee(category="其他", unit="u", title="   ")
    assert meetings.Attendee(category="其他", unit="u", title=" 局长 ").title == "局长"


@pytest.mark.parametrize("text", ["无\ufe0f", "略\u0301", "\u3164", "无略", "暂无。"])
def test_what_only_looks_like_text_says_nothing(text):
    """Marks, fillers and strings of empty words are no content."""
    assert wording.is_blank(text)


# 110101199003077758, 11010519491231002X and 142701198001010010 have the right check digit; all are made up.
PERSONAL = {
    "联系张三13800138000": "手机号码",
    "手机：138 0013 8000": "手机号码",
    "139-1234-5678": "手机号码",
    "+86 19912345678": "手机号码",
    "1３８００１３８０００": "手机号码",
    "tel13800138000转": "手机号码",
    "1\u200b3800138000": "手机号码",
    "身份证110101199003077758": "公民身份号码",
    "11010519491231002x。": "公民身份号码",
    "142701 19800101 0010": "公民身份号码",
    "worker@example.com.cn": "电子邮箱",
    "请发到 a.b＠c.cn": "电子邮箱",
}
OFFICIAL = [
    "运政办发〔2024〕7号要求2025年4月22日前完成，涉及1200人、12000000元。",
    "来电12351，区号0359-3022222，邮编044600，传真(0359)2023456。",
    "统一社会信用代码1144150000724047XL、91140802MA0GT1234A",
    "项目编号13520240012，流水单号15020240001",
    "XM-13520240012、N13520240012、第№13520240012页",
    "2024-03-12至2025-04-22共406天，编号20250422000113800。",
    "12012345678 14312345678 15412345678",
    "110101199003077759",
    "110101199013077758",
    "6222021234567890123",
    "@所有成员单位",
    "a@b",
    "https://www.example.gov.cn/2025/13800138000.html",
    "0197f3b2-138a-7138-8001-380001234567",
    "13800138000" * 6 + "abcdef",
    "ab13800138000cd13800138000ef1380ab13800138000cd13800138000ef1380",
    "",
]


@pytest.mark.parametrize("text", PERSONAL)
def test_r040_what_names_a_private_person_is_told_by_its_kind(text):
    """Mobile numbers that are given out, identity numbers whose check digit is right, addresses of mail."""
    assert wording.personal_data(text) == PERSONAL[text]


@pytest.mark.parametrize("text", OFFICIAL)
def test_r040_an_offices_own_numbers_are_no_personal_data(text):
    """References, codes, figures, dates and telephones of offices, and what the system itself makes."""
    assert wording.personal_data(text) == ""


def test_r040_no_text_of_any_command_holds_personal_data():
    """The same for a plain text, one in a list, and one deep inside; the place is named, and the text is not repeated."""
    scene = b.given(b.topic(until=b.topics.Status.CONSULTED))
    command = b.topics.ReturnTopic(on=b.day(3, 14), reason="请与张三13800138000联系后再报")
    done = scene.when("GL", command)
    done.refused("R-040", wording.PersonalData)
    assert done.refusal.pointer == "/reason"
    assert "13800138000" not in str(done.refusal)
    for said, pointer in (
        ({"a": [{"b": "x"}, {"b": "a@b.cn"}]}, "/a/1/b"),
        ({"a": ("x", "13800138000")}, "/a/1"),
        ({"a": frozenset({"13800138000"})}, "/a/0"),
    ):
        with pytest.raises(wording.PersonalData) as refused:
            wording.without_personal_data_anywhere(said)
        assert refused.value.pointer == pointer


def test_a_long_text_is_judged_in_proportion_to_its_length():
    """No text makes the search go back over it again and again: the control is that a short one takes the same path."""
    for text in ("a" * 5000 + "@", "1" * 5000, "1 " * 2500, "13800" * 1000, "a@" * 2500):
        assert wording.personal_data(text) == ""
