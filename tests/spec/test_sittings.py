"""The sitting: the gates of the opening, attendance, outcomes, closing, and what a meeting closes."""

import pytest

from domain import arranging, meetings, minutes, papers, people, refusals, sittings, topics
from domain.meetings import OutcomeKind, Status, Subject
from tests import builders as b


def frozen(*steps, **change):
    return b.given(*(steps or (b.topic(),)), b.meeting(until=Status.MATERIALS_FROZEN, **change))


def held(**change):
    return b.given(b.topic(), b.meeting(until=Status.HELD, **change))


def test_r063_a_prepared_meeting_is_opened():
    """It gets its ordinal, name, year and the version of the rules that judge it."""
    scene = frozen().when("GO", b.hold(b.day(4, 22))).then(meetings.MeetingHeld)
    known = scene.meeting()
    assert (known.ordinal, known.year, known.rule_version) == (1, 2025, "2024")
    assert known.name == "芮城县人民政府与芮城县总工会联席会议"
    scene.when("GO", b.hold(b.day(4, 22))).refused("R-063", refusals.AlreadyDone)
    frozen().when("GO", b.hold(b.day(4, 22)), subject="M9").refused("R-063", refusals.NotFound)


@pytest.mark.parametrize("absent", [b.CHAIR_SEAT, b.UNION_PRINCIPAL_SEAT])
def test_r063_without_the_chair_or_the_unions_principal_it_is_not_opened(absent):
    """Both are present; nobody else is counted."""
    present = tuple(seat for seat in range(1, 9) if seat != absent)
    command = b.hold(b.day(4, 22), present=present)
    frozen().when("GO", command).refused("R-063", sittings.LeadersAbsent)
    few = b.hold(b.day(4, 22), present=(b.CHAIR_SEAT, b.UNION_PRINCIPAL_SEAT))
    frozen().when("GO", few).then(meetings.MeetingHeld)


def test_r063_a_substitute_on_the_chairs_seat_does_not_chair():
    """Who is to chair is set with the arrangement; the union's principal may send a delegate."""

    def substitution(seat):
        return meetings.RecordSubstitution(
            on=b.day(4, 19), seat=seat, substitute="代为出席者", reason="另有公务"
        )

    frozen().when("GO", substitution(b.CHAIR_SEAT)).refused("R-052", arranging.ChairNotALeader)
    replaced = frozen().act("GO", substitution(b.UNION_PRINCIPAL_SEAT))
    replaced.when("GO", b.hold(b.day(4, 22))).then(meetings.MeetingHeld)


def test_r053_whoever_is_present_has_a_seat():
    """A number that is no seat is refused."""
    command = b.hold(b.day(4, 22), present=(1, 6, 9))
    frozen().when("GO", command).refused("R-053", arranging.NoSuchSeat)


@pytest.mark.parametrize(
    ("until", "requirement"),
    [
        (Status.PLANNED, "R-057"),
        (Status.ARRANGING, "R-057"),
        (Status.AGREED, "R-057"),
        (Status.NOTICED, "R-061"),
    ],
)
def test_r061_a_meeting_without_notice_or_frozen_book_is_not_opened(until, requirement):
    """Arrangement, notice and meeting book come first."""
    scene = b.given(b.topic(), b.meeting(until=until))
    scene.when("GO", b.hold(b.day(4, 22))).refused(requirement)


def test_r055_a_meeting_is_opened_on_the_agreed_day():
    """Another day is agreed anew."""
    other = b.hold(b.day(4, 23))
    frozen().when("GO", other).refused("R-055", sittings.OtherDay)


@pytest.mark.parametrize("until", [topics.Status.APPROVED, topics.Status.REPORTED])
def test_r062_a_topic_without_consensus_is_not_opened(until):
    """On the agenda from approval, but deliberated only with confirmed consensus."""
    few = frozen(b.topic(until=until))
    few.when("GO", b.hold(b.day(4, 22))).refused("R-062", sittings.ConsensusMissing)


def test_r062_a_withdrawn_topic_neither_blocks_the_meeting_nor_is_resolved():
    """What its proposer withdrew after the freeze is only recorded as withdrawn."""
    gone = frozen().act("HR", topics.WithdrawTopic(on=b.day(4, 19), reason="问题已解决"))
    scene = gone.when("GO", b.hold(b.day(4, 22))).then(meetings.MeetingHeld)
    resolved = b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22))
    scene.when("GO", resolved).refused("R-064", refusals.WrongState)
    withdrawn = b.outcome("T1", OutcomeKind.WITHDRAWN, on=b.day(4, 22))
    scene.when("GO", withdrawn).then(meetings.OutcomeRecorded)


def test_r093_a_meeting_is_not_opened_before_what_it_rests_on():
    """Book and consensus are no younger than the opening, whenever it is recorded."""
    scene = b.given(b.topic(), b.meeting(until=Status.NOTICED))
    for item in ("C1", "C2", "T1"):
        scene = scene.play(b.material(item, on=b.day(4, 24)))
    late_book = scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 24)))
    command = b.hold(b.day(4, 22), on=b.day(4, 25))
    late_book.when("GO", command).refused("R-093", refusals.BeforeItsBasis)
    scene = frozen(b.topic(until=topics.Status.REPORTED))
    for side, role in b.OFFICES.items():
        scene = scene.act(role, b.confirm(scene.topic(), side, on=b.day(4, 24)))
    scene.when("GO", command).refused("R-093", refusals.BeforeItsBasis)


def test_r093_an_opening_is_not_dated_before_it_took_place():
    """The business date is the day of the opening or later."""
    command = b.hold(b.day(4, 22), on=b.day(4, 21))
    frozen().when("GO", command).refused("R-093", refusals.BeforeItsBasis)
    later = b.hold(b.day(4, 22), on=b.day(4, 25))
    frozen().when("GO", later).then(meetings.MeetingHeld)


def test_r028_unknown_history_keeps_a_meeting_closed():
    """Until both sides declared that there was none, the first meeting is not opened."""
    scene = b.given_nothing(b.registered(), b.staffed, b.adopted, b.with_liaison)
    scene = scene.play(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN))
    scene.when("GO", b.hold(b.day(4, 22))).refused("R-028", sittings.HistoryUnknown)
    scene.play(b.without_history).when("GO", b.hold(b.day(4, 22))).then(meetings.MeetingHeld)


@pytest.mark.parametrize(("agenda", "warnings"), [(("C1", "C2", "T1"), 0), (("C1", "T1"), 1), (("T1",), 2)])
def test_r031_the_yearly_meeting_warns_where_a_briefing_is_absent(agenda, warnings):
    """The first two categories are expected of the yearly meeting, not of a special one."""
    scene = frozen(agenda=agenda).act("GO", b.hold(b.day(4, 22)))
    assert len(scene.meeting().warnings) == warnings
    special = frozen(agenda=agenda, special=True).act("GO", b.hold(b.day(4, 22)))
    assert special.meeting().warnings == ()


def second(*, until=Status.MATERIALS_FROZEN, year=2026, **change):
    explained = change.pop("explained", ("M1-01",))
    return b.meeting("M2", until=until, year=year, agenda=("C1", "C6"), explained=explained, **change)


def test_r008_ordinals_count_by_date_held():
    """The next meeting is the second; the name stays."""
    scene = b.given(b.established(), second(until=Status.HELD))
    assert (scene.meeting("M2").ordinal, scene.meeting("M2").year) == (2, 2026)
    assert scene.meeting("M2").name == scene.meeting().name


def test_r008_a_meeting_before_the_last_one_is_refused():
    """Meetings are recorded in the order in which they were held."""
    early = b.meeting("M2", until=Status.MATERIALS_FROZEN, year=2025, agenda=("C1",))
    scene = b.given(early, b.established(year=2026))
    scene.when("GO", b.hold(b.day(4, 22)), subject="M2").refused("R-008", sittings.OutOfOrder)


# --- attendance, outcomes, closing ------------------------------------------------------------------------------


def attend(*seats, **change):
    present = tuple(meetings.Attendance(seat=seat, presence="principal") for seat in seats)
    return meetings.RecordAttendance(**{"on": b.day(4, 22), "attendance": present, **change})


def test_r063_attendance_is_recorded_by_seat_after_the_opening():
    """Seats exist and are named once."""
    held().when("GO", attend(1, 2, 6)).then(meetings.AttendanceRecorded)
    held().when("GO", attend(1, 1)).refused("R-063", arranging.NoSuchSeat)
    held().when("GO", attend(9)).refused("R-063", arranging.NoSuchSeat)
    frozen().when("GO", attend(1)).refused("R-063", refusals.WrongState)
    early = attend(1, on=b.day(4, 21))
    held().when("GO", early).refused("R-093", refusals.BeforeItsBasis)


def close(hour=16, minute=40, **change):
    body = {"on": b.day(4, 22), "closed_at": b.moment(b.day(4, 22), hour, minute)}
    return meetings.CloseSitting(**{**body, **change})


def test_r063_a_sitting_is_closed_after_its_opening():
    """It ends no earlier than it began and no later than its business date; a correction says why."""
    scene = held().when("GO", close()).then(meetings.SittingClosed)
    scene.when("GO", close()).refused("R-063", refusals.TextMissing)
    scene.when("GO", close(correction="时间误登")).then(meetings.SittingClosed)
    drafted = b.given(b.topic(), b.meeting(), b.minuted(until=minutes.Status.DRAFTED))
    drafted.when("GO", close(correction="时间误登")).refused("R-064", sittings.MinutesAlreadyDrafted)
    held().when("GO", close(14)).refused("R-064", sittings.OutsideSitting)
    tomorrow = close(closed_at=b.moment(b.day(4, 23)))
    held().when("GO", tomorrow).refused("R-064", sittings.OutsideSitting)
    frozen().when("GO", close()).refused("R-063", refusals.WrongState)


def test_r064_a_sitting_does_not_end_before_its_outcomes():
    """An outcome that is recorded lies inside."""
    scene = held().act("GO", b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22)))
    scene.when("GO", close(15, 10)).refused("R-064", sittings.OutsideSitting)


@pytest.mark.parametrize("kind", list(OutcomeKind))
def test_r064_each_item_has_one_outcome(kind):
    """One of seven, for an item of the agenda; a correction, until the minutes are drafted, says why."""
    scene = held().when("UO", b.outcome("C1", kind, on=b.day(4, 22))).then(meetings.OutcomeRecorded)
    again = b.outcome("C1", OutcomeKind.NOTED, on=b.day(4, 22))
    scene.when("GO", again).refused("R-064", refusals.TextMissing)
    corrected = b.outcome("C1", OutcomeKind.NOTED, on=b.day(4, 22), correction="误登")
    assert scene.act("GO", corrected).meeting().outcomes["C1"].outcome is OutcomeKind.NOTED
    strange = b.outcome("C6", kind, on=b.day(4, 22))
    scene.when("GO", strange).refused("R-064", papers.NotOnAgenda)


@pytest.mark.parametrize(("hour", "minute"), [(14, 59), (16, 41), (23, 0)])
def test_r064_an_outcome_outside_the_sitting_is_refused(hour, minute):
    """Its time lies between opening and closing."""
    scene = held().act("GO", close())
    at = b.moment(b.day(4, 22), hour, minute)
    outside = b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22), at=at)
    scene.when("GO", outside).refused("R-064", sittings.OutsideSitting)
    inside = b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22), at=b.moment(b.day(4, 22), 16, 40))
    scene.when("GO", inside).accepted()


def test_r064_while_the_sitting_lasts_an_outcome_is_not_of_tomorrow():
    """An open sitting has no outcome later than its business date."""
    at = b.moment(b.day(4, 23), 9)
    early = b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22), at=at)
    held().when("GO", early).refused("R-064", sittings.OutsideSitting)


def test_r064_an_amended_resolution_says_what_was_amended():
    """A change made by the meeting is written down."""
    bare = b.outcome("T1", OutcomeKind.RESOLVED_AMENDED, on=b.day(4, 22), text="略")
    held().when("GO", bare).refused("R-064", refusals.TextMissing)
    said = b.outcome("T1", OutcomeKind.RESOLVED_AMENDED, on=b.day(4, 22), text="体检增至1200人")
    held().when("GO", said).then(meetings.OutcomeRecorded)


def test_r064_outcomes_are_recorded_until_the_minutes_are_drafted():
    """After the closing they may still be entered, after the draft no more."""
    late = held().act("GO", close()).when("GO", b.outcome("C1", OutcomeKind.NOTED, on=b.day(4, 23)))
    late.refused("R-064", sittings.OutsideSitting)
    at = b.moment(b.day(4, 22), 15, 30)
    command = b.outcome("C1", OutcomeKind.NOTED, on=b.day(4, 23), at=at)
    held().act("GO", close()).when("GO", command).then(meetings.OutcomeRecorded)
    drafted = b.given(b.topic(), b.meeting(), b.minuted(until=b.minutes.Status.DRAFTED))
    drafted.when("GO", command).refused("R-064", sittings.MinutesAlreadyDrafted)


def test_r064_an_outcome_before_the_opening_is_refused():
    """Nothing is decided by a meeting that was not held."""
    command = b.outcome("C1", OutcomeKind.NOTED, on=b.day(4, 22))
    frozen().when("GO", command).refused("R-063", refusals.WrongState)


def test_r064_a_topic_resolved_by_one_meeting_is_not_open_in_another():
    """Two meetings with the same topic do not both deliberate it."""
    scene = b.given(b.topic(), b.meeting())
    again = b.meeting("M2", until=Status.ARRANGING, year=2025, agenda=("C1",))
    scene = scene.play(again)
    command = b.arrange(b.day(4, 22), ("C1", "T1"), on=b.day(4, 10))
    scene.when("GO", command, subject="M2").refused("R-062", arranging.AgendaInvalid)


def test_r062_a_topic_without_outcome_at_one_meeting_is_not_opened_at_another():
    """The first meeting says what it did with it before the next one deliberates it."""
    again = b.meeting("M2", until=Status.NOTICED, agenda=("T1", "C6"))
    scene = b.given(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN, agenda=("T1",)))
    with pytest.raises(b.NotExpected):  # The number of the first notice is taken.
        scene.play(again)
    scene = scene.play(b.meeting("M2", until=Status.AGREED, agenda=("T1", "C6")))
    scene = scene.act("GO", b.notice(number="", number_reason="便函"), subject="M2")
    scene = scene.act("GO", b.hold(b.day(4, 22)))
    scene = scene.act("HR", b.explain("M1/T1", on=b.day(4, 22)), subject="M2")
    scene = scene.play(b.reported(on=b.day(4, 22), subject="M2"))
    for item in ("T1", "C6"):
        scene = scene.play(b.material(item, on=b.day(4, 22), subject="M2"))
    scene = scene.act("GO", b.meetings.FreezeMaterials(on=b.day(4, 22)), subject="M2")
    scene.when("GO", b.hold(b.day(4, 22)), subject="M2").refused("R-062", sittings.ConsensusMissing)
    done = scene.act("GO", b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22)))
    done.when("GO", b.hold(b.day(4, 22)), subject="M2").refused("R-062", sittings.ConsensusMissing)


# --- what a meeting closes --------------------------------------------------------------------------------------


def test_r078_a_later_meeting_closes_a_decision_at_item_six():
    """The meeting resolves it; it takes effect with the minutes."""
    for way in ("terminated", "superseded"):
        scene = b.given(b.established(), second(until=Status.SITTING_CLOSED, closing={"M1-01": way}))
        assert [(each.decision, each.kind) for each in scene.meeting("M2").closures] == [("M1-01", way)]
        assert scene.decision().open


def at_the_second_meeting(kind=OutcomeKind.RESOLVED):
    scene = b.given(b.established(), second(until=Status.HELD))
    return scene.act("GO", b.outcome("C6", kind, on=b.day(4, 22, 2026)), subject="M2")


def test_r078_supervisors_do_not_close_a_decision():
    """Near miss 11: neither both supervisors nor anybody else closes it outside a meeting."""
    scene = b.given(b.established(b.decided(until=b.decisions.Status.IN_PROGRESS)))
    command = b.close_by_meeting("M1-01", on=b.day(1, 12, 2026))
    for role in ("SUPG", "SUPU", "HR", "GL", "UP"):
        scene.when(role, command, subject="M2").refused("R-078", refusals.NotEntitled)
    for role in ("GO", "UO"):
        scene.when(role, command, subject="M2").refused("R-078", sittings.OnlyByMeeting)


def test_r078_only_an_open_decision_of_an_earlier_meeting_is_closed_once():
    """An unknown, a fulfilled, an own or an already closed decision is refused."""
    on = b.day(4, 22, 2026)
    scene = at_the_second_meeting()
    unknown = b.close_by_meeting("M1-09", on=on)
    scene.when("GO", unknown, subject="M2").refused("R-078", sittings.OnlyByMeeting)
    command = b.close_by_meeting("M1-01", on=on)
    done = scene.when("UO", command, subject="M2").then(meetings.ClosureResolved)
    done.when("GO", command, subject="M2").refused("R-078", refusals.AlreadyDone)
    fulfilled = b.given(b.established(b.decided()), second(until=Status.HELD, explained=()))
    fulfilled = fulfilled.act("GO", b.outcome("C6", OutcomeKind.RESOLVED, on=on), subject="M2")
    fulfilled.when("GO", command, subject="M2").refused("R-078", sittings.OnlyByMeeting)


@pytest.mark.parametrize("kind", [OutcomeKind.NOTED, OutcomeKind.DEFERRED, OutcomeKind.NOT_ADOPTED])
def test_r078_an_item_that_resolved_nothing_closes_nothing(kind):
    """Closing is an outcome."""
    command = b.close_by_meeting("M1-01", on=b.day(4, 22, 2026))
    at_the_second_meeting(kind).when("GO", command, subject="M2").refused("R-078", sittings.OnlyByMeeting)


def test_r078_another_item_an_item_without_outcome_and_no_reason_close_nothing():
    """Item six or a topic, resolved, with a reason."""
    on = b.day(4, 22, 2026)
    scene = at_the_second_meeting().act("GO", b.outcome("C1", OutcomeKind.RESOLVED, on=on), subject="M2")
    briefing = b.close_by_meeting("M1-01", on=on, item="C1")
    scene.when("GO", briefing, subject="M2").refused("R-078", sittings.OnlyByMeeting)
    bare = b.close_by_meeting("M1-01", on=on, reason="无")
    scene.when("GO", bare, subject="M2").refused("R-078", refusals.TextMissing)
    early = b.close_by_meeting("M1-01", on=b.day(4, 21, 2026))
    scene.when("GO", early, subject="M2").refused("R-093", refusals.BeforeItsBasis)
    open_item = b.given(b.established(), second(until=Status.HELD))
    command = b.close_by_meeting("M1-01", on=on)
    open_item.when("GO", command, subject="M2").refused("R-078", sittings.OnlyByMeeting)


def test_r078_an_earlier_meeting_does_not_close_a_later_ones_decision():
    """A meeting whose minutes are late knows nothing of what the next one decides."""
    early = b.meeting("M1", year=2025, agenda=("C1", "C6"), outcomes={"C6": OutcomeKind.RESOLVED})
    late = b.meeting("M2", year=2026, agenda=("T1", "C6"), explained=("M1/C6",))
    scene = b.given(early, b.topic(year=2026), late, b.minuted("M2", year=2026))
    command = b.close_by_meeting("M2-01", on=b.day(5, 1, 2026))
    scene.when("GO", command, subject="M1").refused("R-078", sittings.OnlyByMeeting)


def test_r078_after_the_draft_nothing_more_is_closed():
    """What the minutes name is what the meeting closed."""
    scene = b.given(b.established(), second(until=Status.SITTING_CLOSED))
    scene = scene.play(b.minuted("M2", until=b.minutes.Status.DRAFTED, year=2026))
    command = b.close_by_meeting("M1-01", on=b.day(5, 2, 2026))
    scene.when("GO", command, subject="M2").refused("R-078", sittings.OnlyByMeeting)


def test_r078_a_closure_recorded_by_mistake_is_retracted_before_the_minutes():
    """The wrong decision does not end because of a slip; after the draft nothing is retracted."""
    retract = meetings.RetractClosure(on=b.day(4, 23, 2026), decision="M1-01", reason="登记有误。")
    scene = b.given(
        b.established(), second(until=Status.SITTING_CLOSED, outcomes={"C6": OutcomeKind.RESOLVED})
    )
    scene.when("GO", retract, subject="M2").refused("R-078", refusals.NotFound)
    closed = scene.act("GO", b.close_by_meeting("M1-01", on=b.day(4, 23, 2026)), subject="M2")
    resolved = b.outcome("C6", OutcomeKind.NOTED, on=b.day(4, 23, 2026), correction="误登")
    closed.when("GO", resolved, subject="M2").refused("R-078", refusals.WrongState)
    scene = closed.when("GO", retract, subject="M2").then(meetings.ClosureRetracted)
    assert scene.meeting("M2").closures == ()


def test_r062_a_topic_changed_since_the_agenda_was_agreed_is_agreed_again():
    """Consent to an agenda is consent to what it is about."""
    scene = b.given(b.topic(until=topics.Status.APPROVED), b.meeting(until=Status.ARRANGING, agenda=("C1",)))
    scene = scene.act("GO", b.arrange(b.day(4, 22), ("C1", "T1"), on=b.day(4, 10)))
    scene = scene.play(b.consented(Subject.ARRANGEMENT, on=b.day(4, 10)))
    other = b.content(title="完全不同的议题")
    scene = scene.act("GL", topics.ReviseTopic(on=b.day(4, 11), content=other))
    scene.when("GO", b.notice()).refused("R-057", arranging.ArrangementNotAgreed)


def test_r053_a_seat_is_what_its_post_and_unit_say():
    """Nobody from the government sits as the union's principal, and nobody on two seats."""
    scene = b.given(b.topic(), b.meeting(until=Status.ARRANGING))
    seats = list(b.seats())
    false = seats[b.UNION_PRINCIPAL_SEAT - 1].model_copy(update={"unit": "gov", "post": "post-GP"})
    for index, seat in ((b.UNION_PRINCIPAL_SEAT - 1, false), (b.CHAIR_SEAT, seats[b.CHAIR_SEAT - 1])):
        changed = [*seats[:index], seat, *seats[index + 1 :]]
        command = meetings.SetAttendees(on=b.day(4, 10), attendees=tuple(changed), reason="另有会议")
        scene.when("GO", command).refused("R-053")


def test_r052_the_chair_holds_office_on_the_day():
    """Whoever left office before the meeting does not chair it."""
    ended = people.EndPost(on=b.day(4, 20), last_day=b.day(4, 20))
    scene = frozen().act("ADMIN", ended, subject="post-GP")
    scene.when("GO", b.hold(b.day(4, 22))).refused("R-052", arranging.ChairNotALeader)
