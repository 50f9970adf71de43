"""The figures of pairs and their meetings: who owes, who met, under whom, about what, and with what result on paper.

Source: R-003, R-004, R-031, R-032, R-052, R-067, R-083, R-084.
"""

from collections.abc import Iterator
from typing import Final

from application import deviations
from application.figure import Figure, Meant, Picked
from application.pair_year import PairYear
from application.views.tally import HeldMeeting
from domain.decider import Side
from domain.meetings import Kind as MeetingKind
from domain.pairs import DivisionKind
from domain.publicity import About
from domain.regulation import Category

LEVELS: Final = {
    "city": ("市级", frozenset({DivisionKind.CITY})),
    "county": ("县级", frozenset({DivisionKind.COUNTY})),
    "township": ("乡级", frozenset({DivisionKind.TOWN, DivisionKind.TOWNSHIP, DivisionKind.SUBDISTRICT})),
    "zone": ("开发区", frozenset({DivisionKind.DEVELOPMENT_ZONE})),
    "industry": ("产业（行业）", frozenset({DivisionKind.INDUSTRY})),
}
BRIEFED: Final = (Category.C1, Category.C2, Category.C6)


def expected(of: PairYear) -> bool:
    """Whether the pair is one that should have the regime: every mandatory one, and by choice who has not left."""
    return of.pair.mandatory or (of.registered and not of.pair.left_by(of.on))


def _levels() -> Iterator[Figure]:
    for name, (label, kinds) in LEVELS.items():
        yield Meant(
            f"regime.expected.{name}", f"{label}应建制单位", "R-003", f"应建制单位中的{label}单位"
        ).pairs(lambda of, kinds=kinds: expected(of) and of.pair.kind in kinds)  # type: ignore[misc]  # A default binds the loop's value.
        yield Meant(
            f"regime.in_force.{name}", f"{label}已建制单位", "R-004", f"已建制单位中的{label}单位"
        ).pairs(lambda of, kinds=kinds: of.regime_in_force and of.pair.kind in kinds)  # type: ignore[misc]  # As above.


def _coverage() -> Iterator[Figure]:
    for category in BRIEFED:
        short = category.label[:3]
        yield Meant(
            f"meetings.with.{category.value}",
            f"含{short}通报的会议",
            "R-031",
            f"召开的会议中，议程含{category.label}的",
        ).meetings(lambda _, each, category=category: category.value in each.agenda)  # type: ignore[misc]  # As above.


def _uncovered(_: PairYear, each: HeldMeeting) -> bool:
    wanted = {Category.C1.value, Category.C2.value}
    return not each.imported and each.kind is MeetingKind.ANNUAL and not wanted <= set(each.agenda)


def _minutes_due(of: PairYear, each: HeldMeeting) -> bool:
    # An old paper's own minutes and publicity are not judged by a limit that this system never kept.
    if each.imported:
        return False
    return each.id in of.all_minutes or of.has_passed(of.limits[each.id].minutes_by)


def _minutes_on_time(of: PairYear, each: HeldMeeting) -> bool:
    issued = of.all_minutes.get(each.id) if not each.imported else None
    return issued is not None and issued.issued_on <= of.limits[each.id].minutes_by


def _content_due(of: PairYear, each: HeldMeeting) -> bool:
    if each.imported:
        return False
    return of.published_on(each, About.CONTENT) is not None or of.has_passed(of.limits[each.id].content_by)


def _content_on_time(of: PairYear, each: HeldMeeting) -> bool:
    day = of.published_on(each, About.CONTENT) if not each.imported else None
    return day is not None and day <= of.limits[each.id].content_by


def _effect_due(of: PairYear, each: HeldMeeting) -> bool:
    return not each.imported and of.following(each) is not None


def _effect_on_time(of: PairYear, each: HeldMeeting) -> bool:
    day, following = of.published_on(each, About.EFFECT), of.following(each)
    return not each.imported and following is not None and day is not None and day <= following.held_on


def _accounted(of: PairYear, *, explained: bool) -> list[Picked]:
    # Ids must do for a cursor, which knows no slash.
    return [
        Picked(f"{meeting.id}:{each.id.replace('/', ':')}")
        for meeting in of.meetings
        for each in meeting.unfulfilled
        if each.explained or not explained
    ]


PAIRS: Final = (
    Meant(
        "regime.expected",
        "应建制单位",
        "R-003",
        "应建制的市、县（市、区），不论是否登记；参照建制的，截至统计日已登记且没有退出的单位",
    ).pairs(expected),
    Meant("regime.in_force", "已建制单位", "R-004", "截至统计日实行联席会议制度的单位，已退出的不计").pairs(
        lambda of: of.regime_in_force
    ),
    Meant("regime.new", "当年新建制单位", "R-004", "建制日期在本年、不晚于统计日的单位").pairs(
        lambda of: (
            of.regime_in_force and of.pair.adopted_on is not None and of.pair.adopted_on.year == of.year
        )
    ),
    *_levels(),
    Meant(
        "due",
        "应召开单位",
        "R-032",
        "市、县（市、区）自2024年起逐年应召开；参照建制的，9月30日以前建制的当年计入，以后建制的自次年起计",
    ).pairs(lambda of: of.due),
    Meant("held", "已召开单位", "R-032", "截至统计日本年至少召开一次会议的单位，含补录的会议").pairs(
        lambda of: bool(of.counting)
    ),
    Meant(
        "held_imported", "仅据补录的已召开单位", "R-013", "已召开单位中，本年的会议都由历史资料补录的单位"
    ).pairs(lambda of: bool(of.counting) and all(each.imported for each in of.counting)),
    Meant(
        "held_due", "应召开且已召开单位", "R-032", "应召开单位中，截至统计日本年至少召开一次会议的单位"
    ).pairs(lambda of: of.due and bool(of.counting)),
    Meant("not_held", "未召开单位", "R-032", "应召开单位中，截至统计日本年没有召开会议的单位").pairs(
        lambda of: of.due and not of.counting
    ),
    Meant(
        "plan", "已纳入工作计划单位", "R-086", "应建制单位中，截至统计日本年已纳入政府年度重点工作计划的"
    ).pairs(lambda of: expected(of) and of.taken_in is not None and of.taken_in.plan),
    Meant("assessment", "已纳入考核单位", "R-087", "应建制单位中，截至统计日本年已纳入工会工作考核的").pairs(
        lambda of: expected(of) and of.taken_in is not None and of.taken_in.assessment
    ),
    Meant(
        "liaison", "已明确科室人员单位", "R-084", "截至统计日双方都已明确具体科室和工作人员的应建制单位"
    ).pairs(lambda of: expected(of) and of.liaison_sides == set(Side)),
)
MEETINGS: Final = (
    Meant("meetings", "召开会议", "R-032", "召开日期在本年、不晚于统计日的会议").meetings(lambda _, __: True),
    Meant("meetings.annual", "年度会议", "R-032", "召开的会议中的年度会议").meetings(
        lambda _, each: each.kind is MeetingKind.ANNUAL
    ),
    Meant(
        "meetings.irregular",
        "未履行程序的会议",
        "R-063",
        "召开的会议中，未经规定程序召开、双方事后登记的；不计入召开率",
    ).meetings(lambda _, each: each.irregular),
    Meant("meetings.special", "临时会议", "R-034", "召开的会议中因特殊情况、重大问题召开的会议").meetings(
        lambda _, each: each.kind is MeetingKind.SPECIAL
    ),
    Meant("meetings.imported", "补录的会议", "R-013", "召开的会议中由历史资料补录的会议").meetings(
        lambda _, each: each.imported
    ),
    Meant(
        "meetings.chair_known",
        "主持人职务明确的会议",
        "R-052",
        "召开的会议中，主持人是否主要负责同志已知的；补录的会议不知，不计",
    ).meetings(lambda _, each: not each.imported),
    Meant(
        "meetings.principal", "主要负责同志主持的会议", "R-052", "召开的会议中由政府主要负责同志主持的会议"
    ).meetings(lambda _, each: each.chair_is_principal and not each.imported),
    *_coverage(),
    Meant(
        "meetings.uncovered", "缺少通报的年度会议", "R-031", "年度会议中，议程缺第（一）类或第（二）类通报的"
    ).meetings(_uncovered),
    Meant(
        "meetings.minutes_due",
        "应印发纪要的会议",
        "R-067",
        "召开的会议中，截至统计日纪要已印发或印发期限已过的",
    ).meetings(_minutes_due),
    Meant(
        "meetings.minutes_on_time",
        "按时印发纪要的会议",
        "R-067",
        "召开的会议中，会后10个工作日（参数）内印发纪要的",
    ).meetings(_minutes_on_time),
    Meant(
        "meetings.content_due",
        "应宣传的会议",
        "R-083",
        "召开的会议中，截至统计日会议内容已宣传或宣传期限已过的",
    ).meetings(_content_due),
    Meant(
        "meetings.content_on_time",
        "按时宣传的会议",
        "R-083",
        "召开的会议中，会后20个工作日（参数）内宣传会议内容的",
    ).meetings(_content_on_time),
    Meant(
        "meetings.effect_due", "应宣传成效的会议", "R-083", "召开的会议中，截至统计日已召开下次会议的"
    ).meetings(_effect_due),
    Meant(
        "meetings.effect_on_time",
        "按时宣传成效的会议",
        "R-083",
        "应宣传成效的会议中，不晚于下次会议宣传议定事项成效的",
    ).meetings(_effect_on_time),
    Meant("minutes", "印发纪要", "R-067", "印发日期在本年、不晚于统计日的会议纪要").of(
        "minutes", lambda of: [Picked(each.id) for each in of.minutes]
    ),
    Meant(
        "outstanding", "应说明的未落实事项", "R-026", "本年各次会议通报的事项中未落实的（每次会议分别计）"
    ).of("accounted", lambda of: _accounted(of, explained=False)),
    Meant("outstanding.explained", "已说明的未落实事项", "R-027", "应说明的未落实事项中，会上已作说明的").of(
        "accounted", lambda of: _accounted(of, explained=True)
    ),
)


def _deviating() -> Iterator[Figure]:
    def on(requirement: str | None, of: PairYear) -> list[Picked]:
        return [Picked(each.id) for each in deviations.of(of) if requirement in {None, each.requirement}]

    yield Meant("deviations", "偏离", "R-004", "本年截至统计日制度允许、但须说明理由的偏离").of(
        "deviation", lambda of: on(None, of)
    )
    for requirement, what in deviations.KINDS.items():
        clause = deviations.clause(requirement)
        yield Meant(
            f"deviations.{requirement}", f"偏离：{what}", requirement, f"偏离中涉及“{clause}”的：{what}"
        ).of("deviation", lambda of, requirement=requirement: on(requirement, of))  # type: ignore[misc]  # As above.


DEVIATIONS: Final = tuple(_deviating())
