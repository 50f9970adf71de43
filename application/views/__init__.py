"""Views: rows made of a dossier by pure functions, written in the transaction that appends.

The same functions write the rows, rebuild them, and answer an auditor's replay; there is no second fold.
"""

from collections.abc import Iterable

from application.dossier import Dossier, Subject
from application.ports import Row
from application.views import rows, tally

PAIR_COLUMNS = ("official_name", "mandatory", "adopted_on")


def _row(subject: Subject, dossier: Dossier) -> Row:
    return Row(
        view=subject.kind,
        id=subject.stream.partition(":")[2] or dossier.tenant,
        version=subject.version,
        position=subject.position,
        body=rows.body(subject, dossier),
    )


def _tally(dossier: Dossier, year: int) -> Row:
    counted, position = tally.tally(dossier, year)
    return Row(
        view="tally", id=str(year), version=position, position=position, body=counted.model_dump(mode="json")
    )


def changed(before: Dossier, after: Dossier, streams: Iterable[str]) -> list[Row]:
    """Give the rows that facts on these streams changed."""
    touched = [after.subjects[stream] for stream in sorted(set(streams))]
    made = [_row(subject, after) for subject in touched if subject.kind in rows.ROWS]
    years = {year for subject in touched if (year := tally.year_of(subject)) is not None}
    if any(getattr(before.pair, name) != getattr(after.pair, name) for name in PAIR_COLUMNS):
        years = all_years(after)
    return [*made, *(_tally(after, year) for year in sorted(years))]


def all_years(dossier: Dossier) -> set[int]:
    """List the years in which a pair has anything to count."""
    return {year for subject in dossier.subjects.values() if (year := tally.year_of(subject)) is not None}


def all_rows(dossier: Dossier) -> list[Row]:
    """Give every row of a pair: what its views must hold, all of it and nothing else."""
    made = [_row(subject, dossier) for subject in dossier.subjects.values() if subject.kind in rows.ROWS]
    return [*made, *(_tally(dossier, year) for year in sorted(all_years(dossier)))]
