"""The whole demonstration in one bundle: it verifies, and its reports are recomputed from the facts to the last figure."""

from collections import Counter
from datetime import date, timedelta

import pytest

from application import report_source, reports
from infrastructure.divisions import PackagedDivisions
from tests import bundles
from tests.journeys.stages import TODAY
from tests.journeys.test_demonstration import play

DIVISIONS = PackagedDivisions().all()
# (scope, whether that pair alone, the last day counted)
ASKED = [
    *(("1408", False, day) for day in (date(2023, 12, 31), date(2024, 12, 31), date(2025, 6, 30))),
    *(("1408", False, day) for day in (date(2025, 12, 31), date(2026, 3, 31), date(2026, 8, 15), TODAY)),
    ("140830", False, TODAY),
    ("140830", True, date(2025, 12, 31)),
    ("140830402", True, TODAY),
]


@pytest.fixture(scope="module")
def ledger():
    return play(TODAY)[0]


def report(ledger, scope: str, day: date, *, alone: bool, today: date) -> reports.Report:
    source = report_source.gather(
        ledger,
        scope=scope,
        period=report_source.period(day.year, today=today, on=day),
        days=bundles.DAYS,
        divisions=DIVISIONS,
        alone=alone,
    )
    return reports.report(source)


def test_r092_every_report_of_the_demonstration_is_recomputed_from_its_facts(ledger, tmp_path):
    content = bundles.packed(ledger, ledger.heads("14"), divisions=DIVISIONS)
    arguments, shown = [], Counter()
    for number, (scope, alone, day) in enumerate(ASKED):
        for today in (day, day + timedelta(days=1)):
            made = report(ledger, scope, day, alone=alone, today=today)
            path = bundles.written(made, tmp_path, f"{number}-{today}.json")
            arguments += ["--report", path]
            shown.update(name for name, count in made.mandatory.figures.items() if count)
            shown.update(name for name, count in made.voluntary.figures.items() if count)
    code, said = bundles.verified(content, tmp_path, *arguments)
    assert code == bundles.verifier.FINE, said
    assert said.count("重新核算并比对") == 2 * len(ASKED)
    assert len(shown) > 70, sorted(bundles.verifier.FIGURES - set(shown))
