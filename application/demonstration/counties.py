"""All pairs beside 芮城县 that the demonstration plays."""

from datetime import date

from application.demonstration import counties_steady, counties_strained, procedure, townships
from application.demonstration.cast import enter
from application.demonstration.cycle import Season, play_season
from application.demonstration.procedure import Play
from application.stage import Stage

# In the order of their division codes, which is the official one.
SEASONS = (
    counties_strained.YANHU,
    counties_strained.WENXI,
    townships.WADI,
    counties_steady.JISHAN,
    counties_strained.XIAXIAN,
    counties_steady.PINGLU,
    townships.FENGLINGDU,
    counties_steady.YONGJI,
    counties_strained.HEJIN,
    townships.CHENGQU,
)


def play(stage: Stage, season: Season, until: date) -> None:
    """Play all that a pair does up to a day; acts dated later are left out."""
    if season.start > until:
        return
    company = enter(stage, season.cast, on=season.start)
    playing = Play(stage=stage, company=company, until=until)
    procedure.run(playing, lambda its: play_season(its, season))
