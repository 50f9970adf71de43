"""Old papers for tests: a record with everything in order, to be changed in one place."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain import archives, legacy, pairs
from tests import builders as b

HELD_ON = date(2024, 11, 28)
SCAN = {"title": "2024年11月28日联席会议纪要（扫描件）", "sha256": b.HASH}
SOURCE = {"title": "历史资料.xlsx", "sha256": b.HASH}


def meeting(**change: Any) -> archives.MeetingRecord:
    """Give an old meeting."""
    body = {
        "held_on": HELD_ON,
        "ordinal": 1,
        "title": "芮城县人民政府与县总工会联席会议",
        "chair": "县长",
        "place": "县政府三楼会议室",
        "minutes_number": "芮政办纪〔2024〕11号",
        "document": SCAN,
        "raw": {"会议日期": "二○二四年十一月二十八日"},
    }
    return archives.MeetingRecord.model_validate({**body, **change})


def decision(**change: Any) -> archives.DecisionRecord:
    """Give an old decision that is not fulfilled."""
    body = {
        "meeting_held_on": HELD_ON,
        "number": 1,
        "text": "工人文化宫消防改造",
        "lead_names": ("县工信局",),
        "lead_units": ("ind",),
        "deadline": b.day(6, 30),
        "standing": "unfulfilled",
        "percent": 20,
        "explanation": "图审未完成。",
        "document": SCAN,
        "raw": {"完成时限": "2025.6.30"},
    }
    return archives.DecisionRecord.model_validate({**body, **change})


def fulfilled(**change: Any) -> archives.DecisionRecord:
    """Give an old decision that was carried out."""
    return decision(**{"standing": "fulfilled", "closed_on": b.day(1, 3), "percent": 100, **change})


def batch(
    *,
    meetings: Iterable[archives.MeetingRecord] | None = None,
    decisions: Iterable[archives.DecisionRecord] | None = None,
    on: date | None = None,
    **change: Any,
) -> legacy.ImportHistory:
    """Give the command that imports one old meeting and one decision, unless other records are named."""
    return legacy.ImportHistory(
        on=on or b.day(1, 10),
        source=legacy.Source(**{**SOURCE, **change}),
        meetings=tuple([meeting()] if meetings is None else meetings),
        decisions=tuple([decision()] if decisions is None else decisions),
    )


def imported(**change: Any) -> b.Step:
    """Import a batch."""
    return lambda scene: scene.act("GO", batch(**change))


def completed(*, on: date | None = None, sides: Iterable[b.Side] = tuple(b.Side)) -> b.Step:
    """Let both sides declare that the import is complete."""

    def step(scene: b.Scene) -> b.Scene:
        for side in sides:
            scene = scene.act(b.OFFICES[side], complete(scene, side, on=on))
        return scene

    return step


def complete(scene: b.Scene, side: b.Side, *, on: date | None = None) -> pairs.DeclareHistoryComplete:
    """Give the command by which one side declares that everything was imported."""
    return pairs.DeclareHistoryComplete(
        on=on or b.day(1, 10), side=side, history_hash=scene.dossier.pair.history_hash or b.HASH
    )
