"""The figures of topics: proposed by whom, about what, and how far they came. Source: R-038 – R-048, R-090, R-092."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from application.figure import Figure, Meant, Picked
from application.pair_year import PairYear, StandingTopic
from domain import topics
from domain.decider import Side
from domain.regulation import CATEGORY_LABELS, DELIBERATIONS

Test: TypeAlias = Callable[[StandingTopic], bool]


def _states() -> Iterator[Figure]:
    for status in topics.Status:
        if status is not topics.Status.UNBORN:
            label = topics.STATUS_LABELS[status]
            meaning = f"本年提出、截至统计日为“{label}”的议题"

            def pick(of: PairYear, status: topics.Status = status) -> list[Picked]:
                return [Picked(each.topic.id) for each in of.all_topics if each.step.status is status]

            yield Meant(f"topics.state.{status.value}", f"议题（{label}）", "R-092", meaning).of(
                "topic", pick
            )


def _categories() -> Iterator[Figure]:
    for category in sorted(DELIBERATIONS):
        label = CATEGORY_LABELS[category]
        meaning = f"本年提出的议题，内容类别为{label}"
        yield Meant(f"topics.category.{category.value}", f"议题{label[:3]}", "R-092", meaning).topics(
            lambda each, category=category: each.step.category is category  # type: ignore[misc]  # A default binds the loop's value.
        )


STAGES: Final[tuple[tuple[str, str, str, str, Test], ...]] = (
    ("topics.submitted", "提交议题", "R-039", "曾经提交", lambda each: each.step.submitted),
    (
        "topics.approved",
        "审定议题",
        "R-042",
        "曾经政府联系工会工作的负责人审定",
        lambda each: each.step.approved,
    ),
    (
        "topics.consensus",
        "达成共识议题",
        "R-048",
        "基本达成共识（最后一次为特例的不计，只经未履行程序的会议研究的不计）",
        lambda each: each.step.approved and each.step.agreed,
    ),
    (
        "topics.overridden",
        "特例上会议题",
        "R-048",
        "未达成共识、经双方同意作为特例提交临时会议（不计入达成共识）",
        lambda each: each.step.overridden,
    ),
)


def _stages() -> Iterator[Figure]:
    for name, label, basis, meaning, test in STAGES:
        yield Meant(name, label, basis, f"本年提出的议题中，截至统计日{meaning}的").topics(test)


def _of(side: Side, test: Test) -> Test:
    return lambda each: each.topic.side is side and test(each)


def _sides() -> Iterator[Figure]:
    for side in Side:
        meaning = f"本年由{side.label}的单位提出的议题"
        proposed = Meant(f"topics.side.{side.value}", f"议题（{side.label}提出）", "R-090", meaning)
        yield proposed.topics(_of(side, lambda _: True))
        for name, label, _, stage, test in STAGES:
            reached = Meant(
                f"{name}.{side.value}",
                f"{label}（{side.label}提出）",
                "R-090",
                f"{meaning}中，截至统计日{stage}的",
            )
            yield reached.topics(_of(side, test))


TOPICS: Final = (
    Meant(
        "topics",
        "提出议题",
        "R-038",
        "提出日期在本年、不晚于统计日的议题；已合并、拆分、转报上级的，由新议题计入，原议题不重复计",
    ).topics(lambda _: True),
    Meant(
        "topics.replaced",
        "已合并、拆分、转报的原议题",
        "R-050",
        "提出日期在本年、截至统计日已合并、拆分或转报上级结对单位的议题；不计入提出议题及其各项分类",
    ).of("topic", lambda of: [Picked(each.topic.id) for each in of.replaced]),
    *_categories(),
    *_sides(),
    *_states(),
    *_stages(),
)
