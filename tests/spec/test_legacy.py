"""Paper history: imported whole or not at all, every conflict listed, marked for ever, never a native act."""

from datetime import date

import pytest

from application import surroundings, views
from domain import (
    archives,
    consent,
    decisions,
    legacy,
    lights,
    meetings,
    minutes,
    numbers,
    pairs,
    publicity,
    refusals,
)
from domain.meetings import Status
from tests import builders as b
from tests import paper

MEETING = "h20241128"
DECISION = f"{MEETING}-01"
ON = b.day(1, 10)


def known():
    """The pair before anything is known of its history."""
    return b.given_nothing(b.registered(), b.staffed, b.adopted, b.with_liaison)


def conflicts(command, scene=None):
    """Every conflict of a batch: its place and its requirement."""
    done = (scene or known()).when("GO", command)
    done.refused("R-098", legacy.HistoryConflicts)
    assert done.facts == []
    assert all(each.problem and each.remedy for each in done.refusal.conflicts)
    return {(each.pointer, each.requirement) for each in done.refusal.conflicts}


# --- what an import leads to ------------------------------------------------------------------------------------


def test_r098_a_batch_is_taken_over_with_its_source_and_its_raw_texts():
    """Batch, meeting, number, decision and the pair's history, in one act."""
    done = known().when("UO", paper.batch())
    scene = done.then(
        legacy.BatchImported,
        meetings.MeetingImported,
        numbers.DocNumberAllocated,
        decisions.DecisionImported,
        pairs.HistoryImported,
    )
    batch = done.fact(legacy.BatchImported)
    assert (batch.meetings, batch.decisions, batch.unfulfilled, batch.repeated) == (1, 1, 1, 0)
    assert scene.meeting(MEETING).record.raw == {"会议日期": "二○二四年十一月二十八日"}
    assert scene.decision(DECISION).record.raw == {"完成时限": "2025.6.30"}
    assert scene.decision(DECISION).record.document.sha256 == b.HASH


def test_r013_what_is_imported_is_marked_in_state_rows_and_history():
    """No imported fact bears the name of a native one."""
    scene = known().play(paper.imported())
    assert scene.meeting(MEETING).imported
    assert scene.decision(DECISION).imported
    rows = {(row.view, row.id): row.body for row in views.all_rows(scene.dossier)}
    assert rows["meeting", MEETING]["imported"] is True
    assert rows["decision", DECISION]["imported"] is True
    counted = [body for (view, _), body in rows.items() if view == "tally" and "imported" in body]
    assert [(each["of"], each["imported"]) for each in counted] == [("meeting", True), ("decision", True)]
    labels = [type(fact).label for _, fact in scene.history if "legacy" in type(fact).topic]
    assert labels
    assert all(label.startswith("补录") for label in labels)


def test_r013_an_imported_meeting_keeps_its_printed_title_and_ordinal():
    """Original title (A18), and rules by its day (R-010)."""
    meeting = known().play(paper.imported()).meeting(MEETING)
    assert meeting.name == "芮城县人民政府与县总工会联席会议"
    assert (meeting.ordinal, meeting.rule_version, meeting.held_on) == (1, "2024", paper.HELD_ON)
    old = paper.meeting(held_on=date(2005, 3, 1), minutes_number="芮政办纪〔2005〕1号")
    early = known().play(paper.imported(meetings=[old], decisions=[])).meeting("h20050301")
    assert early.rule_version == "2003"


def test_r013_an_imported_meeting_is_not_continued_here():
    """No arrangement, no outcome, no minutes of it are ever recorded as if it were ours."""
    scene = known().play(paper.imported())
    for role, command in (
        ("GO", meetings.FreezeMaterials(on=ON)),
        ("GO", b.notice(on=ON)),
        ("GO", meetings.CloseSitting(on=ON, closed_at=b.moment(ON))),
        ("GO", minutes.DraftMinutes(on=ON, body="会议认为。", no_decisions=True)),
        ("GO", meetings.ProposeDate(on=ON, meeting_date=b.day(2, 1))),
    ):
        done = scene.when(role, command, subject=MEETING)
        done.refused("R-013", legacy.ImportedNotNative)


def test_r098_the_same_batch_again_records_nothing():
    """Repeatable; also where its raw texts are written otherwise, the day is another one, or somebody else sends it."""
    scene = known().play(paper.imported())
    scene.when("GO", paper.batch()).then()
    scene.when("UO", paper.batch(on=b.day(3, 1), title="另一份.xlsx")).then()
    scene.when("GO", paper.batch(meetings=[paper.meeting(raw={"会议日期": "2024.11.28"})])).then()


def test_r098_a_grown_batch_records_only_what_is_new():
    """Yesterday's rows are known, today's are taken."""
    scene = known().play(paper.imported())
    more = paper.batch(decisions=[paper.decision(), paper.fulfilled(number=2)])
    done = scene.when("GO", more)
    done.then(legacy.BatchImported, decisions.DecisionImported, pairs.HistoryImported)
    assert done.fact(legacy.BatchImported).repeated == 2


def test_r098_a_native_act_does_not_make_the_batch_another_one():
    """What was imported is compared with what is imported, not with what became of it."""
    scene = known().play(paper.imported(), accepted)
    scene.when("GO", paper.batch()).then()


def test_r015_a_number_of_old_minutes_is_never_used_again():
    """It stands in the register with its meeting."""
    scene = known().play(paper.imported())
    (entry,) = scene.dossier.register.allocations.values()
    assert (entry.number, entry.document) == ("芮政办纪〔2024〕11号", f"meeting:{MEETING}")
    again = paper.meeting(held_on=date(2024, 12, 20), ordinal=2)
    assert conflicts(paper.batch(meetings=[again], decisions=[]), scene) == {
        ("/meetings/0/minutes_number", "R-015")
    }


def test_r098_who_imports_is_an_office_of_either_side():
    """A department has the paper, not the office's word for it."""
    known().when("HR", paper.batch()).refused("R-098", refusals.NotEntitled)
    known().when("GP", paper.batch()).refused("R-098", refusals.NotEntitled)


def test_r098_a_batch_is_named_by_its_content():
    """Another id would make the same batch two."""
    known().when("GO", paper.batch(), subject="b-other").refused("R-098", refusals.NotFound)


def test_r093_nothing_is_imported_before_the_pair_was_registered():
    """The entry is dated by the day on which it is made."""
    known().when("GO", paper.batch(on=b.day(1, 3))).refused("R-093", refusals.BeforeItsBasis)


# --- conflicts --------------------------------------------------------------------------------------------------

BAD_MEETINGS = [
    ({"held_on": b.day(1, 20), "minutes_number": "芮政办纪〔2025〕1号"}, "held_on", "R-098"),
    ({"title": "——"}, "title", "R-013"),
    ({"document": {**paper.SCAN, "title": "无"}}, "document/title", "R-013"),
    ({"minutes_number": "芮政办纪[2024]11号"}, "minutes_number", "R-015"),
    ({"minutes_number": "芮政办纪〔2023〕11号"}, "minutes_number", "R-015"),
]
BAD_DECISIONS = [
    ({"meeting_held_on": date(2024, 11, 27)}, "meeting_held_on", "R-098"),
    ({"text": "略"}, "text", "R-013"),
    ({"document": {**paper.SCAN, "title": ""}}, "document/title", "R-013"),
    ({"deadline": date(2024, 11, 27)}, "deadline", "R-098"),
    ({"long_term": True, "report_interval_months": 3}, "long_term", "R-098"),
    ({"long_term": True, "deadline": None}, "report_interval_months", "R-098"),
    ({"closed_on": b.day(1, 3)}, "closed_on", "R-098"),
    ({"standing": "fulfilled"}, "closed_on", "R-098"),
    ({"standing": "superseded"}, "closed_on", "R-098"),
    ({"standing": "fulfilled", "closed_on": date(2024, 11, 1)}, "closed_on", "R-098"),
    ({"standing": "terminated", "closed_on": b.day(1, 11)}, "closed_on", "R-098"),
    ({"lead_units": ("nobody",)}, "lead_units", "R-098"),
    ({"cooperating_units": ("nobody",)}, "cooperating_units", "R-098"),
    ({"lead_names": ("无",)}, "lead_names", "R-013"),
    ({"lead_units": ()}, "lead_units", "R-073"),
]


@pytest.mark.parametrize(("change", "place", "requirement"), BAD_MEETINGS)
def test_r098_a_meeting_that_contradicts_itself_is_a_conflict(change, place, requirement):
    """And nothing of the batch is recorded."""
    command = paper.batch(meetings=[paper.meeting(**change)], decisions=[])
    assert conflicts(command) == {(f"/meetings/0/{place}", requirement)}


@pytest.mark.parametrize(("change", "place", "requirement"), BAD_DECISIONS)
def test_r098_a_decision_that_contradicts_itself_is_a_conflict(change, place, requirement):
    """And nothing of the batch is recorded."""
    command = paper.batch(decisions=[paper.decision(**change)])
    assert conflicts(command) == {(f"/decisions/0/{place}", requirement)}


def test_r013_a_record_without_its_source_document_is_no_record():
    """The scan's fingerprint is demanded by the form itself."""
    with pytest.raises(ValueError, match="document"):
        paper.meeting(document=None)
    with pytest.raises(ValueError, match="sha256"):
        paper.decision(document={"title": "纪要", "sha256": "见附件"})


def test_r098_all_conflicts_are_listed_at_once():
    """Not the first alone."""
    command = paper.batch(
        meetings=[paper.meeting(title="无", minutes_number="11号")],
        decisions=[
            paper.decision(text="略", deadline=date(2024, 1, 1)),
            paper.decision(number=2, lead_units=()),
        ],
    )
    assert {place for place, _ in conflicts(command)} == {
        "/meetings/0/title",
        "/meetings/0/minutes_number",
        "/decisions/0/text",
        "/decisions/0/deadline",
        "/decisions/1/lead_units",
    }


def test_r098_an_empty_batch_is_refused():
    """There is nothing to record, and nobody should believe that there was."""
    assert conflicts(paper.batch(meetings=[], decisions=[])) == {("/meetings", "R-098")}


def test_r098_duplicates_inside_a_batch_are_conflicts_even_where_they_agree():
    """Nothing is silently merged."""
    twice = paper.batch(meetings=[paper.meeting(), paper.meeting()], decisions=[])
    places = {place for place, _ in conflicts(twice)}
    assert places == {
        f"/meetings/{index}/{name}" for index in (0, 1) for name in ("held_on", "minutes_number")
    }
    same = paper.batch(decisions=[paper.decision(), paper.decision()])
    assert {place for place, _ in conflicts(same)} == {"/decisions/0/number", "/decisions/1/number"}


def test_r098_what_was_imported_otherwise_is_a_conflict_that_names_the_fields():
    """Same meeting, same number, other content."""
    scene = known().play(paper.imported())
    changed = paper.batch(
        meetings=[paper.meeting(chair="副县长")], decisions=[paper.decision(deadline=b.day(7, 31))]
    )
    done = scene.when("GO", changed)
    done.refused("R-098", legacy.HistoryConflicts)
    first, second = done.refusal.conflicts
    assert (first.pointer, second.pointer) == ("/meetings/0/held_on", "/decisions/0/number")
    assert "主持人职务" in first.problem
    assert "完成时限" in second.problem


def test_r013_a_meeting_held_here_is_not_imported():
    """Neither the meeting nor a decision of it."""
    scene = b.given(b.established())
    day = scene.meeting().held_on
    record = paper.meeting(held_on=day, ordinal=None, minutes_number="")
    command = paper.batch(meetings=[record], decisions=[], on=b.day(6, 1))
    assert conflicts(command, scene) == {("/meetings/0/held_on", "R-013")}
    command = paper.batch(
        meetings=[], decisions=[paper.decision(meeting_held_on=day, deadline=None)], on=b.day(6, 1)
    )
    assert conflicts(command, scene) == {("/decisions/0/meeting_held_on", "R-013")}


def test_r015_a_number_of_native_minutes_is_a_conflict():
    """The register knows it."""
    scene = b.given(b.established())
    record = paper.meeting(ordinal=None, minutes_number=scene.minutes().number, held_on=b.day(1, 2))
    command = paper.batch(meetings=[record], decisions=[], on=b.day(6, 1))
    assert conflicts(command, scene) == {("/meetings/0/minutes_number", "R-015")}


def test_r008_ordinals_rise_with_the_days():
    """Inside the batch, and against what the ledger holds; gaps and unprinted ones are no conflict."""
    old = paper.meeting(held_on=date(2010, 5, 4), ordinal=3, minutes_number="")
    lost = paper.meeting(held_on=date(2012, 5, 4), ordinal=None, minutes_number="")
    later = paper.meeting(ordinal=9)
    known().when("GO", paper.batch(meetings=[old, lost, later], decisions=[])).accepted()
    falls = paper.batch(meetings=[old, paper.meeting(ordinal=3)], decisions=[])
    assert conflicts(falls) == {("/meetings/1/ordinal", "R-008")}
    scene = known().play(paper.imported())
    assert conflicts(paper.batch(meetings=[old], decisions=[]), scene) == {("/meetings/0/ordinal", "R-008")}


def test_r098_a_decision_may_follow_its_meeting_in_a_later_batch():
    """The meeting is in the ledger, imported."""
    scene = known().play(paper.imported(decisions=[]))
    scene.when("GO", paper.batch(meetings=[])).then(
        legacy.BatchImported, decisions.DecisionImported, pairs.HistoryImported
    )


def test_r098_a_meeting_before_the_first_rule_is_warned_of():
    """Unlikely is not impossible."""
    old = paper.meeting(held_on=date(2002, 5, 4), minutes_number="")
    done = known().when("GO", paper.batch(meetings=[old], decisions=[]))
    (warning,) = done.fact(legacy.BatchImported).warnings
    assert "2002-05-04" in warning
    usual = known().when("GO", paper.batch())
    assert usual.fact(legacy.BatchImported).warnings == ()


# --- the history is known ---------------------------------------------------------------------------------------


def test_r028_both_sides_declare_the_import_complete():
    """Two persons, two sides, one content."""
    scene = known().play(paper.imported())
    assert not scene.dossier.pair.history_known
    one = scene.play(paper.completed(sides=[b.GOV]))
    assert not one.dossier.pair.history_known
    both = one.when("UO", paper.complete(one, b.UNION)).then(pairs.HistoryCompleted)
    assert both.dossier.pair.history_known
    assert both.dossier.pair.history_known_on == ON


def test_r028_completeness_is_declared_of_what_was_imported():
    """Nothing imported, another content, the other side, twice, one person for both, before the import: refused."""
    bare = known()
    bare.when("GO", paper.complete(bare, b.GOV)).refused("R-028", pairs.NothingImported)
    scene = bare.play(paper.imported(), b.one_person_on_both_sides)
    other = pairs.DeclareHistoryComplete(on=ON, side=b.GOV, history_hash=b.HASH)
    scene.when("GO", other).refused("R-028", consent.OtherContent)
    scene.when("GO", paper.complete(scene, b.UNION)).refused("R-028", consent.NotYourSide)
    early = paper.complete(scene, b.GOV, on=b.day(1, 9))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    scene = scene.act("GO", paper.complete(scene, b.GOV))
    scene.when("GO", paper.complete(scene, b.GOV)).refused("R-028", consent.AlreadyConsented)
    mixed = bare.play(paper.imported(), b.one_person_on_both_sides)
    mixed = mixed.act(b.BOTH, paper.complete(mixed, b.GOV))
    mixed.when(b.BOTH, paper.complete(mixed, b.UNION)).refused("R-028", consent.OnePersonForBoth)


def test_r028_that_there_was_no_other_meeting_may_be_declared_after_an_import():
    """Step 2 of the worked example: the declaration then speaks of what was not imported."""
    before = pairs.no_history_statement(known().dossier.pair)
    scene = known().play(paper.imported())
    assert pairs.no_history_statement(scene.dossier.pair) != before
    for side, role in b.OFFICES.items():
        scene = scene.act(role, pairs.DeclareNoHistory(on=ON, side=side))
    assert scene.dossier.pair.history_known


def test_r028_a_later_import_voids_what_was_declared():
    """Either way of declaring; each side says it anew."""
    declared = b.given()
    assert declared.dossier.pair.history_known
    assert not declared.play(paper.imported()).dossier.pair.history_known
    scene = known().play(paper.imported(), paper.completed())
    old = paper.meeting(held_on=date(2010, 5, 4), ordinal=None, minutes_number="")
    more = scene.play(paper.imported(meetings=[old], decisions=[], on=b.day(2, 1)))
    assert not more.dossier.pair.history_known
    assert more.dossier.pair.history_from == date(2010, 5, 4)
    assert more.play(paper.completed(on=b.day(2, 1))).dossier.pair.history_known


# --- the next meeting accounts for it ---------------------------------------------------------------------------


def accepted(scene):
    """Assign supervisors and let the lead unit accept."""
    scene = scene.act("GO", b.supervisors(on=b.day(1, 13)), subject=DECISION)
    return scene.act("IND", decisions.AcceptDecision(on=b.day(1, 14), unit="ind"), subject=DECISION)


def test_r026_an_unfulfilled_imported_decision_is_reported_to_the_next_meeting():
    """The closed ones of the previous meeting once, without an explanation; those of older ones not at all."""
    old = paper.meeting(held_on=date(2010, 5, 4), ordinal=None, minutes_number="")
    command = paper.batch(
        meetings=[old, paper.meeting()],
        decisions=[
            paper.decision(),
            paper.fulfilled(number=2),
            paper.decision(meeting_held_on=old.held_on, deadline=None, number=1),
            paper.fulfilled(meeting_held_on=old.held_on, deadline=None, number=2),
        ],
    )
    scene = known().act("GO", command)
    due = surroundings.outstanding_of(scene.dossier, "M1")
    assert {each.id: each.needs_explanation for each in due} == {
        "h20100504-01": True,
        DECISION: True,
        f"{MEETING}-02": False,
    }


def test_r008_the_next_native_meeting_counts_on_from_the_latest_imported_one():
    """第1次 on paper, 第2次 here; the opening needs item six, explained."""
    steps = (paper.imported(), paper.completed(on=b.day(1, 12)))
    explained = b.meeting(until=Status.MATERIALS_FROZEN, agenda=("C1", "C6"), explained=(DECISION,))
    scene = b.given(*steps, explained)
    held = scene.when("GO", b.hold(b.day(4, 22)))
    held.then(meetings.MeetingHeld)
    assert held.fact(meetings.MeetingHeld).ordinal == 2
    assert [each.id for each in scene.meeting().report.members] == [DECISION]


def test_r008_meetings_whose_paper_prints_no_ordinal_count_on():
    """The latest printed one, and one for each later meeting."""
    days = [date(2005, 1, 5), date(2006, 1, 5), date(2007, 1, 5)]
    records = [
        paper.meeting(held_on=day, ordinal=ordinal, minutes_number="")
        for day, ordinal in zip(days, (None, 4, None), strict=True)
    ]
    scene = known().play(paper.imported(meetings=records, decisions=[]))
    assert meetings.last_ordinal(scene.dossier.meetings) == 5


def test_r077_an_imported_decision_is_fulfilled_here_by_both_sides_and_stays_marked():
    """Supervised, accepted, claimed and verified like any other, from the day of the import on."""
    scene = known().play(paper.imported())
    early = b.supervisors(on=b.day(1, 9))
    scene.when("GO", early, subject=DECISION).refused("R-093", refusals.BeforeItsBasis)
    scene = scene.play(accepted)
    claimed = b.claim(on=b.day(1, 20), unit="ind", fulfilled_on=b.day(1, 18))
    scene = scene.act("IND", claimed, subject=DECISION)
    for side, role in ((b.GOV, "SUPG"), (b.UNION, "SUPU")):
        scene = scene.act(role, decisions.VerifyFulfilled(on=b.day(1, 21), side=side), subject=DECISION)
    done = scene.decision(DECISION)
    assert done.status is decisions.Status.FULFILLED
    assert done.imported
    assert done.record.standing is archives.Standing.UNFULFILLED


def test_r013_what_was_fulfilled_on_paper_was_never_verified_here():
    """It is closed as of its day, and nothing more is done with it."""
    scene = known().play(paper.imported(decisions=[paper.fulfilled()]))
    done = scene.decision(DECISION)
    assert (done.status, done.percent, done.verified) == (decisions.Status.FULFILLED, 100, {})
    assert (done.fulfilled_on, done.closed_on) == (b.day(1, 3), b.day(1, 3))
    scene.when("GO", b.supervisors(on=ON), subject=DECISION).refused("R-072", refusals.WrongState)


def test_r081_the_light_of_an_imported_decision_counts_from_its_import():
    """Nobody could report here before; where the paper prints no deadline it is blue and says so."""
    old = paper.meeting(held_on=date(2005, 1, 5), minutes_number="")
    record = paper.decision(meeting_held_on=old.held_on, deadline=None)
    scene = known().play(paper.imported(meetings=[old], decisions=[record]))
    known_one = scene.decision("h20050105-01")
    shown = lights.light(known_one, on=b.day(2, 1), days=b.calendar.WeekdayCalendar())
    assert (shown.colour, shown.text) == (lights.Colour.BLUE, "补录事项，原件未写明时限")
    silent = lights.light(known_one, on=b.day(12, 1), days=b.calendar.WeekdayCalendar())
    assert silent.colour is lights.Colour.RED


def test_r078_an_imported_decision_is_closed_by_a_later_meeting():
    """Terminated by the native meeting that follows."""
    scene = b.given(
        paper.imported(),
        paper.completed(on=b.day(1, 12)),
        b.meeting(agenda=("C1", "C6"), explained=(DECISION,), closing={DECISION: "terminated"}),
        b.minuted(),
    )
    assert scene.decision(DECISION).status is decisions.Status.TERMINATED


def test_r082_an_old_paper_of_unknown_disclosure_is_not_quoted_in_public():
    """Only what its paper declares public may be published word for word."""
    text = "工人文化宫消防改造工程由县住建局牵头实施并于六月底以前完成"
    for disclosure, refused in ((None, True), ("不公开", True), ("公开发布", False)):
        scene = known().play(
            paper.imported(
                meetings=[paper.meeting(disclosure=disclosure)], decisions=[paper.decision(text=text)]
            )
        )
        said = b.publish(on=ON, meeting=MEETING, text=text)
        done = scene.when("UO", said, subject="P1")
        if refused:
            done.refused("R-082", publicity.Undisclosed)
        else:
            done.then(publicity.PublicityRecorded)


def test_r098_a_unit_that_is_no_more_is_named_as_printed():
    """A closed decision needs no unit of today; its row tells the old name."""
    record = paper.fulfilled(lead_names=("县经济贸易局",), lead_units=())
    scene = known().play(paper.imported(decisions=[record]))
    (row,) = [row for row in views.all_rows(scene.dossier) if row.view == "decision"]
    assert row.body["lead_unit_names"] == ["县经济贸易局"]
