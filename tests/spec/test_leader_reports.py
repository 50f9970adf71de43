"""Reports to the leaders of both sides: to whom, on what, and whether in time."""

from datetime import date

import pytest

from domain import decisions, leader_reports, refusals, reporting
from domain.decisions import Status
from domain.regulation import Parameters
from domain.reporting import Reason
from infrastructure.holidays import PublishedCalendar
from tests import builders as b

DAYS = PublishedCalendar()


def established(until=Status.ACCEPTED, **change):
    return b.given(b.established(b.decided(until=until), **change))


@pytest.mark.parametrize("role", ["GO", "UO", "SUPG", "SUPU"])
@pytest.mark.parametrize("government", ["post-GL", "post-GP"])
def test_r079_leaders_of_both_sides_are_told_how_each_decision_stands(role, government):
    """Whoever reports, the standing on that day is kept."""
    command = b.tell_leaders(recipients=(government, "post-UP"), decisions=("M1-01", "M1-01"))
    scene = established().when(role, command).then(leader_reports.LeadersReported)
    (made,) = scene.dossier.leader_reports
    assert [(each.decision, each.status, each.percent) for each in made.decisions] == [
        ("M1-01", "accepted", 0)
    ]
    assert [each.person for each in made.recipients] == [government.removeprefix("post-"), "UP"]


@pytest.mark.parametrize(
    "recipients",
    [("post-GL",), ("post-GP", "post-GL"), ("post-UP",), ("post-LEADER", "post-UP"), ("post-GL", "post-UL")],
)
def test_r079_a_report_to_one_side_alone_is_refused(recipients):
    """The liaison leader or the head of government, and the union's principal."""
    command = b.tell_leaders(recipients=recipients)
    established().when("GO", command).refused("R-079", leader_reports.BothSidesLeaders)


@pytest.mark.parametrize("role", ["GL", "UP", "HR", "ADMIN"])
def test_r079_nobody_else_reports(role):
    """Leaders do not report to themselves."""
    established().when(role, b.tell_leaders()).refused("R-079", refusals.NotEntitled)


def test_r079_a_report_says_what_of_which_decisions_to_whom():
    """Known decisions, leaders in office on that day, and something to say; once."""
    scene = established()
    for nothing in ("", "无", "略。"):
        scene.when("GO", b.tell_leaders(text=nothing)).refused("R-079", refusals.TextMissing)
    scene.when("GO", b.tell_leaders(decisions=())).refused("R-079", leader_reports.NothingReported)
    scene.when("GO", b.tell_leaders(decisions=("M9-01",))).refused("R-079", refusals.NotFound)
    unknown = b.tell_leaders(recipients=("post-GL", "nobody"))
    scene.when("GO", unknown).refused("R-079", refusals.NotFound)
    left = scene.act("ADMIN", b.people.EndPost(on=b.day(5, 1), last_day=b.day(5, 13)), subject="post-GL")
    left.when("GO", b.tell_leaders()).refused("R-079", refusals.NotFound)
    early = b.tell_leaders(on=b.day(4, 28))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    made = scene.act("GO", b.tell_leaders())
    made.when("GO", b.tell_leaders()).refused("R-079", refusals.AlreadyDone)


def test_r079_a_report_entered_late_tells_how_it_stood_on_its_day():
    """Not how it stands when it is entered."""
    scene = established(Status.FULFILLED).act("GO", b.tell_leaders(on=b.day(6, 2)))
    (told,) = scene.dossier.leader_reports[0].decisions
    assert (told.status, told.status_label, told.percent) == ("in_progress", "办理中", 50)
    assert told.deadline == told.original_deadline == b.day(11, 28)


# --- in time ----------------------------------------------------------------------------------------------------


def told(*days, decision="M1-01"):
    """Give reports on some days."""
    standing = leader_reports.Standing(
        decision=decision, status="", status_label="", percent=0, deadline=None, original_deadline=None
    )
    return [
        leader_reports.LeaderReport(id=f"R{number}", on=day, decisions=(standing,))
        for number, day in enumerate(days)
    ]


def known(*steps, established_on=date(2025, 4, 29), closed_on=None, **change):
    """Give a decision with a path."""
    path = (decisions.Step(on=established_on, status=Status.ESTABLISHED), *steps)
    return decisions.Decision(
        id="M1-01", established_on=established_on, path=path, closed_on=closed_on, **change
    )


def at(on, status):
    return decisions.Step(on=on, status=status)


def timely(decision, *days, on, **change):
    return reporting.timeliness(decision, told(*days), on=on, days=DAYS, **change)


def test_r079_the_first_report_is_due_within_a_month():
    """From then on each quarter."""
    none = timely(known(), on=b.day(5, 29))
    assert (none.next_due, none.late) == (b.day(5, 29), ())
    assert not timely(known(), on=b.day(5, 30)).timely
    after = timely(known(), b.day(5, 29), on=b.day(6, 1))
    assert (after.next_due, after.timely) == (b.day(8, 29), True)
    late = timely(known(), b.day(5, 30), on=b.day(6, 1))
    assert [(each.reason, each.made_on) for each in late.late] == [(Reason.FIRST, b.day(5, 30))]


def test_r079_a_change_of_state_is_told_within_five_working_days():
    """Over a weekend, and not counting progress or what changed before the first report."""
    steps = (
        at(b.day(5, 6), Status.SUPERVISED),
        at(b.day(5, 8), Status.ACCEPTED),
        at(b.day(5, 31), Status.IN_PROGRESS),
        at(b.day(6, 20), Status.CLAIMED),
    )
    running = known(*steps)
    assert timely(running, b.day(5, 14), b.day(6, 27), on=b.day(6, 30)).timely
    late = timely(running, b.day(5, 14), b.day(6, 30), on=b.day(6, 30))
    assert [(each.reason, each.since, each.due) for each in late.late] == [
        (Reason.CHANGE, b.day(6, 20), b.day(6, 27))
    ]
    returned = known(*steps, at(b.day(6, 25), Status.IN_PROGRESS))
    assert [each.since for each in timely(returned, b.day(5, 14), on=b.day(7, 10)).late] == [
        b.day(6, 20),
        b.day(6, 25),
    ]


def test_r079_a_quarter_without_a_report_is_late_until_the_next_one():
    """A long-term decision goes by its own interval; a closed one owes the report on its end alone."""
    gap = timely(known(), b.day(5, 14), b.day(8, 15), on=b.day(9, 1))
    assert [(each.reason, each.due) for each in gap.late] == [(Reason.INTERVAL, b.day(8, 14))]
    long = known(long_term=True, report_interval_months=6)
    assert timely(long, b.day(5, 14), on=b.day(9, 1)).next_due == b.day(11, 14)
    closed = known(at(b.day(6, 2), Status.FULFILLED), closed_on=b.day(6, 2), status=Status.FULFILLED)
    told_of_it = timely(closed, b.day(5, 14), b.day(6, 5), on=b.day(12, 31))
    assert (told_of_it.next_due, told_of_it.timely) == (None, True)
    untold = timely(closed, b.day(5, 14), on=b.day(12, 31))
    assert [each.reason for each in untold.late] == [Reason.CHANGE]


def test_r079_the_parameters_decide_and_later_reports_do_not_count_yet():
    """As of a day means as of that day; an unpublished year is counted provisionally."""
    strict = Parameters(status_report_days=1, report_interval_months=1)
    assert timely(known(), b.day(5, 14), on=b.day(6, 1), parameters=strict).next_due == b.day(6, 14)
    assert timely(known(), b.day(5, 14), on=b.day(6, 1)).next_due == b.day(8, 14)
    assert timely(known(), b.day(6, 30), on=b.day(5, 1)).next_due == b.day(5, 29)
    assert timely(known(established_on=b.day(9, 9)), on=b.day(5, 1)).duties == ()
    far = known(at(date(2027, 3, 1), Status.CLAIMED), established_on=date(2027, 1, 4))
    change = [each for each in timely(far, date(2027, 1, 5), on=date(2027, 3, 2)).duties if each.provisional]
    assert [each.due for each in change] == [date(2027, 3, 8)]


def test_r079_months_end_where_the_month_ends():
    """A month after 31 January is the last of February."""
    assert reporting.add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert reporting.add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)


REPORTED = (
    date(2025, 5, 14),
    date(2025, 6, 27),
    date(2025, 9, 4),
    date(2025, 11, 21),
    date(2025, 12, 31),
    date(2026, 3, 27),
    date(2026, 4, 27),
    date(2026, 5, 11),
    date(2026, 6, 30),
    date(2026, 9, 28),
)
FIRST_SIGNED = (at(date(2025, 5, 6), Status.SUPERVISED), at(date(2025, 5, 8), Status.ACCEPTED))
EXAMPLE = {
    "D1": (date(2025, 4, 29), FIRST_SIGNED, date(2025, 5, 31), date(2025, 11, 17), date(2025, 11, 19)),
    "D2": (date(2025, 4, 29), FIRST_SIGNED, date(2025, 5, 31), date(2025, 8, 28), date(2025, 9, 2)),
    "D3": (date(2025, 4, 29), FIRST_SIGNED, date(2025, 5, 31), date(2025, 12, 25), date(2025, 12, 29)),
    "D4": (date(2025, 4, 29), FIRST_SIGNED, date(2025, 5, 31), date(2026, 6, 26), date(2026, 6, 29)),
    "D5": (
        date(2026, 4, 29),
        (at(date(2026, 5, 7), Status.SUPERVISED), at(date(2026, 5, 7), Status.ACCEPTED)),
        date(2026, 5, 31),
        None,
        None,
    ),
}


@pytest.mark.parametrize("name", EXAMPLE)
def test_r079_the_reports_of_the_worked_example_are_all_in_time(name):
    """Its ten dates (example.md, step 22), the decisions D1 – D5, on 1 October 2026."""
    began, steps, progress, claimed, verified = EXAMPLE[name]
    path = [*steps, at(progress, Status.IN_PROGRESS)]
    if claimed is not None:
        path += [at(claimed, Status.CLAIMED), at(verified, Status.FULFILLED)]
    decision = known(*path, established_on=began, closed_on=verified)
    open_from = [day for day in REPORTED if day >= began and (verified is None or day <= date(2026, 9, 28))]
    found = timely(decision, *open_from, on=date(2026, 10, 1))
    assert found.late == ()
    assert found.next_due == (None if verified else date(2026, 12, 28))
    # Left out, almost any of them would be missed by a decision that was open then.
    without = timely(decision, *(day for day in open_from if day > date(2026, 6, 1)), on=date(2026, 10, 1))
    assert without.late
