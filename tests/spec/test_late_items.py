"""What comes on the agenda after the freeze: both consents, its own material, a supplementary notice, R-062."""

import pytest

from domain import (
    arranging,
    consent,
    late_items,
    meetings,
    numbers,
    papers,
    preparation,
    refusals,
    sittings,
    topics,
)
from domain.meetings import AttendeeCategory, OutcomeKind, Status, Subject
from domain.regulation import Category
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
DAY = b.day(4, 19)


def frozen(*steps, **topic):
    return b.given(b.topic(), b.topic("T2", **topic), *steps, b.meeting(until=Status.MATERIALS_FROZEN))


def add(item="T2", **change):
    body = {"on": DAY, "item": item, "position": 3, "reason": "议题成熟，情况紧急。"}
    return meetings.AddLateItem(**{**body, **change})


def notice(**change):
    body = {
        "on": b.day(4, 20),
        "recipients": b.RECIPIENTS,
        "number": "芮政办函〔2025〕10号",
        "disclosure": b.regulation.Disclosure.CLOSED,
    }
    return meetings.IssueSupplementaryNotice(**{**body, **change})


def consented(scene, item="T2", sides=(b.GOV, b.UNION)):
    for side in sides:
        digest = scene.meeting().late_items[item].consents.content_hash
        said = meetings.GiveConsent(on=DAY, subject=Subject.LATE_ITEM, side=side, content_hash=digest)
        scene = scene.act(b.OFFICES[side], said)
    return scene


def agreed(scene, command=None):
    command = command or add()
    scene = scene.act("GO", command).play(b.material(command.item, on=DAY))
    return consented(scene, command.item)


@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r061_a_late_item_is_agreed_noticed_and_deliberated(role):
    """The freeze and the arrangement stay as they were; the item stands at its place."""
    scene = frozen()
    before = scene.meeting()
    scene = scene.when(role, add()).then(meetings.LateItemProposed)
    assert scene.meeting().agenda == before.agenda
    scene = scene.when("HR", paper()).then(meetings.MaterialSubmitted)
    scene = consented(scene)
    assert scene.meeting().agenda == before.agenda
    scene = scene.when("GO", notice()).then(meetings.SupplementaryNoticeIssued, numbers.DocNumberAllocated)
    known = scene.meeting()
    assert known.agenda == ("C1", "C2", "T2", "T1")
    assert (known.status, known.arrangement, known.frozen_on, known.notice) == (
        Status.MATERIALS_FROZEN,
        before.arrangement,
        before.frozen_on,
        before.notice,
    )
    scene = scene.act("GO", b.hold(b.day(4, 22)))
    scene = scene.act("GO", b.outcome("T2", OutcomeKind.RESOLVED, on=b.day(4, 22)))
    assert scene.meeting().outcomes["T2"].outcome is OutcomeKind.RESOLVED


def paper(**change):
    body = {"on": DAY, "item": "T2", "unit": "hr", "title": "议题建议报告", "sha256": b.HASH}
    return meetings.SubmitMaterial(**{**body, **change})


def test_r061_before_the_freeze_the_arrangement_itself_is_changed():
    """There is nothing late about an item then."""
    scene = b.given(b.topic(), b.topic("T2"), b.meeting(until=Status.NOTICED))
    scene.when("GO", add()).refused("R-061", late_items.NotFrozenYet)
    early = add(on=b.day(4, 17))
    frozen().when("GO", early).refused("R-093", refusals.BeforeItsBasis)


def test_r061_only_a_late_items_material_passes_the_freeze():
    """And only until both sides agreed to it."""
    scene = frozen()
    scene.when("HR", paper()).refused("R-061", papers.Frozen)
    done = agreed(scene)
    done.when("HR", paper(title="另一份")).refused("R-061", papers.Frozen)
    done.when("HR", paper(item="T1")).refused("R-061", papers.Frozen)


def test_r060_nobody_agrees_to_a_late_item_without_its_material():
    """The material of the side that owes it."""
    scene = frozen().act("GO", add())
    digest = scene.meeting().late_items["T2"].consents.content_hash
    said = meetings.GiveConsent(on=DAY, subject=Subject.LATE_ITEM, side=b.GOV, content_hash=digest)
    scene.when("GO", said).refused("R-060", preparation.LateMaterialMissing)


def test_r061_both_sides_agree_to_one_content_of_a_late_item():
    """Two persons; another paper voids what was given; one side is not enough."""
    scene = frozen(b.one_person_on_both_sides).act("GO", add()).act("HR", paper())
    one = consented(scene, sides=(b.GOV,))
    one.when("GO", notice()).refused("R-061", late_items.NothingToNotice)
    changed = one.when("HR", paper(title="补充材料"))
    scene = changed.then(meetings.MaterialSubmitted, meetings.MeetingConsentVoided)
    assert scene.meeting().late_items["T2"].consents.given == {}
    digest = scene.meeting().late_items["T2"].consents.content_hash
    said = [
        meetings.GiveConsent(on=DAY, subject=Subject.LATE_ITEM, side=side, content_hash=digest)
        for side in (b.GOV, b.UNION)
    ]
    scene = scene.act(b.BOTH, said[0])
    scene.when(b.BOTH, said[1]).refused("R-061", consent.OnePersonForBoth)
    scene.when("UO", said[1]).then(meetings.MeetingConsentGiven, meetings.LateItemAgreed)


def test_r061_another_place_is_another_content():
    """A proposal that is changed is agreed to anew."""
    scene = consented(frozen().act("GO", add()).act("HR", paper()), sides=(b.UNION,))
    scene.when("GO", add()).then()
    moved = scene.when("GO", add(position=4))
    moved.then(meetings.LateItemProposed, meetings.MeetingConsentVoided)
    scene.when("GO", add(position=9)).refused("R-062", arranging.AgendaInvalid)


@pytest.mark.parametrize("nothing", NOTHING)
def test_r061_a_late_item_has_a_reason(nothing):
    """Whoever comes late says why."""
    frozen().when("GO", add(reason=nothing)).refused("R-061", refusals.TextMissing)


def test_r061_what_is_on_the_agenda_is_not_added_again():
    """Neither what was agreed at first nor what came late."""
    frozen().when("GO", add("T1")).refused("R-061", late_items.OnTheAgenda)
    noticed = agreed(frozen()).act("GO", notice())
    noticed.when("GO", add()).refused("R-061", late_items.OnTheAgenda)


def test_r062_a_late_deliberation_is_approved_now_and_has_consensus_at_the_opening():
    """Late is not easier."""
    draft = frozen(until=topics.Status.CONSULTED)
    draft.when("GO", add()).refused("R-062", arranging.AgendaInvalid)
    scene = agreed(frozen(until=topics.Status.REPORTED)).act("GO", notice())
    scene.when("GO", b.hold(b.day(4, 22))).refused("R-062", sittings.ConsensusMissing)


def test_r053_a_late_items_related_units_come_with_it():
    """They are invited, or added in the same proposal, and get the notice."""
    other = {"hr": topics.Role.LEAD, "rights": topics.Role.OTHER, "traffic": topics.Role.OTHER}
    unit = b.people.RegisterUnit(on=b.day(1, 6), name="芮城县交通运输局", side=b.GOV)
    begun = b.given(lambda scene: scene.act("ADMIN", unit, subject="traffic"), b.topic())
    begun = begun.play(b.topic("T2", until=topics.Status.APPROVED, related=other))
    scene = begun.play(b.meeting(until=Status.MATERIALS_FROZEN))
    scene.when("GO", add()).refused("R-053", arranging.AttendeesIncomplete)
    seat = meetings.Attendee(category=AttendeeCategory.DEPARTMENT_HEAD, unit="traffic", title="局长")
    again = meetings.Attendee(
        category=AttendeeCategory.GOVERNMENT_LEADER, unit="gov", title="县长", post="post-GP"
    )
    scene.when("GO", add(attendees=(seat, again))).refused("R-053", arranging.SeatMismatch)
    scene = agreed(scene, add(attendees=(seat,)))
    scene.when("GO", notice()).refused("R-057", arranging.RecipientsIncomplete)
    scene = scene.act("GO", notice(recipients=(*b.RECIPIENTS, "traffic")))
    assert scene.meeting().attendees[-1] == seat
    assert "traffic" in scene.meeting().unacknowledged


def test_r061_the_government_office_issues_the_supplementary_notice():
    """With recipients, disclosure, and a number or a reason; after both consents."""
    scene = agreed(frozen())
    scene.when("UO", notice()).refused("R-061", refusals.NotEntitled)
    scene.when("GO", notice(recipients=())).refused("R-016", arranging.RecipientMissing)
    scene.when("GO", notice(disclosure=None)).refused("R-017", arranging.DisclosureMissing)
    scene.when("GO", notice(number="")).refused("R-057", arranging.NumberOrReason)
    scene.when("GO", notice(number="芮政办函〔2025〕9号")).refused("R-015", numbers.NumberTaken)
    plain = notice(number="", number_reason="便函")
    scene.when("GO", plain).then(meetings.SupplementaryNoticeIssued)
    frozen().when("GO", notice()).refused("R-061", late_items.NothingToNotice)
    after = notice(on=b.day(4, 23))
    scene.when("GO", after).refused("R-093", refusals.BeforeItsBasis)


def test_r061_a_late_item_that_nobody_was_told_of_is_not_on_the_agenda():
    """Agreed is not yet noticed; the meeting opens without it."""
    scene = agreed(frozen()).act("GO", b.hold(b.day(4, 22)))
    done = b.outcome("T2", OutcomeKind.NOTED, on=b.day(4, 22))
    scene.when("GO", done).refused("R-064", papers.NotOnAgenda)


def test_r061_a_late_briefing_is_announced_first():
    """A briefing has its title and side before it is proposed."""
    scene = frozen()
    scene.when("GO", add("C7")).refused("R-062", arranging.AgendaInvalid)
    role, command = b.brief(Category.C7, on=DAY, reason="上级会议刚刚部署。")
    scene = scene.act(role, command)
    scene = agreed(scene, add("C7")).act("GO", notice())
    assert "C7" in scene.meeting().agenda


def test_r059_a_new_date_takes_late_items_back():
    """They are agreed to with the new arrangement, like every other item."""
    scene = agreed(frozen()).act("GO", notice())
    later = meetings.RescheduleMeeting(on=b.day(4, 21), meeting_date=b.day(4, 25), reason="县长赴市参会。")
    scene = scene.act("GO", later)
    assert (scene.meeting().late_items, scene.meeting().agenda) == ({}, ("C1", "C2", "T1"))
