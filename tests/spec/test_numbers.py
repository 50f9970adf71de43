"""发文字号: one register for each pair."""

import pytest

from domain import meetings, numbers, refusals
from tests import builders as b


def allocate(number, **change):
    return numbers.AllocateDocNumber(**{"on": b.day(4, 14), "number": number, **change})


def void(number, **change):
    return numbers.VoidDocNumber(**{"on": b.day(4, 14), "number": number, "reason": "文件取消", **change})


@pytest.mark.parametrize("number", ["芮政办函〔2025〕9号", "运政办发〔2025〕10086号"])
def test_r015_a_number_of_the_standard_form_is_taken(number):
    """代字, a four-digit year in 〔〕, a number without leading zero."""
    scene = b.given().when("GO", allocate(number)).then(numbers.DocNumberAllocated)
    scene.when("GO", allocate(number)).refused("R-015", numbers.NumberTaken)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "9号",
        "〔2025〕9号",
        "芮政办函[2025]9号",
        "芮政办函（2025）9号",
        "芮政办函〔25〕9号",
        "芮政办函〔2025〕09号",
        "芮政办函〔2025〕0号",
        "芮政办函〔2025〕第9号",
        "芮政办函〔2025〕9号 附件",
        "芮政办函〔2024〕9号",
        "第1期",
    ],
)
def test_r015_any_other_form_another_year_or_an_issue_number_for_a_notice_is_refused(number):
    """Output is strict; only minutes count as 第N期."""
    b.given().when("GO", allocate(number)).refused("R-015", numbers.BadNumber)


def test_r015_one_number_is_not_used_for_two_forms():
    """A full number names its own 代字, so the form makes no difference."""
    scene = b.given().act("GO", allocate("芮政办函〔2025〕9号"))
    scene.when("GO", allocate("芮政办函〔2025〕9号", form="纪要")).refused("R-015", numbers.NumberTaken)


def test_r015_a_voided_number_is_kept_and_never_used_again():
    """A void is recorded with its reason, and the gap stays."""
    scene = b.given().act("GO", allocate("芮政办函〔2025〕9号"))
    scene = scene.when("GO", void("芮政办函〔2025〕9号")).then(numbers.DocNumberVoided)
    scene.when("GO", allocate("芮政办函〔2025〕9号")).refused("R-015", numbers.NumberTaken)
    scene.when("GO", void("芮政办函〔2025〕9号")).refused("R-015", refusals.AlreadyDone)
    agreed = scene.play(b.topic(), b.meeting(until=meetings.Status.AGREED))
    agreed.when("GO", b.notice()).refused("R-015", numbers.NumberTaken)


def test_r015_a_void_needs_a_reason_and_a_number_that_was_taken():
    """Neither a reasonless void nor one of an unknown number is recorded."""
    scene = b.given().act("GO", allocate("芮政办函〔2025〕9号"))
    scene.when("GO", void("芮政办函〔2025〕9号", reason="略")).refused("R-015", refusals.TextMissing)
    scene.when("GO", void("芮政办函〔2025〕8号")).refused("R-015", numbers.NumberNeverUsed)


def test_r015_the_number_of_an_issued_document_is_not_voided():
    """What was printed stands."""
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.NOTICED))
    scene.when("GO", void("芮政办函〔2025〕9号")).refused("R-015", numbers.NumberNeverUsed)


def test_r015_last_years_number_is_voided_in_the_new_year():
    """A number reserved in December and not used may be voided in January."""
    taken = b.given().act("GO", allocate("芮政办函〔2025〕99号", on=b.day(12, 30)))
    command = void("芮政办函〔2025〕99号", on=b.day(1, 5, 2026))
    taken.when("GO", command).then(numbers.DocNumberVoided)


def test_r093_a_number_is_not_voided_before_it_was_taken():
    """A void rests on the allocation."""
    taken = b.given().act("GO", allocate("芮政办函〔2025〕9号"))
    taken.when("GO", void("芮政办函〔2025〕9号", on=b.day(4, 13))).refused("R-093", refusals.BeforeItsBasis)


def test_r015_a_notice_takes_its_number_into_the_register():
    """Issuing and taking the number are one act."""
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.AGREED))
    after = scene.when("GO", b.notice()).then(meetings.NoticeIssued, numbers.DocNumberAllocated)
    (entry,) = after.dossier.register.allocations.values()
    assert (entry.number, entry.document) == ("芮政办函〔2025〕9号", "meeting:M1")


def test_r015_a_reserved_number_is_used_once_for_its_form():
    """A reservation is redeemed by one document."""
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.AGREED))
    reserved = scene.act("GO", allocate("芮政办函〔2025〕9号"))
    after = reserved.when("GO", b.notice()).then(meetings.NoticeIssued, numbers.DocNumberAllocated)
    after.when("GO", allocate("芮政办函〔2025〕9号")).refused("R-015", numbers.NumberTaken)
    otherwise = scene.act("GO", allocate("芮政办函〔2025〕9号", form="纪要"))
    otherwise.when("GO", b.notice()).refused("R-015", numbers.NumberTaken)


def test_r015_minutes_count_by_issue_anew_each_year():
    """第1期 of one year is another number than 第1期 of the next."""
    scene = b.given().act("GO", allocate("第1期", form="纪要"))
    scene.when("GO", allocate("第1期", form="纪要")).refused("R-015", numbers.NumberTaken)
    scene.when("GO", allocate("第1期", form="纪要", on=b.day(1, 5, 2026))).then(numbers.DocNumberAllocated)
