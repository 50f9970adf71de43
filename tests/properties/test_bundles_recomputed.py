"""The independent verifier counts from the bytes of lawful histories what the report counts from the views."""

import random
from datetime import date, timedelta

import pytest

from application import dossier as dossiers
from application import report_source, reports, views
from application.dossier import Dossier
from application.handlers import Facts
from application.report_rows import PairRows
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
