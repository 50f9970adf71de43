"""A voluntary pair's way out of the regime, and recorded departures from the procedure.

Source: 三(三); R-004, R-005.
"""

from datetime import date
from typing import assert_never

from domain import pairs, refusals, regulation, wording
from domain.decider import Signatory, not_before


class MandatoryStays(refusals.Refusal):
    """市、县（市、区）须执行联席会议制度，不能退出。"""

    requirement = "R-005"


class LastDayUnfit(refusals.Refusal):
    """退出日期须在建制以后、最近一次会议以后，且不晚于登记当日。"""

    requirement = "R-005"


class UnknownClause(refusals.Refusal):
    """所列条款不是联席会议制度的条款。"""

    requirement = "R-004"
    remedy = "请填写条款（如“二(四)”）或能力编号（如“R-055”）。"


RegimeCommand = pairs.WithdrawRegime | pairs.RecordDeviation


def decide(
    command: RegimeCommand, pair: pairs.Pair, *, by: Signatory, last_held_on: date | None = None
) -> list["pairs.PairFact"]:
    """Decide a withdrawal or a departure; ``last_held_on`` is when the pair's last meeting was held.

    Raises: MandatoryStays, LastDayUnfit, UnknownClause, WrongState, TextMissing (R-004, R-005).
    """
    not_before(command.on, pair.registered_on, what="结对登记")
    match command:
        case pairs.WithdrawRegime():
            return [_withdrawn(command, pair, by=by, last_held_on=last_held_on)]
        case pairs.RecordDeviation():
            return [_deviated(command, by=by)]
        case _:
            assert_never(command)


def _withdrawn(
    command: pairs.WithdrawRegime, pair: pairs.Pair, *, by: Signatory, last_held_on: date | None
) -> pairs.RegimeWithdrawn:
    if pair.mandatory:
        raise MandatoryStays(f"{pair.official_name}。")
    if pair.adopted_on is None:
        raise refusals.WrongState("目前没有实行联席会议制度。", requirement="R-005")
    earliest = max(pair.adopted_on, last_held_on or pair.adopted_on)
    if not earliest <= command.last_day <= command.on:
        raise LastDayUnfit(f"在 {earliest} 与 {command.on} 之间。", pointer="/last_day")
    reason = wording.require(command.reason, what="退出原因", requirement="R-005", pointer="/reason")
    return pairs.RegimeWithdrawn(on=command.on, by=by, last_day=command.last_day, reason=reason)


def _deviated(command: pairs.RecordDeviation, *, by: Signatory) -> pairs.DeviationRecorded:
    clause = command.clause.replace("（", "(").replace("）", ")")
    clauses = {part for text in regulation.CLAUSES.values() for part in text.split("、")}
    if clause not in regulation.CLAUSES and clause not in clauses:
        raise UnknownClause(f"“{command.clause}”。", pointer="/clause")
    what = wording.require(command.what, what="与程序不同之处", requirement="R-004", pointer="/what")
    reason = wording.require(command.reason, what="理由", requirement="R-004", pointer="/reason")
    return pairs.DeviationRecorded(on=command.on, by=by, clause=clause, what=what, reason=reason)
