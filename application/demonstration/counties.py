"""All pairs beside 芮城县 that the demonstration plays."""

from datetime import date

from application.demonstration import (
    hejin,
    jishan,
    pinglu,
    playing,
    townships,
    wenxi,
    xiaxian,
    yanhu,
    yongji,
)
from application.demonstration.cast import enter
from application.demonstration.cycle import Season, play_season
from application.stage import Stage

# In the order of their division codes, which is the official one.
SEASONS = (
    yanhu.YANHU,
    wenxi.WENXI,
    townships.WADI,
    jishan.JISHAN,
    xiaxian.XIAXIAN,
    pinglu.PINGLU,
    townships.FENGLINGDU,
    yongji.YONGJI,
    hejin.HEJIN,
    townships.CHENGQU,
)


def play(stage: Stage, season: Season, until: date) -> None:
    """Play all that a pair does up to a day; acts dated later are left out."""
    if season.start > until:
        return
    company = enter(stage, season.cast, on=season.start)
    its = playing.Play(stage=stage, company=company, until=until)
    playing.run(its, lambda play_: play_season(play_, season))
