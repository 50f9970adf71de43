"""The rows that people read: a subject's folded state with its labels. Nothing that depends on the day is kept."""

from datetime import date

from pydantic import Field

from application.dossier import Dossier, Subject
from domain import (
    corrections,
    decisions,
    delegations,
    leader_reports,
    legacy,
    liaison,
    meetings,
    minutes,
    names,
    pairs,
    people,
    practices,
    publicity,
    rulebook,
    schemes,
    scores,
    standards,
    suggestions,
    supporting_rules,
    topics,
    years,
)
from domain.decider import Side, Value


class PairRow(pairs.Pair):
    """结对单位。"""

    history_declared: bool = False
    name_history: names.Names = ()
    no_history_hash: str = ""


class UnitRow(people.Unit):
    """单位。"""


class PostRow(people.Post):
    """任职。"""


class DelegationRow(delegations.Delegation):
    """委托。"""

    matter_labels: tuple[str, ...] = ()


class LiaisonRow(liaison.Liaison):
    """联络科室和人员。"""


class TopicRow(topics.Topic):
    """议题。"""

    status_label: str = ""
    unit_name: str = ""
    category_label: str = ""
    conditions: dict[str, str] = Field(default_factory=dict)
    overridden_by: tuple[str, ...] = ()


class ProposalRow(suggestions.Proposal):
    """主张建议。"""

    status_label: str = ""
    unit_name: str = ""
    to_names: tuple[str, ...] = ()


class MeetingRow(meetings.Meeting):
    """会议。"""

    status_label: str = ""
    known_as: str = ""
    awaits_answer_of: Side | None = None
    unacknowledged_units: tuple[str, ...] = ()
    minutes_issued_on: date | None = None


class MinutesRow(minutes.Minutes):
    """会议纪要。"""

    held_on: date | None = None
    status_label: str = ""


class DecisionRow(decisions.Decision):
    """议定事项。"""

    status_label: str = ""
    lead_unit_names: tuple[str, ...] = ()
    open_now: bool = True


class CorrectionRow(corrections.Correction):
    """纪要更正。"""

    status_label: str = ""


class LeaderReportRow(leader_reports.LeaderReport):
    """向负责人的汇报。"""


class BatchRow(legacy.Batch):
    """一批补录的历史资料。"""


class PublicityRow(publicity.Publicity):
    """宣传报道。"""


class YearRow(years.Year):
    """年度。"""


class SchemeRow(schemes.Scheme):
    """考核方案。"""


class ScoreRow(scores.Score):
    """考核评分。"""


class SupportingRuleRow(supporting_rules.SupportingRule):
    """配套制度。"""


class PracticeRow(practices.Practice):
    """创新做法。"""


class StandardsRow(standards.Standards):
    """市级规则。"""


class RulebookRow(rulebook.Rulebook):
    """适用规则：已采用的各项和各自的施行日期；为空的部分适用系统内置的规则。"""


ROWS: dict[str, type[Value]] = {
    "pair": PairRow,
    "unit": UnitRow,
    "post": PostRow,
    "delegation": DelegationRow,
    "liaison": LiaisonRow,
    "topic": TopicRow,
    "proposal": ProposalRow,
    "meeting": MeetingRow,
    "minutes": MinutesRow,
    "decision": DecisionRow,
    "correction": CorrectionRow,
    "leader_report": LeaderReportRow,
    "publicity": PublicityRow,
    "year": YearRow,
    "scheme": SchemeRow,
    "score": ScoreRow,
    "supporting_rule": SupportingRuleRow,
    "practice": PracticeRow,
    "standards": StandardsRow,
    "rulebook": RulebookRow,
    "legacy": BatchRow,
}


def _names(decision: decisions.Decision, units: dict[str, people.Unit]) -> list[str]:
    # An old paper names its units as they were called then; those that exist no more have no number.
    if decision.record is not None and not decision.lead_units:
        return list(decision.record.lead_names)
    return [units[unit].name_on(decision.established_on or date.max) for unit in decision.lead_units]


def _labels(kind: str, subject: Subject, dossier: Dossier) -> dict[str, object]:
    state = subject.state
    units = dossier.units
    match kind:
        case "pair":
            return {
                "history_declared": state.history_known,
                "name_history": [each.model_dump(mode="json") for each in state.official_names],
                "no_history_hash": pairs.no_history_statement(state),
            }
        case "delegation":
            return {"matter_labels": [matter.label for matter in state.matters]}
        case "topic":
            return {
                "status_label": topics.STATUS_LABELS[state.status],
                "unit_name": units[state.unit].name,
                "category_label": state.content.category.label,
                "conditions": state.reservations,
                "overridden_by": [
                    each.by.title for each in state.override.given.values() if state.overridden_on
                ],
            }
        case "proposal":
            return {
                "status_label": suggestions.STATUS_LABELS[state.status],
                "unit_name": units[state.unit].name,
                "to_names": [units[unit].name for unit in state.to],
            }
        case "meeting":
            written: minutes.Minutes = dossier.state(f"minutes:{state.id}")
            return {
                "status_label": meetings.STATUS_LABELS[state.status],
                "known_as": state.designation if state.held_on else "",
                "awaits_answer_of": state.requested_by.other.value if state.awaits_answer else None,
                "unacknowledged_units": list(state.unacknowledged),
                "minutes_issued_on": written.issued_on.isoformat() if written.issued_on else None,
            }
        case "minutes":
            held: meetings.Meeting = dossier.state(f"meeting:{state.id}")
            held_on = held.held_on.isoformat() if held.held_on is not None else None
            return {"status_label": minutes.STATUS_LABELS[state.status], "held_on": held_on}
        case "correction":
            return {"status_label": corrections.STATUS_LABELS[state.status]}
        case "decision":
            return {
                "status_label": decisions.STATUS_LABELS[state.status],
                # Decided once, it names the units as its minutes do.
                "lead_unit_names": _names(state, units),
                "open_now": state.open,
            }
        case _:
            return {}


def body(subject: Subject, dossier: Dossier) -> dict[str, object]:
    """Give the JSON object that a subject's view row holds."""
    return {**subject.state.model_dump(mode="json"), **_labels(subject.kind, subject, dossier)}
