"""The conformity sheet of a pair's year: what each side owes every year, and how each of its meetings went.

Source: 二, 三; R-004, R-009, R-031, R-032, R-084, R-086, R-087, R-091, R-099.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from application import conformity, conformity_meeting, surroundings
from application.conformity import (
    Check,
    Finding,
    Recorded,
    Sheet,
    Trail,
    Verdict,
    deviates,
    fails,
    not_applicable,
    passed,
    pending,
)
from domain import calendar, liaison, meetings, pairs, years
from domain.decider import Fact, Side
from domain.regulation import PARAMETERS, Parameters, rule_version

BOTH: Final = frozenset(Side)
TOOK_PLACE: Final = (meetings.MeetingHeld, meetings.IrregularMeetingRecorded, meetings.MeetingImported)


class NotAYear(ValueError):
    """该年度尚未开始，或早于2003年。"""


@dataclass(frozen=True)
class Case:
    """One year of a pair with everything that its checks look at."""

    trail: Trail
    year: int
    on: date
    days: calendar.Calendar
    parameters: Parameters = PARAMETERS

    @property
    def stream(self) -> str:
        return f"year:{self.year}"

    @property
    def over(self) -> bool:
        return self.on.year > self.year

    @cached_property
    def state(self) -> years.Year:
        return self.trail.dossier.state(self.stream)  # type: ignore[no-any-return]  # A stream's state is its kind's.

    @cached_property
    def duty(self) -> years.Duty:
        return surroundings.of_year(self.trail.dossier, on=self.on)

    @cached_property
    def held(self) -> list[meetings.Meeting]:
        """The meetings held in the year, by date."""
        mine = [
            each for each in self.trail.dossier.meetings if each.held_on and each.held_on.year == self.year
        ]
        return sorted(mine, key=lambda each: (each.held_on or self.on, each.id))

    def of(self, *kinds: type[Fact]) -> list[Recorded]:
        """List the year's own facts of some kinds."""
        return self.trail.of(self.stream, *kinds)

    def missing(self, text: str) -> Finding:
        """Judge what has not been recorded: still to come, or missed with the year."""
        return fails(text) if self.over else pending(text)


def sheet(case: Case) -> Sheet:
    """Make the sheet of a year; pure: the same facts and day give the same bytes. Raises: NotAYear."""
    if not 2003 <= case.year <= case.on.year:  # noqa: PLR2004 - The year of the first rule.
        raise NotAYear(NotAYear.__doc__)
    own = [conformity.check(number, what, judge(case)) for number, what, judge in TABLE]
    return conformity.sheet(
        case.trail,
        title=f"{case.trail.dossier.pair.official_name}{case.year}年度合规检查表",
        subject=case.stream,
        rule_version=rule_version(min(case.on, date(case.year, 12, 31))),
        on=case.on,
        checks=[*own, *(_meeting(case, each) for each in case.held)],
    )


def _meeting(case: Case, meeting: meetings.Meeting) -> Check:
    """Sum up a meeting's own sheet in one line, with the positions of what it fails or deviates in."""
    found = conformity_meeting.checks(
        conformity_meeting.Case(
            trail=case.trail, id=meeting.id, on=case.on, days=case.days, parameters=case.parameters
        )
    )
    order = (Verdict.FAIL, Verdict.PENDING, Verdict.DEVIATION, Verdict.PASS)
    verdict = min((each.verdict for each in found if each.verdict in order), key=order.index)
    named = [f"{each.requirement} {each.verdict_label}" for each in found if each.verdict in order[:3]]
    return Check(
        requirement="R-091",
        clause="三(三)",
        what=f"{meeting.held_on} {meeting.designation}（{meeting.id}）",
        verdict=verdict,
        verdict_label=verdict.label,
        reason="；".join(named),
        positions=tuple(
            sorted({place for each in found if each.verdict is verdict for place in each.positions})
        ),
    )


def _based(case: Case) -> Finding:
    cited = case.trail.of("pair", pairs.BasisCited)
    adopted = case.trail.of("pair", pairs.RegimeAdopted)
    if not adopted:
        return fails("尚未建制") if case.trail.dossier.pair.mandatory else not_applicable("未参照建制")
    return passed([*cited, *adopted])


def _met(case: Case) -> Finding:
    counted = {each.id for each in years.counted(case.year, case.duty)}
    held = [
        each
        for each in case.trail.facts
        if isinstance(each.fact, TOOK_PLACE) and each.stream.partition(":")[2] in counted
    ]
    if counted:
        irregular = sum(each.irregular for each in years.counted(case.year, case.duty))
        note = f"，其中缺程序 {irregular} 次" if irregular else ""
        return passed(held, f"召开 {len(counted)} 次{note}")
    if not years.owes(case.year, case.duty):
        return not_applicable("本年不计")
    missed = case.of(years.YearDutyMissed)
    return fails("全年没有召开会议", missed) if case.over else pending("尚未召开")


def _covered(case: Case) -> Finding:
    annual = [each for each in case.held if each.kind is meetings.Kind.ANNUAL]
    if not annual:
        return not_applicable("没有年度会议")
    proof = [
        each for meeting in annual for each in case.trail.of(f"meeting:{meeting.id}", meetings.MeetingHeld)
    ]
    warnings = [text for each in annual for text in each.warnings]
    return deviates("；".join(dict.fromkeys(warnings)), proof) if warnings else passed(proof)


def _planned(case: Case) -> Finding:
    found = case.of(years.YearPlanIncluded)
    return passed(found) if found else case.missing("没有登记列入政府年度重点工作计划的文件")


def _assessed(case: Case) -> Finding:
    found = case.of(years.YearAssessmentIncluded)
    return passed(found) if found else case.missing("没有登记列入工会工作考核的方案")


def _discussed(case: Case) -> Finding:
    found = case.of(years.YearLeadershipDiscussed)
    silent = case.state.silent_sides
    if silent:
        text = f"没有登记领导班子研究情况：{'、'.join(side.label for side in silent)}"
        return fails(text, found) if case.over else pending(text, found)
    return passed(found)


def _staffed(case: Case) -> Finding:
    named = [
        each
        for side in Side
        for each in case.trail.of(f"liaison:{side.value}", liaison.LiaisonDesignated)
        if each.fact.on.year <= case.year
    ]
    sides = {each.stream.partition(":")[2] for each in named}
    missing = [side.label for side in Side if side.value not in sides]
    return fails(f"没有明确科室和人员：{'、'.join(missing)}", named) if missing else passed(named)


Judge = Callable[[Case], Finding]
TABLE: Final[Sequence[tuple[str, str, Judge]]] = (
    ("R-009", "建制，依据有效", _based),
    ("R-032", "每年至少召开一次", _met),
    ("R-031", "年度会议内容齐全", _covered),
    ("R-084", "双方明确科室和人员", _staffed),
    ("R-086", "列入政府年度重点工作计划", _planned),
    ("R-087", "列入工会工作考核", _assessed),
    ("R-099", "摆上双方领导重要议事日程", _discussed),
)
