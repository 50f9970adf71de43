"""Minutes and extracts as plain text: made of facts alone."""

import pytest

from application import minutes_text
from domain import decisions, minutes, refusals, regulation
from domain.meetings import OutcomeKind
from tests import builders as b

CLAUSE = (
    "一、检查高温津贴发放80户（责任单位：芮城县人力资源和社会保障局；配合单位：芮城县总工会；"
    "责任领导：分管人社工作的副县长；完成时限：2025年11月28日；验收标准：检查80户）。"
)


def issued(**change):
    return b.given(b.established(**change))


def test_r065_the_text_tells_time_chair_attendance_and_each_clause():
    """In the words of such papers, with the hash of what was reviewed."""
    scene = issued()
    lines = minutes_text.text(scene.dossier, "M1").splitlines()
    assert lines[:2] == ["芮城县人民政府与芮城县总工会联席会议第1次会议纪要", "芮政办纪〔2025〕4号"]
    assert "时间：2025年4月22日 15:00—16:40" in lines
    assert "主持：县长" in lines
    assert next(line for line in lines if line.startswith("出席：县长、"))
    assert lines[lines.index("会议议定：") + 1] == CLAUSE
    assert lines[-3:] == [
        "2025年4月29日",
        "（此件公开发布）",
        f"内容 SHA-256：{scene.minutes().content_hash}",
    ]


def test_r065_the_text_says_so_where_nothing_was_decided():
    """Minutes are required all the same (A17)."""
    scene = b.given(b.topic(), b.meeting(outcomes={"T1": OutcomeKind.NOT_ADOPTED}))
    scene = scene.play(b.minuted(until=minutes.Status.DRAFTED, clauses=()))
    lines = minutes_text.text(scene.dossier, "M1").splitlines()
    assert "本次会议无议定事项。" in lines
    assert "会议议定：" not in lines
    assert lines[1] == "（送审稿，未编号）"


def test_r065_who_did_not_come_is_not_among_those_present():
    """A substitute is named for whom he sat."""
    substituted = b.meetings.RecordSubstitution(
        on=b.day(4, 16), seat=3, substitute="县人社局副局长", reason="局长赴市开会。"
    )
    scene = b.given(b.topic(), b.meeting(until=b.meetings.Status.MATERIALS_FROZEN)).act("GO", substituted)
    scene = scene.act("GO", b.hold(b.day(4, 22), present=(1, 2, 3, 4, 5, 6, 7)))
    scene = scene.act("GO", b.outcome("C1", OutcomeKind.NOTED, on=b.day(4, 22)))
    present, away = minutes_text._attendance(scene.meeting())
    assert present[2].startswith("县人社局副局长（代")
    assert len(present) == len(scene.meeting().attendees) - len(away)
    assert scene.meeting().attendees[7].title in away


def test_r070_amounts_quantities_and_intervals_are_shown():
    """Amounts are kept in 分 and shown in 元 or 万元."""
    scene = issued(
        deadline=None, long_term=True, report_interval_months=6, amount=120_000_000, quantity="80户"
    )
    said = minutes_text.text(scene.dossier, "M1")
    assert "金额：120万元；数量：80户；完成时限：长期，每6个月汇报一次" in said


def test_r069_an_extract_is_the_clause_as_it_was_issued():
    """With the number and the hash of the minutes; what changed since is told beside it."""
    scene = issued()
    found = minutes_text.extract(scene.dossier, "M1-01")
    assert CLAUSE in found.text
    assert (found.minutes_number, found.minutes_hash) == ("芮政办纪〔2025〕4号", scene.minutes().content_hash)
    assert found.public
    assert "更正" not in found.text
    scene = scene.play(b.decided(until=decisions.Status.IN_PROGRESS)).act("HR", b.extend())
    scene = scene.play(b.extension_granted()).act("GO", b.correct(on=b.day(6, 12)))
    for side, role in b.REVIEWERS.items():
        said = b.review_correction(scene, side, on=b.day(6, 13))
        scene = scene.act(role, said, subject="C1")
    scene = scene.act("GO", b.issue_correction(on=b.day(6, 14)))
    later = minutes_text.extract(scene.dossier, "M1-01")
    assert CLAUSE in later.text
    assert "（已由芮政办函〔2025〕15号更正，现为：检查高温津贴发放85户）" in later.text
    assert "（完成时限已延至2026年3月31日，原时限保留）" in later.text
    assert "（本纪要另有更正：芮政办函〔2025〕15号）" in minutes_text.text(scene.dossier, "M1")


@pytest.mark.parametrize("disclosure", [regulation.Disclosure.CLOSED, regulation.Disclosure.ON_REQUEST])
def test_r017_an_extract_of_closed_minutes_says_that_it_is_not_for_outsiders(disclosure):
    """Whoever may read the pair reads it, and is told."""
    scene = b.given(b.topic(), b.meeting(), b.minuted(disclosure=disclosure))
    found = minutes_text.extract(scene.dossier, "M1-01")
    assert not found.public
    assert f"（{disclosure.value}，不得对外提供）" in found.text
    assert "此件公开发布" not in minutes_text.text(scene.dossier, "M1")


def test_r069_what_is_not_issued_has_no_extract():
    """Nor has what does not exist any text."""
    scene = b.given(b.topic(), b.meeting(), b.minuted(until=minutes.Status.DRAFTED))
    for unknown in ("M1-01", "M9-01"):
        with pytest.raises(refusals.NotFound):
            minutes_text.extract(scene.dossier, unknown)
    with pytest.raises(refusals.NotFound):
        minutes_text.text(scene.dossier, "M9")


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_r069_clauses_are_counted_in_chinese(number, said):
    """As on paper."""
    assert minutes_text.ordinal(number) == said


@pytest.mark.parametrize(
    ("cents", "said"),
    [(0, "0元"), (5, "0.05元"), (100, "1元"), (999_999_99, "999999.99元"), (1_000_000, "1万元")],
)
def test_r070_money_is_exact(cents, said):
    """No rounding."""
    assert minutes_text.money(cents) == said
