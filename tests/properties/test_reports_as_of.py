"""What a report of an earlier day says is what it said on that day, and no order of reading changes a byte of it."""

import random
from datetime import date, timedelta

import pytest

from application import dossier as dossiers
from application import report_source, reports, views
from application.dossier import Dossier
from application.handlers import Facts
from application.report_rows import PairRows
from domain import calendar
from domain.meetings import IrregularMeetingRecorded, MeetingHeld
from tests.properties.test_lawful_histories import Coverage, History

DAYS = calendar.WeekdayCalendar()
STEPS = 250


def lawful(seed: int) -> Facts:
    """Give the facts of one lawful history, in the order in which they were entered."""
    history = History(Coverage(), seed, 0.05)
    numbers = random.Random(seed)
    for _ in range(STEPS):
        history.step(numbers.randrange(2**32))
    return history.told


STEPPED = {"pair", "topic", "decision", "year", "liaison"}


def until(facts: Facts, day: date) -> Facts:
    """Give what had happened by a day: of topics and decisions nothing that was entered after a later act."""
    kept, ended = [], set()
    for stream, fact in facts:
        if fact.on > day and stream.partition(":")[0] in STEPPED:
            ended.add(stream)
        # A meeting is held on the day on which it is opened, whenever that is entered.
        happened = fact.on
        if isinstance(fact, MeetingHeld):
            happened = calendar.local_date(fact.opened_at)
        if isinstance(fact, IrregularMeetingRecorded):
            happened = calendar.local_date(fact.record.opened_at)
        if stream not in ended and happened <= day:
            kept.append((stream, fact))
    return kept


def source_of(tenant: str, facts: Facts, day: date, *, since: str = "") -> report_source.Source:
    dossier = dossiers.evolve(Dossier(tenant=tenant), facts)
    rows: dict[str, list] = {}
    for row in views.all_rows(dossier):
        if row.view != "tally" or row.body["year"] >= since:
            rows.setdefault(row.view, []).append(row)
    return report_source.source(
        {tenant: PairRows(head=dossiers.Head(position=1), rows=rows)},
        scope=tenant,
        period=report_source.period(day.year, today=day + timedelta(days=1), on=day),
        days=DAYS,
        divisions=(),
    )


@pytest.mark.parametrize("seed", range(6))
def test_r093_a_report_of_an_earlier_day_is_the_report_made_on_that_day(seed):
    told = lawful(seed)
    tenant = told[0][1].division.code
    days = sorted({fact.on for _, fact in told})
    for day in random.Random(seed).sample(days, min(12, len(days))):
        now, then = (reports.report(source_of(tenant, facts, day)) for facts in (told, until(told, day)))
        for one, other in zip(now.pairs, then.pairs, strict=True):
            figures = other.figures
            assert {name: count for name, count in one.figures.items() if figures[name] != count} == {}
            assert one == other
        assert now.sha256 == then.sha256


def test_r093_the_days_compared_tell_different_stories():
    told = lawful(1)
    tenant = told[0][1].division.code
    days = sorted({fact.on for _, fact in told})
    seen = {reports.report(source_of(tenant, told, day)).sha256 for day in days[-40:]}
    assert len(seen) > len(days[-40:]) / 2


@pytest.mark.parametrize("seed", range(3))
def test_r093_the_order_of_reading_changes_no_byte(seed):
    told = lawful(seed)
    source = source_of(told[0][1].division.code, told, max(fact.on for _, fact in told))
    dice = random.Random(seed)
    shuffled = source.model_copy(
        update={
            name: tuple(dice.sample(getattr(source, name), len(getattr(source, name))))
            for name in ("pairs", "rows", "limits", "owed", "rulebooks", "ledgers", "unregistered")
        }
    )
    assert shuffled != source
    assert reports.report(shuffled).model_dump_json() == reports.report(source).model_dump_json()


@pytest.mark.parametrize("seed", range(6))
def test_r093_what_a_report_of_a_later_year_leaves_unread_changes_no_byte(seed):
    told = lawful(seed)
    tenant = told[0][1].division.code
    first, last = min(fact.on for _, fact in told), max(fact.on for _, fact in told)
    left_out = 0
    for year in range(first.year, last.year + 3):
        for day in (date(year, 1, 1), date(year, 4, 30), date(year, 12, 31)):
            whole, part = (source_of(tenant, told, day, since=since) for since in ("", str(year)))
            assert reports.report(part).model_dump_json() == reports.report(whole).model_dump_json()
            left_out += len(whole.rows) - len(part.rows)
    assert left_out > 0
