"""A meeting in preparation: briefings, special requests, date, chair, attendees, arrangement, notice, materials."""

import pytest

from domain import arranging, consent, meetings, numbers, papers, preparation, refusals, regulation, topics
from domain.meetings import AttendeeCategory, Status, Subject
from domain.regulation import Category
from tests import builders as b
from tests import rules

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]


def planned(*steps):
    return b.given(*steps, b.meeting(until=Status.PLANNED))


def in_arrangement(*steps):
    return b.given(b.topic(), *steps, b.meeting(until=Status.ARRANGING))


def agreed(*steps, **change):
    return b.given(b.topic(), *steps, b.meeting(until=Status.AGREED, **change))


def noticed():
    return b.given(b.topic(), b.meeting(until=Status.NOTICED))


# --- content ----------------------------------------------------------------------------------------------------


def test_r020_the_government_briefs_on_policies_and_employment():
    """The first category is briefed by the government side, by nobody else."""
    scene = planned()
    role, command = b.brief(Category.C1, on=b.day(4, 9))
    scene.when(role, command).then(meetings.BriefingAdded)
    _, wrong = b.brief(Category.C1, on=b.day(4, 9), side=b.UNION)
    scene.when("UO", wrong).refused("R-020", arranging.ReporterSide)


def test_r021_the_union_briefs_on_its_work():
    """The second category is briefed by the union side, by nobody else."""
    scene = planned()
    role, command = b.brief(Category.C2, on=b.day(4, 9))
    scene.when(role, command).then(meetings.BriefingAdded)
    _, wrong = b.brief(Category.C2, on=b.day(4, 9), side=b.GOV)
    scene.when("GO", wrong).refused("R-021", arranging.ReporterSide)


@pytest.mark.parametrize("category", [Category.C3, Category.C4, Category.C5, Category.C6])
def test_r020_what_is_to_be_deliberated_or_computed_is_no_briefing(category):
    """Deliberations come through topics, the sixth category is computed."""
    role, command = b.brief(category, on=b.day(4, 9))
    planned().when(role, command).refused("R-020", arranging.NotABriefing)


def test_r020_a_briefing_has_a_title_and_is_added_once():
    """An empty title or a second briefing of the same category is refused."""
    scene = planned()
    role, empty = b.brief(Category.C1, on=b.day(4, 9), title="略")
    scene.when(role, empty).refused("R-020", refusals.TextMissing)
    role, command = b.brief(Category.C1, on=b.day(4, 9))
    scene.act(role, command).when(role, command).refused("R-020", refusals.AlreadyDone)


def test_r030_another_matter_is_briefed_with_a_reason():
    """Category seven is a briefing where a reason says so, from either side."""
    scene = planned()
    for nothing in NOTHING:
        _, bare = b.brief(Category.C7, on=b.day(4, 9), reason=nothing)
        scene.when("GO", bare).refused("R-030", refusals.TextMissing)
    _, command = b.brief(Category.C7, on=b.day(4, 9), reason="时效性强，先行通报。", side=b.UNION)
    scene.when("UO", command).then(meetings.BriefingAdded)


# --- date, special meetings -------------------------------------------------------------------------------------


def test_r033_a_date_is_agreed_by_both_sides():
    """A proposal and two consents make a date."""
    propose = meetings.ProposeDate(on=b.day(4, 8), meeting_date=b.day(4, 22))
    scene = planned().when("UO", propose).then(meetings.DateProposed)
    one = scene.when("GO", b.give(scene, Subject.DATE, b.GOV, on=b.day(4, 8)))
    scene = one.then(meetings.MeetingConsentGiven)
    two = scene.when("UO", b.give(scene, Subject.DATE, b.UNION, on=b.day(4, 9)))
    scene = two.then(meetings.MeetingConsentGiven, meetings.DateAgreed)
    scene.when("UO", propose).then()


def test_r033_an_arrangement_before_the_date_is_agreed_is_refused():
    """One side's consent makes no date, and the arrangement keeps to the agreed one."""
    scene = planned().act("GO", meetings.ProposeDate(on=b.day(4, 8), meeting_date=b.day(4, 22)))
    scene = scene.play(b.consented(Subject.DATE, on=b.day(4, 8), sides=[b.GOV]))
    command = b.arrange(b.day(4, 22), ("C6",), on=b.day(4, 10))
    scene.when("GO", command).refused("R-033", preparation.DateNotAgreed)
    other = b.arrange(b.day(4, 23), ("C1", "C2", "T1"), on=b.day(4, 10))
    in_arrangement().when("GO", other).refused("R-033", preparation.DateNotAgreed)


def test_r033_another_date_voids_what_was_agreed():
    """A new date is agreed anew, and so is the arrangement."""
    change = meetings.ProposeDate(on=b.day(4, 11), meeting_date=b.day(4, 23))
    after = agreed().when("UO", change)
    scene = after.then(meetings.DateProposed, meetings.MeetingConsentVoided, meetings.MeetingConsentVoided)
    assert (scene.meeting().status, scene.meeting().date_consents.agreed) == (Status.ARRANGING, False)
    scene.when("GO", b.notice()).refused("R-057", arranging.ArrangementNotAgreed)


def test_r093_a_date_is_not_proposed_for_the_past():
    """A meeting is planned ahead."""
    command = meetings.ProposeDate(on=b.day(4, 8), meeting_date=b.day(4, 7))
    planned().when("GO", command).refused("R-093", refusals.BeforeItsBasis)


def test_r033_one_person_does_not_consent_for_both_sides():
    """The second consent is another person's, of the other side, to the same date."""
    scene = planned(b.one_person_on_both_sides)
    scene = scene.act("GO", meetings.ProposeDate(on=b.day(4, 8), meeting_date=b.day(4, 22)))
    scene = scene.act(b.BOTH, b.give(scene, Subject.DATE, b.GOV, on=b.day(4, 8)))
    second = b.give(scene, Subject.DATE, b.UNION, on=b.day(4, 8))
    scene.when(b.BOTH, second).refused("R-033", consent.OnePersonForBoth)
    scene.when("GO", second).refused("R-033", consent.NotYourSide)
    again = b.give(scene, Subject.DATE, b.GOV, on=b.day(4, 8))
    scene.when("GO", again).refused("R-033", consent.AlreadyConsented)
    stale = second.model_copy(update={"content_hash": b.HASH})
    scene.when("UO", stale).refused("R-033", consent.OtherContent)
    scene.when("UO", second).then(meetings.MeetingConsentGiven, meetings.DateAgreed)


@pytest.mark.parametrize("side", list(b.Side))
def test_r034_either_side_requests_a_special_meeting_with_its_reason(side):
    """A circumstance or a matter, and what it is."""
    for reason in meetings.SpecialReason:
        command = b.request_special(side=side, reason=reason)
        scene = b.given().when(b.OFFICES[side], command).then(meetings.SpecialRequested)
        assert (scene.meeting().requested_by, scene.meeting().status) == (side, Status.REQUESTED)


def test_r034_a_request_without_content_or_for_the_other_side_is_refused():
    """Who asks says why, and asks for himself."""
    for nothing in NOTHING:
        command = b.request_special(text=nothing)
        b.given().when("UO", command).refused("R-034", preparation.SpecialNeedsReason)
    b.given().when("GO", b.request_special()).refused("R-034", consent.NotYourSide)
    asked = b.given().act("UO", b.request_special())
    asked.when("UO", b.request_special()).refused("R-034", refusals.AlreadyDone)
    asked.when("GO", meetings.PlanMeeting(on=b.day(4, 8), year=2025)).refused("R-033", refusals.AlreadyDone)


def consultation(side, **change):
    body = {"on": b.day(4, 7), "side": side, "text": "双方同意召开。"}
    return meetings.RecordPriorConsultation(**{**body, **change})


def test_r035_both_sides_record_the_prior_consultation():
    """A special meeting is consulted on by two persons of two sides."""
    scene = b.given(b.one_person_on_both_sides).act("UO", b.request_special())
    one = scene.when(b.BOTH, consultation(b.UNION)).then(meetings.PriorConsultationRecorded)
    one.when(b.BOTH, consultation(b.GOV)).refused("R-035", consent.OnePersonForBoth)
    one.when("UO", consultation(b.GOV)).refused("R-035", consent.NotYourSide)
    one.when("UO", consultation(b.UNION)).refused("R-035", refusals.AlreadyDone)
    for nothing in NOTHING:
        one.when("GO", consultation(b.GOV, text=nothing)).refused("R-035", refusals.TextMissing)
    two = one.when("GO", consultation(b.GOV)).then(meetings.PriorConsultationRecorded)
    assert two.meeting().status is Status.PRIOR_CONSULTED


def test_r035_a_yearly_meeting_needs_none():
    """Prior consultation belongs to special meetings."""
    planned().when("GO", consultation(b.GOV)).refused("R-035", refusals.WrongState)


@pytest.mark.parametrize("sides", [(), (b.GOV,), (b.UNION,)])
def test_r035_the_notice_of_a_special_meeting_waits_for_both_sides(sides):
    """Without prior consultation of both sides no notice is issued."""
    scene = b.given(b.topic()).act("UO", b.request_special())
    for side in sides:
        scene = scene.act(b.OFFICES[side], consultation(side))
    steps = b.meeting(until=Status.AGREED, special=True)
    with pytest.raises(b.NotExpected):  # It was requested already.
        scene.play(steps)
    scene = arranged_special(scene)
    scene.when("GO", b.notice()).refused("R-035", preparation.NoPriorConsultation)


def arranged_special(scene):
    scene = scene.play(b.dated(b.day(4, 22), on=b.day(4, 8)), b.chaired(on=b.day(4, 9)))
    scene = scene.act("GO", meetings.SetAttendees(on=b.day(4, 9), attendees=b.seats()))
    scene = scene.act("GO", b.arrange(b.day(4, 22), ("T1",), on=b.day(4, 10)))
    return scene.play(b.consented(Subject.ARRANGEMENT, on=b.day(4, 10)))


def test_r035_a_special_meeting_consulted_on_is_noticed_and_held():
    """Order alone is asked: consultation, notice, opening."""
    scene = b.given(b.topic(), b.meeting(special=True))
    assert (scene.meeting().kind, scene.meeting().status) == (meetings.Kind.SPECIAL, Status.SITTING_CLOSED)


def test_r035_a2_days_may_have_to_lie_between_the_consultation_and_the_notice():
    """As many as the pair has adopted, counted from the later of both sides; without, the order alone counts."""
    scene = b.given(b.topic()).play(b.meeting(until=Status.AGREED, special=True))
    scene.when("GO", b.notice(on=b.day(4, 13))).then(meetings.NoticeIssued, numbers.DocNumberAllocated)
    bound = scene.play(rules.under(b.day(4, 11), prior_consultation_min_days=7))
    bound.when("GO", b.notice(on=b.day(4, 13))).refused("R-035", preparation.ConsultedTooLate)
    bound.when("GO", b.notice(on=b.day(4, 11))).accepted()
    bound.when("GO", b.notice(on=b.day(4, 14))).accepted()


def test_r035_a2_the_later_consultation_counts():
    """One side alone has consulted nobody."""
    scene = b.given(b.topic()).act("UO", b.request_special()).act("GO", consultation(b.GOV))
    scene = arranged_special(scene.act("UO", consultation(b.UNION, on=b.day(4, 9))))
    bound = scene.play(rules.under(b.day(4, 11), prior_consultation_min_days=6))
    bound.when("GO", b.notice(on=b.day(4, 14))).refused("R-035", preparation.ConsultedTooLate)
    bound.when("GO", b.notice(on=b.day(4, 15))).accepted()


def test_r035_a2_the_opening_is_judged_by_the_rules_of_its_own_day():
    """What is adopted on the day itself, or between it and its entry, is too late to judge it."""
    scene = b.given(b.topic()).play(b.meeting(until=Status.MATERIALS_FROZEN, special=True))
    held = b.hold(b.day(4, 22), on=b.day(4, 24))
    late = scene.play(rules.under(b.day(4, 22), prior_consultation_min_days=16))
    late.when("GO", held).then(meetings.MeetingHeld)
    bound = scene.play(rules.under(b.day(4, 21), prior_consultation_min_days=16))
    bound.when("GO", held).refused("R-035", preparation.ConsultedTooLate)
    enough = scene.play(rules.under(b.day(4, 21), prior_consultation_min_days=15))
    enough.when("GO", held).then(meetings.MeetingHeld)


def test_r035_a2_a_yearly_meeting_knows_no_such_days():
    """They are for special meetings."""
    scene = b.given(b.topic()).play(b.meeting(until=Status.AGREED))
    scene.play(rules.under(b.day(4, 11), prior_consultation_min_days=60)).when("GO", b.notice()).accepted()


def test_r093_the_notice_does_not_precede_the_prior_consultation():
    """A consultation recorded for a later day than the notice is none before it."""
    scene = arranged_special(b.given(b.topic()).act("UO", b.request_special()))
    for side, role in b.OFFICES.items():
        scene = scene.act(role, consultation(side, on=b.day(4, 15)))
    scene.when("GO", b.notice()).refused("R-093", refusals.BeforeItsBasis)


# --- chair and attendees ----------------------------------------------------------------------------------------


def test_r052_the_head_of_government_chairs_without_a_word():
    """A head of government needs no reason."""
    command = meetings.SetChair(on=b.day(4, 9), post="post-GP")
    scene = planned().when("GO", command).then(meetings.ChairSet)
    assert scene.meeting().chair_is_principal
    scene.when("GO", command).then()


@pytest.mark.parametrize("post", ["post-LEADER", "post-GL"])
def test_r052_another_leader_chairs_with_a_reason(post):
    """Another government leader chairs where it is said why."""
    for nothing in NOTHING:
        bare = meetings.SetChair(on=b.day(4, 9), post=post, reason=nothing)
        planned().when("GO", bare).refused("R-052", arranging.ChairNeedsReason)
    command = meetings.SetChair(on=b.day(4, 9), post=post, reason="县长赴省参会")
    assert not planned().when("GO", command).then(meetings.ChairSet).meeting().chair_is_principal


@pytest.mark.parametrize("post", ["post-GO", "post-UP", "post-UL", "post-HR", "post-SUPG"])
def test_r052_nobody_else_chairs(post):
    """The chair is a government leader, whatever the reason."""
    command = meetings.SetChair(on=b.day(4, 9), post=post, reason="县长赴省参会")
    planned().when("GO", command).refused("R-052", arranging.ChairNotALeader)


def test_r052_the_chair_holds_the_post_on_that_day():
    """An unknown post, or one that ended, chairs nothing."""
    scene = planned()
    unknown = meetings.SetChair(on=b.day(4, 9), post="post-nobody")
    scene.when("GO", unknown).refused("R-052", refusals.NotFound)
    ended = b.people.EndPost(on=b.day(2, 1), last_day=b.day(4, 8))
    gone = scene.act("ADMIN", ended, subject="post-GP")
    command = meetings.SetChair(on=b.day(4, 9), post="post-GP")
    gone.when("GO", command).refused("R-052", refusals.NotFound)


def without(category):
    return tuple(each for each in b.seats() if each.category is not category)


@pytest.mark.parametrize(
    "category",
    [
        AttendeeCategory.GOVERNMENT_LEADER,
        AttendeeCategory.GOVERNMENT_OFFICE_HEAD,
        AttendeeCategory.UNION_PRINCIPAL,
    ],
)
def test_r053_a_list_without_a_required_category_is_refused(category):
    """No reason makes up for a government leader, the office's head or the union's principal."""
    command = meetings.SetAttendees(on=b.day(4, 9), attendees=without(category), reason="另有公务")
    planned().when("GO", command).refused("R-053", arranging.AttendeesIncomplete)


@pytest.mark.parametrize("category", [AttendeeCategory.UNION_LEADER, AttendeeCategory.UNION_DEPARTMENT_HEAD])
def test_r053_the_other_union_categories_are_expected_or_excused(category):
    """They are missing only with a reason."""
    for nothing in NOTHING:
        bare = meetings.SetAttendees(on=b.day(4, 9), attendees=without(category), reason=nothing)
        planned().when("GO", bare).refused("R-053", arranging.AttendeesIncomplete)
    command = meetings.SetAttendees(on=b.day(4, 9), attendees=without(category), reason="职位空缺")
    planned().when("UO", command).then(meetings.AttendeesSet)


def test_r053_attendees_come_from_registered_units():
    """A unit that is not of the pair has no seat."""
    stranger = meetings.Attendee(category=AttendeeCategory.OTHER, unit="nowhere", title="主任")
    command = meetings.SetAttendees(on=b.day(4, 9), attendees=b.seats(stranger))
    planned().when("GO", command).refused("R-053", arranging.AttendeesIncomplete)


@pytest.mark.parametrize(
    ("seat", "change", "pointer"),
    [
        (b.UNION_PRINCIPAL_SEAT, {"unit": "gov", "post": None}, "/attendees/5/unit"),
        (b.UNION_PRINCIPAL_SEAT, {"unit": "rights"}, "/attendees/5/post"),
        (b.UNION_PRINCIPAL_SEAT, {"post": "post-UL"}, "/attendees/5/post"),
        (b.CHAIR_SEAT, {"post": "post-nobody"}, "/attendees/0/post"),
        (b.CHAIR_SEAT + 1, {"unit": "gov", "post": "post-GP"}, "/attendees/1/post"),
    ],
    ids=["other side", "other unit", "other capacity", "no post", "two seats"],
)
def test_r053_each_way_in_which_a_seat_does_not_fit_is_found_by_itself(seat, change, pointer):
    """The refusal points at what does not fit: the unit, or the post."""
    seats = list(b.seats())
    seats[seat - 1] = seats[seat - 1].model_copy(update=change)
    command = meetings.SetAttendees(on=b.day(4, 9), attendees=tuple(seats))
    done = planned().when("GO", command)
    done.refused("R-053", arranging.SeatMismatch)
    assert done.refusal.pointer == pointer


def test_r053_whoever_left_the_post_does_not_sit_by_it():
    """A seat is held by the post of its day."""
    ended = b.people.EndPost(on=b.day(4, 8), last_day=b.day(4, 8))
    scene = planned().act("ADMIN", ended, subject="post-UP")
    command = meetings.SetAttendees(on=b.day(4, 9), attendees=b.seats())
    scene.when("GO", command).refused("R-053", arranging.SeatMismatch)


def test_r053_every_related_unit_of_a_deliberation_is_invited():
    """An arrangement that leaves out a related unit is refused, and so is a notice of one declared since."""
    few = tuple(each for each in b.seats() if each.unit != "fin")
    scene = b.given(b.topic(), b.meeting(until=Status.PLANNED)).play(
        b.dated(b.day(4, 22), on=b.day(4, 8)), b.chaired(on=b.day(4, 9))
    )
    scene = scene.act("GO", meetings.SetAttendees(on=b.day(4, 9), attendees=few))
    command = b.arrange(b.day(4, 22), ("T1",), on=b.day(4, 10))
    scene.when("GO", command).refused("R-053", arranging.AttendeesIncomplete)
    full = scene.act("GO", meetings.SetAttendees(on=b.day(4, 9), attendees=b.seats()))
    full.when("GO", command).then(meetings.ArrangementProposed)


def test_r053_a_unit_declared_since_the_arrangement_is_invited_too():
    """A notice looks at the related units of its own day."""
    scene = b.given(b.topic(until=topics.Status.REPORTED), b.meeting(until=Status.AGREED))
    more = topics.DeclareRelatedUnit(on=b.day(4, 11), unit="office", role=topics.Role.OTHER)
    invited = scene.act("GO", more)
    invited.when("GO", b.notice()).then(meetings.NoticeIssued, numbers.DocNumberAllocated)
    extra = scene.act(
        "ADMIN", b.people.RegisterUnit(on=b.day(1, 6), name="县卫健局", side=b.GOV), subject="health"
    )
    more = topics.DeclareRelatedUnit(on=b.day(4, 11), unit="health", role=topics.Role.OTHER)
    extra.act("GO", more).when("GO", b.notice()).refused("R-053", arranging.AttendeesIncomplete)


def test_r053_the_chair_sits_among_the_government_leaders():
    """The arrangement names the chair's seat."""
    scene = in_arrangement().act(
        "GO", meetings.SetChair(on=b.day(4, 9), post="post-LEADER", reason="县长赴省参会")
    )
    command = b.arrange(b.day(4, 22), ("C1",), on=b.day(4, 10))
    scene.when("GO", command).refused("R-053", arranging.AttendeesIncomplete)


def test_r054_a_substitution_says_why_and_who():
    """Whoever is replaced on an existing seat is replaced by somebody, for a reason."""
    scene = noticed()
    body = {"on": b.day(4, 16), "seat": 4, "substitute": "县财政局副局长", "reason": "局长赴市开会"}
    scene.when("GO", meetings.RecordSubstitution(**body)).then(meetings.SubstitutionRecorded)
    for nothing in NOTHING:
        bare = meetings.RecordSubstitution(**{**body, "reason": nothing})
        scene.when("GO", bare).refused("R-054", refusals.TextMissing)
    nobody = meetings.RecordSubstitution(**{**body, "substitute": "——"})
    scene.when("GO", nobody).refused("R-054", refusals.TextMissing)
    nowhere = meetings.RecordSubstitution(**{**body, "seat": 9})
    scene.when("GO", nowhere).refused("R-054", arranging.NoSuchSeat)


def test_r054_a_new_list_of_attendees_has_no_substitutions_yet():
    """Seats are numbered anew with each list."""
    extra = meetings.Attendee(category=AttendeeCategory.OTHER, unit="gov", title="秘书")
    scene = in_arrangement().act("GO", meetings.SetAttendees(on=b.day(4, 10), attendees=b.seats(extra)))
    replaced = meetings.RecordSubstitution(on=b.day(4, 10), seat=9, substitute="干事", reason="另有公务")
    scene = scene.act("GO", replaced)
    shorter = scene.act("GO", meetings.SetAttendees(on=b.day(4, 11), attendees=b.seats()))
    assert (scene.meeting().substitutions, shorter.meeting().substitutions) == ({9: "干事"}, {})


# --- arrangement ------------------------------------------------------------------------------------------------


def test_r055_both_sides_agree_to_time_place_agenda_and_attendees_together():
    """Two persons of two sides consent to one hash of the four."""
    scene = b.given(b.topic(), b.one_person_on_both_sides, b.meeting(until=Status.ARRANGING))
    one = scene.act(b.BOTH, b.give(scene, Subject.ARRANGEMENT, b.GOV, on=b.day(4, 10)))
    second = b.give(one, Subject.ARRANGEMENT, b.UNION, on=b.day(4, 10))
    two = one.when("UO", second).then(meetings.MeetingConsentGiven, meetings.ArrangementAgreed)
    assert two.meeting().status is Status.AGREED
    assert two.meeting().arrangement_consents.content_hash == two.meeting().arrangement.hash


def test_r055_one_person_does_not_agree_for_both_sides():
    """Near miss 6."""
    scene = b.given(b.topic(), b.one_person_on_both_sides, b.meeting(until=Status.ARRANGING))
    one = scene.act(b.BOTH, b.give(scene, Subject.ARRANGEMENT, b.GOV, on=b.day(4, 10)))
    second = b.give(one, Subject.ARRANGEMENT, b.UNION, on=b.day(4, 10))
    one.when(b.BOTH, second).refused("R-055", consent.OnePersonForBoth)


CHANGES = {
    "place": b.arrange(b.day(4, 22), ("C1", "C2", "T1"), on=b.day(4, 11), place="县政府五楼会议室"),
    "time": b.arrange(b.day(4, 22), ("C1", "C2", "T1"), on=b.day(4, 11), starts_at=b.moment(b.day(4, 22), 9)),
    "agenda": b.arrange(b.day(4, 22), ("T1", "C1", "C2"), on=b.day(4, 11)),
    "attendees": meetings.SetAttendees(
        on=b.day(4, 11),
        attendees=b.seats(meetings.Attendee(category=AttendeeCategory.OTHER, unit="gov", title="秘书")),
    ),
    "chair": meetings.SetChair(on=b.day(4, 11), post="post-LEADER", reason="县长赴省参会"),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_r055_any_change_of_the_four_voids_the_consents(changed):
    """Near miss 7: after a change of room no notice is issued on the old consents."""
    after = agreed().when("GO", CHANGES[changed])
    assert meetings.MeetingConsentVoided in {type(fact) for _, fact in after.facts}
    scene = after.accepted()
    assert scene.meeting().status is Status.ARRANGING
    scene.when("GO", b.notice()).refused("R-057", arranging.ArrangementNotAgreed)


@pytest.mark.parametrize("changed", CHANGES)
def test_r055_a_consent_to_what_stood_before_a_change_is_refused(changed):
    """A consent names the arrangement that stands."""
    scene = in_arrangement()
    stale = b.give(scene, Subject.ARRANGEMENT, b.UNION, on=b.day(4, 12))
    scene.act("GO", CHANGES[changed]).when("UO", stale).refused("R-055", consent.OtherContent)


def test_r055_the_same_arrangement_changes_nothing():
    """Proposing what is agreed voids nothing."""
    agreed().when("GO", b.arrange(b.day(4, 22), ("C1", "C2", "T1"), on=b.day(4, 11))).then()


def test_r055_an_arrangement_has_a_place_and_a_chair():
    """Neither is left open."""
    for nothing in NOTHING:
        command = b.arrange(b.day(4, 22), ("C1",), on=b.day(4, 10), place=nothing)
        in_arrangement().when("GO", command).refused("R-055", refusals.TextMissing)
    scene = planned().play(b.dated(b.day(4, 22), on=b.day(4, 8)))
    command = b.arrange(b.day(4, 22), ("C6",), on=b.day(4, 10))
    scene.when("GO", command).refused("R-052", arranging.ChairNotALeader)


def test_r056_a_preparation_task_has_a_side():
    """A task that says nothing is refused."""
    scene = planned()
    task = meetings.AssignPrepTask(on=b.day(4, 10), task="布置会场", side=b.GOV)
    scene.when("UO", task).then(meetings.PrepTaskAssigned)
    bare = meetings.AssignPrepTask(on=b.day(4, 10), task="略", side=b.GOV)
    scene.when("UO", bare).refused("R-056", refusals.TextMissing)


# --- agenda -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [topics.Status.DRAFT, topics.Status.SUBMITTED, topics.Status.CONSULTED])
def test_r062_a_topic_that_is_not_approved_is_not_on_the_agenda(until):
    """Deliberations enter the agenda when approved."""
    scene = b.given(b.topic(until=until), b.meeting(until=Status.ARRANGING, agenda=("C1", "C2")))
    command = b.arrange(b.day(4, 22), ("C1", "T1"), on=b.day(4, 10))
    scene.when("GO", command).refused("R-062", arranging.AgendaInvalid)


@pytest.mark.parametrize("until", [topics.Status.APPROVED, topics.Status.REPORTED, topics.Status.CONSENSUS])
def test_r062_an_approved_topic_enters_the_agenda(until):
    """It need not have reached consensus yet."""
    scene = b.given(b.topic(until=until), b.meeting(until=Status.ARRANGING, agenda=("C1", "C2")))
    command = b.arrange(b.day(4, 22), ("C1", "T1"), on=b.day(4, 10))
    scene.when("GO", command).then(meetings.ArrangementProposed)


@pytest.mark.parametrize("agenda", [(), ("C1", "C1"), ("C7",), ("T9",), ("C1", "C3")])
def test_r062_an_empty_doubled_or_unknown_item_is_refused(agenda):
    """The agenda is an explicit order of items that exist."""
    command = b.arrange(b.day(4, 22), agenda, on=b.day(4, 10))
    in_arrangement().when("GO", command).refused("R-062", arranging.AgendaInvalid)


# --- notice -----------------------------------------------------------------------------------------------------


def test_r057_the_government_office_issues_the_notice():
    """It carries the official name, its number and the hash of what was agreed."""
    after = agreed().when("GO", b.notice())
    scene = after.then(meetings.NoticeIssued, numbers.DocNumberAllocated)
    assert scene.meeting().notice.meeting_name == "芮城县人民政府与芮城县总工会联席会议"
    assert scene.meeting().notice.arrangement_hash == scene.meeting().arrangement.hash
    scene.when("GO", b.notice()).refused("R-057", refusals.AlreadyDone)


@pytest.mark.parametrize("role", ["UO", "GL", "GP", "UP", "HR", "ADMIN"])
def test_r057_nobody_else_issues_the_notice(role):
    """The government office alone issues."""
    agreed().when(role, b.notice()).refused("R-057", refusals.NotEntitled)


@pytest.mark.parametrize("sides", [(), (b.GOV,), (b.UNION,)])
def test_r057_a_notice_before_both_sides_agreed_is_refused(sides):
    """One side's consent is not enough."""
    scene = in_arrangement().play(b.consented(Subject.ARRANGEMENT, on=b.day(4, 10), sides=sides))
    scene.when("GO", b.notice()).refused("R-057", arranging.ArrangementNotAgreed)
    planned().when("GO", b.notice()).refused("R-057", arranging.ArrangementNotAgreed)


@pytest.mark.parametrize("left_out", b.RECIPIENTS)
def test_r057_every_attendees_unit_receives_the_notice(left_out):
    """Only the issuing office may be left out."""
    few = tuple(unit for unit in b.RECIPIENTS if unit != left_out)
    agreed().when("GO", b.notice(recipients=few)).refused("R-057", arranging.RecipientsIncomplete)
    all_of_them = (*b.RECIPIENTS, "office")
    agreed().when("GO", b.notice(recipients=all_of_them)).accepted()


def test_r057_an_unnumbered_notice_says_why():
    """A letter may be unnumbered, with its reason."""
    for nothing in NOTHING:
        bare = b.notice(number="", number_reason=nothing)
        agreed().when("GO", bare).refused("R-057", arranging.NumberOrReason)
    agreed().when("GO", b.notice(number="", number_reason="便函")).then(meetings.NoticeIssued)


def test_r057_recipients_are_units_of_the_pair():
    """A notice goes to nobody who is not registered."""
    strange = b.notice(recipients=(*b.RECIPIENTS, "nowhere"))
    agreed().when("GO", strange).refused("R-057", arranging.RecipientsIncomplete)


def test_r016_a_notice_has_a_recipient():
    """Every issued document but minutes is addressed to somebody."""
    agreed().when("GO", b.notice(recipients=())).refused("R-016", arranging.RecipientMissing)


def test_r017_a_notice_without_its_disclosure_is_refused():
    """Whether it may be made public is said before it is issued."""
    agreed().when("GO", b.notice(disclosure=None)).refused("R-017", arranging.DisclosureMissing)
    for disclosure in regulation.Disclosure:
        agreed().when("GO", b.notice(disclosure=disclosure)).accepted()


def test_r093_the_notice_lies_between_agreement_and_meeting():
    """It is neither older than what it announces nor younger than the meeting."""
    agreed().when("GO", b.notice(on=b.day(4, 9))).refused("R-093", refusals.BeforeItsBasis)
    late = b.notice(on=b.day(4, 23))
    agreed().when("GO", late).refused("R-093", refusals.BeforeItsBasis)


def test_r057_a_change_after_the_notice_needs_a_new_one():
    """What was announced is no more what is agreed."""
    scene = noticed().act("GO", CHANGES["place"].model_copy(update={"on": b.day(4, 15)}))
    assert scene.meeting().notice is None
    scene.when("GO", meetings.FreezeMaterials(on=b.day(4, 18))).refused("R-061", refusals.WrongState)
    scene = scene.play(b.consented(Subject.ARRANGEMENT, on=b.day(4, 15)))
    scene.when("GO", b.notice(on=b.day(4, 16), number="芮政办函〔2025〕10号")).accepted()


# --- materials --------------------------------------------------------------------------------------------------


def paper(item, unit, **change):
    body = {"on": b.day(4, 18), "item": item, "unit": unit, "title": "会议材料", "sha256": b.HASH}
    return meetings.SubmitMaterial(**{**body, **change})


@pytest.mark.parametrize(
    ("item", "role", "unit"),
    [("C1", "GO", "office"), ("C2", "UO", "union"), ("C2", "RIGHTS", "rights"), ("T1", "FIN", "fin")],
)
def test_r060_the_responsible_side_submits_the_material(item, role, unit):
    """The government's for the first category, the union's for the second, the proposer's side for a topic."""
    noticed().when(role, paper(item, unit)).then(meetings.MaterialSubmitted)


@pytest.mark.parametrize(
    ("item", "role", "unit"),
    [("C1", "UO", "union"), ("C2", "GO", "office"), ("T1", "UO", "union"), ("C1", "HR", "fin")],
)
def test_r060_the_other_side_or_another_unit_does_not(item, role, unit):
    """A unit submits its own material for an item of its own side."""
    noticed().when(role, paper(item, unit)).refused("R-060", papers.WrongSideOfItem)


def test_r060_a_material_belongs_to_an_item_and_has_a_title():
    """What is not on the agenda has no material."""
    scene = noticed()
    scene.when("GO", paper("C6", "office")).refused("R-060", papers.NotOnAgenda)
    scene.when("GO", paper("C1", "office", title="略")).refused("R-060", refusals.TextMissing)


@pytest.mark.parametrize("lacking", ["C1", "C2", "T1"])
def test_r060_the_book_is_not_frozen_while_an_item_lacks_its_material(lacking):
    """Each item has a material of its responsible side."""
    scene = noticed()
    for item in ("C1", "C2", "T1"):
        if item != lacking:
            scene = scene.play(b.material(item, on=b.day(4, 18)))
    scene.when("GO", meetings.FreezeMaterials(on=b.day(4, 18))).refused("R-060", refusals.WrongState)
    full = scene.play(b.material(lacking, on=b.day(4, 18)))
    full.when("GO", meetings.FreezeMaterials(on=b.day(4, 18))).then(meetings.MaterialsFrozen)


def test_r061_after_the_freeze_no_material_is_added():
    """The meeting book stands as it is."""
    scene = b.given(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN))
    scene.when("GO", paper("C1", "office", on=b.day(4, 19))).refused("R-061", papers.Frozen)


def test_r057_a_change_after_the_freeze_asks_for_new_consents_and_a_new_notice():
    """Whoever falls ill or travels can be replaced: both sides agree again, the office gives notice again."""
    scene = b.given(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN))
    on = b.day(4, 19)
    acts = (
        ("GO", meetings.ProposeDate(on=on, meeting_date=b.day(4, 25))),
        ("GO", meetings.SetChair(on=on, post="post-LEADER", reason="县长赴省参会")),
        ("GO", meetings.SetAttendees(on=on, attendees=b.seats()[:-1], reason="职位空缺")),
        ("GO", b.arrange(b.day(4, 22), ("C1",), on=on)),
    )
    for role, command in acts:
        changed = scene.act(role, command)
        known = changed.meeting()
        assert (known.status, known.notice, known.frozen_on) == (Status.ARRANGING, None, None)
        assert not known.arrangement_consents.given
        changed.when("GO", b.hold(b.day(4, 22))).refused("R-057")


@pytest.mark.parametrize("until", [Status.PLANNED, Status.ARRANGING, Status.AGREED, Status.MATERIALS_FROZEN])
def test_r061_the_book_is_frozen_once_after_the_notice(until):
    """Neither before the notice nor twice."""
    scene = b.given(b.topic(), b.meeting(until=until))
    scene.when("GO", meetings.FreezeMaterials(on=b.day(4, 18))).refused("R-061", refusals.WrongState)


def test_r063_a_meeting_that_was_held_is_not_prepared_any_more():
    """Every act of preparation ends with the opening."""
    scene = b.given(b.topic(), b.meeting(until=Status.HELD))
    command = meetings.AssignPrepTask(on=b.day(4, 22), task="布置会场", side=b.GOV)
    scene.when("GO", command).refused("R-063", refusals.WrongState)
    unknown = scene.when("GO", command, subject="M9")
    unknown.refused("R-033", refusals.NotFound)


def test_r093_nothing_is_prepared_before_the_meeting_was_planned():
    """The plan is what preparation rests on."""
    command = meetings.AssignPrepTask(on=b.day(1, 19), task="布置会场", side=b.GOV)
    planned().when("GO", command).refused("R-093", refusals.BeforeItsBasis)
    early = b.arrange(b.day(4, 22), ("C1",), on=b.day(4, 7))
    in_arrangement().when("GO", early).refused("R-093", refusals.BeforeItsBasis)
