"""The independent verifier counts from the bytes of lawful histories what the report counts from the views."""

import random
from datetime import date, timedelta

import pytest

from application import dossier as dossiers
from application import report_source, reports, views
from application.dossier import Dossier
from application.handlers import Facts
from application.report_rows import PairRows
from domain import pairs, topics
from tests import bundles
from tests.memory import MemoryLedger
from tests.properties.test_reports_as_of import lawful

DAYS = 6


def recorded(told: Facts) -> tuple[MemoryLedger, Dossier]:
    tenant = told[0][1].division.code
    ledger, known = MemoryLedger(), Dossier(tenant=tenant)
    for number, (stream, fact) in enumerate(told):
        with ledger.session(tenant, command_id=f"act/{number}", after=known.head) as session:
            session.append(
                dossiers.drafts(known, [(stream, fact)]),
                actor=fact.by.person,
                request_hash=bytes(32),
                answer={},
                rows=[],
            )
        known = dossiers.advance(known, ledger.entries(tenant, after=known.head.position))
    return ledger, known


def reported(dossier: Dossier, *, on: date, today: date) -> reports.Report:
    rows: dict[str, list] = {}
    for row in views.all_rows(dossier):
        rows.setdefault(row.view, []).append(row)
    return reports.report(
        report_source.source(
            {dossier.tenant: PairRows(head=dossier.head, rows=rows)},
            scope=dossier.tenant,
            period=report_source.period(on.year, today=today, on=on),
            days=bundles.DAYS,
            divisions=(),
        )
    )


@pytest.mark.parametrize("seed", range(7))
def test_r092_every_figure_of_a_lawful_history_is_recomputed_from_its_facts(seed, tmp_path):
    told = lawful(seed)
    ledger, dossier = recorded(told)
    content = bundles.packed(ledger, {dossier.tenant: dossier.head})
    days = sorted({fact.on for _, fact in told})
    ends = [date(year, 12, 31) for year in range(days[0].year, days[-1].year + 2)]
    # On the very day of a deadline it matters whether the day is over.
    due = sorted({each for _, fact in told if (each := getattr(fact, "deadline", None)) is not None})[:2]
    asked = []
    for number, day in enumerate([*random.Random(seed).sample(days, DAYS), *ends, *due, *due[:1]]):
        # On the day itself what is due on it has not come due; the day after it has.
        report = reported(dossier, on=day, today=day + timedelta(days=number % 2))
        asked += ["--report", bundles.written(report, tmp_path, f"{number}.json")]
    code, said = bundles.verified(content, tmp_path, *asked)
    assert code == bundles.verifier.FINE, said
    assert said.count("重新核算并比对") == len(asked) / 2


def agreed(told: Facts, tmp_path, *, on: date, name: str = "") -> None:
    """Demand that the verifier counts a history as the report of a day does, on the day and after it."""
    ledger, dossier = recorded(told)
    content = bundles.packed(ledger, {dossier.tenant: dossier.head})
    asked = []
    for late in (0, 1):
        report = reported(dossier, on=on, today=on + timedelta(days=late))
        asked += ["--report", bundles.written(report, tmp_path, f"{name}{late}.json")]
    code, said = bundles.verified(content, tmp_path, *asked)
    assert code == bundles.verifier.FINE, said


@pytest.mark.parametrize("seed", [13, 28])
def test_r048_a_consensus_that_was_voided_is_counted_by_both_as_gone(seed, tmp_path):
    """Half agreed, as the rules void it, and whole, as no rule does today: a fold must know both."""
    told = lawful(seed)
    voiding = (
        number
        for number, (_, fact) in enumerate(told)
        if isinstance(fact, topics.TopicConsentVoided) and fact.subject == "consensus"
    )
    half = next(voiding)
    agreed(told[: half + 1], tmp_path, on=told[half][1].on, name="half-")
    known = Dossier(tenant=told[0][1].division.code)
    for number, (stream, fact) in enumerate(told):
        known = dossiers.evolve(known, [(stream, fact)])
        topic = known.state(stream)
        if isinstance(fact, topics.ConsensusConfirmed) and topic.status is topics.Status.CONSENSUS:
            voided = topics.TopicConsentVoided(
                on=fact.on, by=fact.by, subject="consensus", content_hash=topic.consensus.content_hash
            )
            agreed([*told[: number + 1], (stream, voided)], tmp_path, on=fact.on, name="whole-")
            return
    raise AssertionError("no consensus was reached")


@pytest.mark.parametrize("left", [None, date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 1)])
@pytest.mark.parametrize("joined", [date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 1)])
def test_r005_the_last_day_on_which_adopting_counts_is_the_same_day_for_both(joined, left, tmp_path):
    """Who joins later owes no meeting that year; nor does who leaves before it."""
    registered, adopted = voluntary()
    told = [registered, (adopted[0], adopted[1].model_copy(update={"on": joined}))]
    if left is not None and left >= joined:
        by = adopted[1].by
        told.append((adopted[0], pairs.RegimeWithdrawn(on=joined, by=by, last_day=left, reason="改为会商")))
    for year in (2025, 2026):
        agreed(told, tmp_path, on=date(year, 12, 31), name=f"{year}-")


def voluntary() -> Facts:
    """Give how a pair by choice was registered and adopted the regime, from some lawful history."""
    for seed in range(20):
        told = lawful(seed)
        adopted = [each for each in told if isinstance(each[1], pairs.RegimeAdopted) and each[1].voluntary]
        if adopted:
            return [told[0], adopted[0]]
    raise AssertionError("no history with a pair by choice")
