"""The conformity sheet says of every clause what the facts say, and goes red when a fact is missing."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from application import conformity, conformity_meeting
from application.conformity import Verdict
from domain import meetings
from infrastructure.holidays import PublishedCalendar
from tests import builders as b
from tests.application.ledgers import begun, record
from tests.memory import MemoryLedger

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


def test_r091_an_unknown_meeting_has_no_sheet(case):
    with pytest.raises(conformity_meeting.UnknownMeeting):
        conformity_meeting.checks(replace(case, id="M9"))
