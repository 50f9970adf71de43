"""The conformity sheet says of every clause what the facts say, and goes red when a fact is missing."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from application import conformity, conformity_meeting, conformity_year
from application.conformity import Verdict
from domain import meetings, years
from infrastructure.holidays import PublishedCalendar
from tests import builders as b
from tests import paper, rules
from tests.application.ledgers import begun, record
from tests.memory import MemoryLedger
from tests.spec import test_irregular, test_legacy
from tests.spec import test_short_reports as short
from tests.spec.test_irregular import late_entry

DAYS = PublishedCalendar()
YEAR_END = date(2025, 12, 31)


def case_of(scene, meeting="M1", on=YEAR_END):
    ledger = MemoryLedger()
    record(ledger, scene)
    tenant = scene.dossier.tenant
    known = conformity.trail(tenant, ledger.entries(tenant))
    return conformity_meeting.Case(trail=known, id=meeting, on=on, days=DAYS)


def lawful(**meeting):
    return b.given_nothing(
        *begun(b.COUNTY),
        b.topic(),
        b.meeting(**meeting),
        b.minuted(),
        b.decided(),
        lambda scene: scene.act("GO", b.publish(), subject="P1"),
    )


@pytest.fixture(scope="module")
def case():
    return case_of(lawful())


def verdicts(case):
    return {each.requirement: each.verdict for each in conformity_meeting.checks(case)}


def test_r091_a_lawful_meeting_passes_every_clause_that_applies(case):
    found = verdicts(case)
    assert set(found.values()) <= {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert found["R-042"] is Verdict.PASS
    assert found["R-035"] is Verdict.NOT_APPLICABLE


def test_r035_a2_a_notice_too_soon_after_the_consultation_is_seen():
    """By the days that the pair had adopted when the notice was issued, whatever let it in."""
    scene = lawful(special=True)
    assert verdicts(case_of(scene))["R-035"] is Verdict.PASS
    later = scene.play(rules.under(b.day(4, 14), prior_consultation_min_days=30))
    assert verdicts(case_of(later))["R-035"] is Verdict.PASS
    bound = scene.play(rules.under(b.day(4, 13), prior_consultation_min_days=8))
    assert verdicts(case_of(bound))["R-035"] is Verdict.FAIL


def test_r091_every_passed_clause_falls_with_the_facts_that_prove_it(case):
    """The proof is the proof: without those facts the clause is no longer met."""
    proven = [each for each in conformity_meeting.checks(case) if each.positions]
    assert len(proven) > 20
    unproven = []
    for each in proven:
        left = tuple(fact for fact in case.trail.facts if fact.position not in each.positions)
        without = replace(case, trail=replace(case.trail, facts=left))
        if verdicts(without)[each.requirement] is Verdict.PASS:
            unproven.append(each.requirement)
    assert unproven == []


def test_r091_each_proof_is_a_fact_of_its_subject(case):
    for each in conformity_meeting.checks(case):
        assert set(each.positions) <= {fact.position for fact in case.trail.facts}
        assert each.clause


def test_r091_the_sheet_counts_what_it_lists_and_the_same_facts_give_the_same_bytes(case):
    sheet = conformity_meeting.sheet(case)
    assert sheet.counts == {each.value: Counter(c.verdict for c in sheet.checks)[each] for each in Verdict}
    assert conformity_meeting.sheet(case) == sheet
    assert (sheet.position, sheet.hash) == (case.trail.head.position, case.trail.head.hash.hex())
    assert len(sheet.sha256) == 64


def test_r091_one_person_for_both_sides_is_seen(case):
    """A forged ledger in which one person consented for both sides does not pass."""
    forged = tuple(
        replace(
            each, fact=each.fact.model_copy(update={"by": each.fact.by.model_copy(update={"person": "x"})})
        )
        if isinstance(each.fact, meetings.MeetingConsentGiven)
        else each
        for each in case.trail.facts
    )
    found = verdicts(replace(case, trail=replace(case.trail, facts=forged)))
    assert found["R-033"] is found["R-055"] is Verdict.FAIL


def test_r027_a15_a_short_report_is_proven_by_what_the_last_meeting_was_told():
    """Without that explanation, without the full report or without the parameter, the sheet says so."""
    scene = short.ready(short.third().act("GO", short.SHORT, subject="M3"))
    held = case_of(scene.act("GO", b.hold(short.OPENING), subject="M3"), "M3", on=date(2027, 12, 31))
    found = {each.requirement: each for each in conformity_meeting.checks(held)}
    assert {found[each].verdict for each in ("R-025", "R-027")} == {Verdict.PASS}
    told = [each for each in held.trail.facts if isinstance(each.fact, meetings.UnfulfilledExplained)]
    assert found["R-027"].positions == (told[0].position,)
    silent = replace(held.trail, facts=tuple(each for each in held.trail.facts if each not in told))
    assert verdicts(replace(held, trail=silent))["R-027"] is Verdict.FAIL
    for stream in ("rulebook", "meeting:M2"):
        known = held.trail.dossier
        rest = {name: each for name, each in known.subjects.items() if name != stream}
        bare = replace(held.trail, dossier=replace(known, subjects=rest))
        assert verdicts(replace(held, trail=bare))["R-025"] is Verdict.FAIL


def test_r008_the_sheet_of_a_meeting_entered_late_is_titled_by_its_day():
    """It has no ordinal to be titled by."""
    scene = late_entry()
    titles = [conformity_meeting.sheet(case_of(scene, each)).title for each in ("M1", "M2")]
    assert titles[0].endswith("联席会议第1次会议合规检查表")
    assert titles[1].endswith("联席会议2025年4月22日会议合规检查表")
    sheet = year_of(scene)
    named = [each.what for each in sheet.checks if each.what.endswith("）")]
    assert named == ["2025-04-22 2025年4月22日会议（M2）", "2025-06-10 第1次会议（M1）"]


def test_r091_an_unknown_meeting_has_no_sheet(case):
    with pytest.raises(conformity_meeting.UnknownMeeting):
        conformity_meeting.checks(replace(case, id="M9"))


# --- the year ------------------------------------------------------------------------------------------------


def year_of(scene, year=2025, on=YEAR_END):
    made = case_of(scene)
    return conformity_year.sheet(conformity_year.Case(trail=made.trail, year=year, on=on, days=DAYS))


def found(sheet):
    return {each.requirement: each.verdict for each in sheet.checks if each.requirement != "R-091"}


def dutiful(scene):
    """Record all that both sides owe in a year."""
    plan = years.RecordPlanInclusion(on=b.day(2, 18), number="芮政发〔2025〕2号", title="年度计划")
    assessed = years.RecordAssessmentInclusion(
        on=b.day(2, 18), number="运工发〔2025〕5号", title="考核方案", upper_union="运城市总工会"
    )
    scene = scene.act("GO", plan, subject="2025").act("UO", assessed, subject="2025")
    for side, role in b.OFFICES.items():
        told = years.RecordLeadershipDiscussion(on=b.day(3, 1), side=side, body="常务会议", document="第3次")
        scene = scene.act(role, told, subject="2025")
    return scene


def test_r091_a_year_in_which_everything_was_done_passes():
    sheet = year_of(dutiful(lawful()))
    assert set(found(sheet).values()) == {Verdict.PASS}
    (met,) = [each for each in sheet.checks if each.requirement == "R-091"]
    assert met.verdict is Verdict.PASS


def test_r091_what_a_year_lacks_is_pending_until_it_ends_and_then_fails():
    scene = lawful()
    during, after = year_of(scene), year_of(scene, on=date(2026, 1, 1))
    lacking = {"R-086", "R-087", "R-099"}
    assert {each for each, verdict in found(during).items() if verdict is Verdict.PENDING} == lacking
    assert {each for each, verdict in found(after).items() if verdict is Verdict.FAIL} == lacking


def test_r091_a_year_without_a_meeting_fails_once_it_is_over():
    scene = b.given_nothing(*begun(b.COUNTY))
    assert found(year_of(scene))["R-032"] is Verdict.PENDING
    assert found(year_of(scene, on=date(2026, 1, 1)))["R-032"] is Verdict.FAIL


def test_r091_a_year_that_has_not_begun_has_no_sheet():
    with pytest.raises(conformity_year.NotAYear):
        year_of(lawful(), year=2026)


# --- meetings that were not prepared here ---------------------------------------------------------------------


def test_r091_an_imported_meeting_is_kept_and_not_judged():
    scene = test_legacy.known().act("UO", paper.batch())
    (imported,) = [each for each in scene.dossier.meetings if each.imported]
    (check,) = conformity_meeting.checks(case_of(scene, imported.id))
    assert (check.requirement, check.verdict) == ("R-013", Verdict.PASS)
    assert check.positions


def test_r091_what_an_irregular_meeting_lacked_is_a_deviation_with_its_reason():
    scene = test_irregular.recorded(b.given_nothing(*begun(b.COUNTY)))
    found = {each.requirement: each for each in conformity_meeting.checks(case_of(scene))}
    lacking = scene.meeting().gates_missing
    assert {"R-055", "R-057"} <= set(lacking)
    assert {found[each].verdict for each in lacking if each in found} == {Verdict.DEVIATION}
    assert scene.meeting().irregularity.reason in found["R-055"].reason
