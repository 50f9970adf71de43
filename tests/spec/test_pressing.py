"""A decision pressed: reminders, sheets of rising colour, and more time granted by both leaders."""

import pytest

from domain import carrying_out, consent, decisions, pressing, refusals
from domain.decider import Capacity
from domain.decisions import ExtensionStatus, SheetColour, Stance, Status
from domain.delegations import Matter
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
BLUE, YELLOW, RED = SheetColour.BLUE, SheetColour.YELLOW, SheetColour.RED


def established(*steps, until=Status.ACCEPTED, **change):
    return b.given(*steps, b.established(b.decided(until=until), **change))


def colours(scene, *sent, recipient="hr"):
    """Send sheets, one each month, each unanswered when the next one is sent."""
    for month, colour in enumerate(sent, start=6):
        on = b.day(month, 2)
        scene = scene.act("SUPG", b.escalate(colour, on=on, answer_by=b.day(month, 9), recipient=recipient))
    return scene


# --- reminders --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["SUPG", "SUPU", "GO", "UO"])
@pytest.mark.parametrize("recipient", ["hr", "union"])
def test_r075_supervisors_and_offices_of_either_side_remind_the_responsible_units(role, recipient):
    """Kept with its sender, its recipient and no answer yet."""
    scene = established().when(role, b.remind(recipient=recipient)).then(decisions.DecisionReminded)
    (kept,) = scene.decision().sheets
    assert (kept.number, kept.by.person, kept.recipient, kept.answer) == (1, role, recipient, "")
    assert kept.overdue(b.day(6, 10))
    assert not kept.overdue(b.day(6, 9))


@pytest.mark.parametrize("role", ["GL", "UP", "HR", "ADMIN"])
def test_r075_nobody_else_reminds(role):
    """Leaders have supervisors for it."""
    established().when(role, b.remind()).refused("R-075", refusals.NotEntitled)
    established().when(role, b.escalate(BLUE)).refused("R-075", refusals.NotEntitled)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"recipient": "fin"}, pressing.NotAskedOfThem),
        ({"answer_by": b.day(6, 1)}, pressing.AnswerDue),
        *[({"text": nothing}, refusals.TextMissing) for nothing in NOTHING],
    ],
)
def test_r075_a_sheet_says_whom_what_and_until_when(change, kind):
    """Only units that are responsible are asked, and given time to answer."""
    established().when("SUPG", b.remind(**change)).refused("R-075", kind)
    established().when("SUPG", b.escalate(BLUE, **change)).refused("R-075", kind)


def test_r075_the_recipient_answers_once():
    """Late or not, the answer is kept with who gave it."""
    scene = established().act("SUPG", b.remind()).act("UO", b.remind(recipient="union"))
    command = decisions.AnswerReminder(on=b.day(6, 20), number=1, text="第二处用地未批。")
    for nothing in NOTHING:
        bare = command.model_copy(update={"text": nothing})
        scene.when("HR", bare).refused("R-075", refusals.TextMissing)
    scene.when("GO", command).refused("R-075", pressing.NotTheRecipient)
    own = command.model_copy(update={"number": 2})
    scene.when("UO", own).refused("R-075", pressing.NotTheRecipient)
    after = scene.when("HR", command).then(decisions.ReminderAnswered)
    kept = after.decision().sheet(1)
    assert (kept.answer, kept.answered_on, kept.answered_by.person) == (
        "第二处用地未批。",
        b.day(6, 20),
        "HR",
    )
    after.when("HR", command).refused("R-075", refusals.AlreadyDone)


@pytest.mark.parametrize("number", [2, 3])
def test_r075_an_answer_names_a_sheet_of_its_kind(number):
    """A reminder is answered as a reminder, a sheet as a sheet."""
    scene = established().act("SUPG", b.remind()).act("SUPG", b.escalate(BLUE))
    answer = decisions.AnswerReminder(on=b.day(6, 20), number=number, text="正在办理。")
    scene.when("HR", answer).refused("R-075", pressing.NoSuchSheet)
    other = decisions.AnswerEscalation(on=b.day(6, 20), number=1, text="正在办理。")
    scene.when("HR", other).refused("R-075", pressing.NoSuchSheet)


# --- sheets -----------------------------------------------------------------------------------------------------


def test_r075_sheets_rise_from_blue_to_red_while_nobody_answers():
    """Each says which unanswered sheet it follows."""
    scene = colours(established(), BLUE, YELLOW, RED)
    assert [(each.colour, each.follows) for each in scene.decision().sheets] == [
        (BLUE, 0),
        (YELLOW, 1),
        (RED, 2),
    ]


def test_r075_orange_is_yellow():
    """The yellow sheet is called orange in places."""
    body = b.escalate(YELLOW).model_dump(mode="json")
    assert decisions.Escalate.model_validate({**body, "colour": "橙"}).colour is YELLOW


@pytest.mark.parametrize(
    ("sent", "next_colour"),
    [((), YELLOW), ((), RED), ((BLUE,), RED), ((BLUE, YELLOW), YELLOW), ((BLUE, YELLOW, RED), RED)],
)
def test_r075_no_colour_is_passed_over_or_repeated(sent, next_colour):
    """Yellow follows blue, red follows yellow."""
    scene = colours(established(), *sent)
    late = b.escalate(next_colour, on=b.day(12, 1), answer_by=b.day(12, 9))
    scene.when("SUPG", late).refused("R-075", pressing.ColourTooStrong)


@pytest.mark.parametrize(("sent", "stronger"), [((BLUE,), YELLOW), ((BLUE, YELLOW), RED)])
def test_r075_an_answered_or_running_sheet_is_not_escalated(sent, stronger):
    """Only silence after the day for the answer raises the colour."""
    scene = colours(established(), *sent)
    last = scene.decision().sheets[-1]
    early = b.escalate(stronger, on=last.answer_by, answer_by=b.day(12, 9))
    scene.when("SUPG", early).refused("R-075", pressing.ColourTooStrong)
    late = b.escalate(stronger, on=b.day(11, 1), answer_by=b.day(12, 9))
    scene.when("SUPU", late).then(decisions.DecisionEscalated)
    said = decisions.AnswerEscalation(on=b.day(10, 1), number=last.number, text="已开工。")
    answered = scene.act("HR", said)
    answered.when("SUPG", late).refused("R-075", pressing.ColourTooStrong)


def test_r075_the_silence_is_the_recipients_own():
    """Another unit's unanswered blue sheet raises nothing, and a new blue sheet may always be sent."""
    scene = colours(established(), BLUE, recipient="union")
    stronger = b.escalate(YELLOW, on=b.day(7, 2), answer_by=b.day(7, 9))
    scene.when("SUPG", stronger).refused("R-075", pressing.ColourTooStrong)
    scene.when("SUPG", b.escalate(BLUE, on=b.day(7, 2), answer_by=b.day(7, 9))).accepted()


def test_r075_a_sheet_that_was_escalated_for_silence_stays_unanswered():
    """An answer entered afterwards would make the stronger sheet untrue."""
    scene = colours(established(), BLUE, YELLOW)
    late = decisions.AnswerEscalation(on=b.day(6, 5), number=1, text="已开工。")
    scene.when("HR", late).refused("R-075", pressing.AlreadyEscalated)
    scene.when("HR", late.model_copy(update={"on": b.day(7, 5), "number": 2})).accepted()


def test_r093_an_answer_is_not_dated_before_its_sheet():
    """Nor anything before the decision, nor after its end."""
    scene = established().act("SUPG", b.remind())
    early = decisions.AnswerReminder(on=b.day(6, 1), number=1, text="已开工。")
    scene.when("HR", early).refused("R-093", refusals.BeforeItsBasis)
    before = b.remind(on=b.day(4, 28))
    established().when("GO", before).refused("R-093", refusals.BeforeItsBasis)
    done = established(until=Status.FULFILLED)
    done.when("GO", b.remind(on=b.day(7, 1))).refused("R-075", refusals.WrongState)
    scene.when("GO", b.remind(), subject="M9-01").refused("R-069", refusals.NotFound)


# --- more time --------------------------------------------------------------------------------------------------


def requested(*steps, **change):
    return established(*steps, until=Status.IN_PROGRESS).act("HR", b.extend(**change))


def test_r076_more_time_is_granted_by_both_leaders_after_both_opinions():
    """The original deadline is kept, and it counts beside the new one."""
    scene = requested()
    for side, role in b.SUPERVISORS.items():
        scene = scene.when(role, b.extension_opinion(scene, side)).then(decisions.ExtensionOpinionGiven)
    one = scene.when("GL", b.grant(scene, b.GOV)).then(decisions.ExtensionGranted)
    assert one.decision().deadline == b.day(11, 28)
    both = one.when("UP", b.grant(one, b.UNION))
    known = both.then(decisions.ExtensionGranted, decisions.DeadlineExtended).decision()
    assert (known.original_deadline, known.deadline) == (b.day(11, 28), b.day(3, 31, 2026))
    assert known.extensions[0].status is ExtensionStatus.GRANTED
    assert known.deadline_on(b.day(6, 9)) == b.day(11, 28)
    assert known.deadline_on(b.day(6, 10)) == b.day(3, 31, 2026)
    assert known.deadline_on(b.day(4, 28)) is None


@pytest.mark.parametrize(
    ("done", "original", "revised"),
    [
        (b.day(11, 28), True, True),
        (b.day(11, 29), False, True),
        (b.day(3, 31, 2026), False, True),
        (b.day(4, 1, 2026), False, False),
    ],
)
def test_r076_on_time_counts_by_original_and_revised_separately(done, original, revised):
    """By the date of the fact."""
    scene = requested().play(b.extension_granted()).act("HR", b.claim(on=done))
    for side, role in b.SUPERVISORS.items():
        scene = scene.act(role, decisions.VerifyFulfilled(on=b.day(4, 2, 2026), side=side))
    known = scene.decision()
    assert (known.on_time_original, known.on_time_revised) == (original, revised)


def test_r076_what_is_not_fulfilled_or_has_no_deadline_is_neither_on_time_nor_late():
    """Nothing is counted that cannot be known."""
    assert established().decision().on_time_original is None
    long = established(deadline=None, long_term=True, report_interval_months=6, until=Status.FULFILLED)
    assert (long.decision().on_time_original, long.decision().on_time_revised) == (None, None)


@pytest.mark.parametrize("sides", [(), (b.GOV,), (b.UNION,)])
def test_r076_no_grant_without_both_opinions(sides):
    """Neither leader decides before both supervisors have spoken."""
    scene = requested()
    for side in sides:
        scene = scene.act(b.SUPERVISORS[side], b.extension_opinion(scene, side))
    for side, role in b.GRANTORS.items():
        scene.when(role, b.grant(scene, side)).refused("R-076", pressing.OpinionsMissing)


def test_r076_an_opinion_against_does_not_bind_the_leaders():
    """It is an opinion; it is kept."""
    scene = requested()
    for side, role in b.SUPERVISORS.items():
        scene = scene.act(role, b.extension_opinion(scene, side, stance=Stance.OPPOSE))
    for side, role in b.GRANTORS.items():
        scene = scene.act(role, b.grant(scene, side))
    known = scene.decision().extensions[0]
    assert known.status is ExtensionStatus.GRANTED
    assert {each.stance for each in known.opinions.values()} == {Stance.OPPOSE}


def test_r076_opinions_are_the_supervisors_own():
    """The person named for this decision, or whoever supervises for the side; never the one who asked."""
    scene = requested()
    for role, side in (("GO", b.GOV), ("UO", b.UNION), ("HR", b.GOV)):
        scene.when(role, b.extension_opinion(scene, side)).refused("R-076", pressing.NotASupervisor)
    scene.when("SUPG", b.extension_opinion(scene, b.UNION)).refused("R-076", consent.NotYourSide)
    named = scene.act("GO", b.supervisors(on=b.day(6, 3), union_post="post-UO"))
    named.when("UO", b.extension_opinion(named, b.UNION)).accepted()
    asker = b.holding("HR", Capacity.SUPERVISOR, "office")
    own = requested(asker)
    own.when("HR", b.extension_opinion(own, b.GOV)).refused("R-076", pressing.NotASupervisor)
    one = scene.act("SUPG", b.extension_opinion(scene, b.GOV))
    one.when("SUPG", b.extension_opinion(one, b.GOV)).refused("R-076", consent.AlreadyConsented)
    for nothing in NOTHING:
        bare = b.extension_opinion(scene, b.GOV, opinion=nothing)
        scene.when("SUPG", bare).refused("R-076", refusals.TextMissing)


def test_r076_one_person_gives_neither_both_opinions_nor_both_grants():
    """Two persons of two sides, twice."""
    scene = requested(*(two_sides(b.BOTH, unit) for unit in ("office", "union")))
    one = scene.act(b.BOTH, b.extension_opinion(scene, b.GOV))
    one.when(b.BOTH, b.extension_opinion(one, b.UNION)).refused("R-076", consent.OnePersonForBoth)
    scene = requested(b.one_person_on_both_sides).play(b.opinions_given())
    one = scene.act(b.BOTH, b.grant(scene, b.GOV))
    one.when(b.BOTH, b.grant(one, b.UNION)).refused("R-076", consent.OnePersonForBoth)


def two_sides(person, unit):
    appointed = b.appoint(person, Capacity.SUPERVISOR, unit)
    return lambda scene: scene.act("ADMIN", appointed, subject=f"post-{person}-{unit}")


@pytest.mark.parametrize("role", ["GO", "UO", "GP", "LEADER", "UL", "SUPG", "HR"])
def test_r076_nobody_but_the_two_leaders_grants_or_refuses(role):
    """The liaison leader and the union's principal."""
    scene = requested().play(b.opinions_given())
    for side in b.GRANTORS:
        scene.when(role, b.grant(scene, side)).refused("R-076", refusals.NotEntitled)
        no = decisions.RefuseExtension(on=b.day(6, 11), side=side, reason="工期足够")
        scene.when(role, no).refused("R-076", refusals.NotEntitled)


def test_r076_each_leader_speaks_for_his_own_side():
    """Neither grants nor refuses for the other."""
    scene = requested().play(b.opinions_given())
    for role, side in (("GL", b.UNION), ("UP", b.GOV)):
        scene.when(role, b.grant(scene, side)).refused("R-076", consent.NotYourSide)
        no = decisions.RefuseExtension(on=b.day(6, 11), side=side, reason="工期足够")
        scene.when(role, no).refused("R-076", consent.NotYourSide)


def test_r076_a_new_request_voids_what_was_said_of_the_old_one():
    """Opinions and consents are bound to one request's hash."""
    scene = requested().play(b.opinions_given())
    stale = b.grant(scene, b.UNION)
    scene = scene.act("GL", b.grant(scene, b.GOV))
    again = scene.when("HR", b.extend(on=b.day(6, 12), new_deadline=b.day(2, 28, 2026)))
    scene = again.then(decisions.ExtensionRequested)
    assert again.fact(decisions.ExtensionRequested).replaces == 1
    assert [each.status for each in scene.decision().extensions] == [
        ExtensionStatus.REPLACED,
        ExtensionStatus.REQUESTED,
    ]
    scene.when("UP", stale).refused("R-076", pressing.OpinionsMissing)
    other = b.extension_opinion(scene, b.GOV, on=b.day(6, 13), content_hash=stale.content_hash)
    scene.when("SUPG", other).refused("R-076", consent.OtherContent)
    scene = scene.play(b.opinions_given(on=b.day(6, 13)))
    late = stale.model_copy(update={"on": b.day(6, 14)})
    scene.when("UP", late).refused("R-076", consent.OtherContent)


def test_r076_a_refusal_says_why_and_leaves_the_deadline():
    """After one leader granted as well; a later request starts anew."""
    scene = requested().play(b.opinions_given())
    scene = scene.act("GL", b.grant(scene, b.GOV))
    for nothing in NOTHING:
        bare = decisions.RefuseExtension(on=b.day(6, 11), side=b.UNION, reason=nothing)
        scene.when("UP", bare).refused("R-076", refusals.TextMissing)
    no = decisions.RefuseExtension(on=b.day(6, 11), side=b.UNION, reason="工期足够")
    scene = scene.when("UP", no).then(decisions.ExtensionRefused)
    assert scene.decision().deadline == b.day(11, 28)
    scene.when("UP", b.grant(scene, b.UNION)).refused("R-076", pressing.NoRequest)
    scene.when("UP", no).refused("R-076", pressing.NoRequest)
    scene.when("HR", b.extend(on=b.day(6, 12))).then(decisions.ExtensionRequested)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"new_deadline": b.day(11, 28)}, pressing.DeadlineNotLater),
        ({"on": b.day(1, 5, 2026), "new_deadline": b.day(1, 4, 2026)}, pressing.DeadlineNotLater),
        ({"unit": "fin"}, carrying_out.NotTheLeadUnit),
        *[({"reason": nothing}, refusals.TextMissing) for nothing in NOTHING],
    ],
)
def test_r076_a_request_asks_for_later_with_a_reason(change, kind):
    """By the lead unit; a deadline that has passed may still be extended."""
    scene = established(until=Status.IN_PROGRESS)
    scene.when("HR", b.extend(**change)).refused("R-076", kind)
    scene.when("HR", b.extend(on=b.day(1, 5, 2026))).then(decisions.ExtensionRequested)


def test_r076_what_has_no_deadline_or_is_being_verified_is_not_extended():
    """Nor what nobody supervises yet, nor what is closed."""
    long = established(deadline=None, long_term=True, report_interval_months=6)
    long.when("HR", b.extend()).refused("R-076", pressing.NothingToExtend)
    established(until=Status.CLAIMED).when("HR", b.extend(on=b.day(6, 21))).refused(
        "R-076", refusals.WrongState
    )
    established(until=Status.FULFILLED).when("HR", b.extend(on=b.day(7, 1))).refused(
        "R-076", refusals.WrongState
    )
    b.given(b.established()).when("HR", b.extend()).refused("R-072", refusals.WrongState)
    claimed = requested().act("HR", b.claim(on=b.day(6, 20)))
    opinion = b.extension_opinion(claimed, b.GOV, on=b.day(6, 21))
    claimed.when("SUPG", opinion).refused("R-076", refusals.WrongState)


def test_r093_request_opinions_and_grants_follow_each_other():
    """None is dated before the one it rests on."""
    scene = requested()
    early = b.extension_opinion(scene, b.GOV, on=b.day(6, 8))
    scene.when("SUPG", early).refused("R-093", refusals.BeforeItsBasis)
    spoken = scene.play(b.opinions_given(on=b.day(6, 11)))
    spoken.when("GL", b.grant(spoken, b.GOV)).refused("R-093", refusals.BeforeItsBasis)
    no = decisions.RefuseExtension(on=b.day(6, 8), side=b.UNION, reason="工期足够")
    scene.when("UP", no).refused("R-093", refusals.BeforeItsBasis)
    extended = requested().play(b.extension_granted())
    again = b.extend(on=b.day(6, 10), new_deadline=b.day(6, 30, 2026))
    extended.when("HR", again).refused("R-093", refusals.BeforeItsBasis)


def test_r073_the_plan_may_reach_to_the_new_deadline():
    """Not before it is granted."""
    step = decisions.Milestone(due=b.day(3, 31, 2026), percent=100)
    plan = decisions.SetPlan(on=b.day(6, 12), unit="hr", milestones=(step,))
    requested().when("HR", plan).refused("R-073", carrying_out.MilestoneTooLate)
    requested().play(b.extension_granted()).when("HR", plan).then(decisions.PlanSet)


def test_r027_more_time_is_no_change_of_state():
    """What was explained stays explained; the report on everything outstanding shows another deadline."""
    before = established(until=Status.IN_PROGRESS)
    after = before.act("HR", b.extend()).play(b.extension_granted())
    assert (after.decision().serial, after.decision().changed_on) == (
        before.decision().serial,
        before.decision().changed_on,
    )


def test_r093_a_decision_answers_for_any_past_day():
    """Where it stood, by business dates."""
    known = established(until=Status.FULFILLED).decision()
    stood = [
        (b.day(4, 28), Status.UNBORN, 0),
        (b.day(4, 29), Status.ESTABLISHED, 0),
        (b.day(5, 6), Status.SUPERVISED, 0),
        (b.day(5, 29), Status.ACCEPTED, 0),
        (b.day(5, 30), Status.IN_PROGRESS, 50),
        (b.day(6, 20), Status.CLAIMED, 50),
        (b.day(6, 25), Status.FULFILLED, 100),
    ]
    assert [(day, known.status_on(day), known.percent_on(day)) for day, _, _ in stood] == stood


def test_r076_a_leader_may_be_stood_in_for_by_recorded_delegation():
    """In matters of decisions, by another leader of his side; a delegation of other matters entitles to nothing."""
    lent = b.delegate(matters=(Matter.DECISIONS,), on=b.day(6, 1), valid_from=b.day(6, 1))
    other = b.delegate(matters=(Matter.TOPICS,), on=b.day(6, 1), valid_from=b.day(6, 1))
    scene = requested().play(b.opinions_given())
    given = scene.act("GO", lent)
    given.when("LEADER", b.grant(given, b.GOV)).then(decisions.ExtensionGranted)
    given = scene.act("GO", other)
    given.when("LEADER", b.grant(given, b.GOV)).refused("R-076", refusals.NotEntitled)
