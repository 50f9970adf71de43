"""The figures of decisions: taken over, established, fulfilled in time or not, overdue. Source: R-026, R-069 – R-081."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from application.figure import Figure, Meant, Picked
from application.pair_year import PairYear, StandingDecision

# Whole years since it was established, on 1 January of the year it is carried into.
AGES: Final = (("0", "不满1年"), ("1", "1年以上不满2年"), ("2", "2年以上不满3年"), ("3", "3年以上"))


def age(of: PairYear, each: StandingDecision) -> int:
    """Give the age class of a decision that was carried over: whole years, 3 for all above."""
    born, begins = each.decision.established_on, date(of.year, 1, 1)
    whole = begins.year - born.year - ((begins.month, begins.day) < (born.month, born.day))
    return min(whole, 3)


def _ages() -> Iterator[Figure]:
    for number, label in AGES:

        def pick(of: PairYear, number: str = number) -> list[Picked]:
            return [Picked(each.id) for each in of.carried_over if str(age(of, each)) == number]

        meaning = f"结转事项中，到本年1月1日成立{label}的"
        yield Meant(f"decisions.carried_over.{number}", f"结转（{label}）", "R-026", meaning).of(
            "decision", pick
        )


def days_late(of: PairYear, each: StandingDecision) -> int:
    """Give how many days an overdue decision is past its deadline on the day."""
    return (of.on - each.step.deadline).days if each.step.deadline is not None else 0


def _revised(each: StandingDecision) -> date | None:
    return each.step.deadline


def _original(each: StandingDecision) -> date | None:
    return each.original_deadline


def _terms() -> Iterator[Figure]:
    terms: tuple[tuple[str, str, Callable[[StandingDecision], date | None]], ...] = (
        ("", "现", _revised),
        ("_original", "原", _original),
    )
    for suffix, word, deadline in terms:
        tail = f"（按{word}时限）"
        yield Meant(
            f"decisions.due{suffix}",
            f"到期{tail}",
            "R-076",
            f"合计中{word}完成时限已过或到期日当天已办结的；长期事项没有时限，终止、替代的不再到期，均不计",
        ).decisions(lambda of, each, deadline=deadline: of.has_come_due(each, deadline(each)))  # type: ignore[misc]  # A default binds the loop's value.
        yield Meant(
            f"decisions.due{suffix}_on_time",
            f"到期且按期办结{tail}",
            "R-076",
            f"到期的事项中，截至统计日办结且实际办结日期不晚于{word}完成时限的",
        ).decisions(
            lambda of, each, deadline=deadline: (
                of.has_come_due(each, deadline(each))  # type: ignore[misc]  # As above.
                and each.done_by(deadline(each))
            )
        )


DECISIONS: Final = (
    Meant(
        "decisions.established",
        "成立议定事项",
        "R-069",
        "随纪要印发成立、成立日期在本年且不晚于统计日的议定事项",
    ).of("decision", lambda of: [Picked(each.id) for each in of.established]),
    Meant(
        "decisions.carried_over",
        "结转议定事项",
        "R-026",
        "以前年度成立、到本年1月1日仍未办结（含未终止、未替代）的议定事项",
    ).of("decision", lambda of: [Picked(each.id) for each in of.carried_over]),
    *_ages(),
    Meant("decisions", "议定事项合计", "R-092", "本年成立与结转的议定事项之和").decisions(lambda _, __: True),
    Meant(
        "decisions.fulfilled",
        "办结",
        "R-077",
        "合计中截至统计日经双方核验办结的，以核验完成日为准；补录的按原件所载，另见“补录办结”",
    ).decisions(lambda _, each: each.fulfilled),
    Meant(
        "decisions.imported", "补录", "R-013", "合计中由历史资料补录的；计入合计、结转、办结和超期"
    ).decisions(lambda _, each: each.decision.imported),
    Meant(
        "decisions.imported_fulfilled",
        "补录办结",
        "R-013",
        "办结的事项中由历史资料补录的；原件所载的办结未经本系统双方核验",
    ).decisions(lambda _, each: each.decision.imported and each.fulfilled),
    Meant("decisions.on_time", "按期办结", "R-077", "办结的事项中，实际办结日期不晚于现完成时限的").decisions(
        lambda _, each: each.done_by(each.step.deadline)
    ),
    Meant("decisions.ended", "终止或替代", "R-078", "合计中截至统计日由以后的会议终止或替代的").decisions(
        lambda _, each: each.closed and not each.fulfilled
    ),
    Meant("decisions.open", "未办结", "R-026", "合计中截至统计日既未办结也未终止、替代的").decisions(
        lambda _, each: not each.closed
    ),
    Meant(
        "decisions.overdue",
        "超期",
        "R-081",
        "未办结的事项中，现完成时限已过的（统计日当天到期的，当天结束后计入）；列明超期天数",
    ).decisions(lambda of, each: of.is_overdue(each), days=days_late),
    *_terms(),
    Meant(
        "decisions.due_fulfilled", "到期且办结", "R-092", "到期（按现时限）的事项中，截至统计日办结的"
    ).decisions(lambda of, each: of.has_come_due(each, each.step.deadline) and each.fulfilled),
    Meant(
        "reports.due",
        "到期应汇报次数",
        "R-079",
        "汇报期限在本年、截至统计日已届满的向双方负责人的汇报（每件议定事项的首次、状态变化后、定期汇报分别计）；补录的不计",
    ).of("reporting", lambda of: [Picked(each.id) for each in of.owed_reports]),
    Meant("reports.in_time", "及时汇报次数", "R-079", "到期应汇报的中，期限内已向双方负责人汇报的").of(
        "reporting",
        lambda of: [
            Picked(each.id)
            for each in of.owed_reports
            if each.made_on is not None and each.made_on <= each.due
        ],
    ),
)
