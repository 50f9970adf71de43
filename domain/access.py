"""Who may command what: one table, default deny.

A row names the capacities that may issue a command and the requirement a refusal then cites. What the content of
a command demands beyond that (the right unit, the other side, another person) stands beside its rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from domain import (
    corrections,
    decisions,
    delegations,
    leader_reports,
    legacy,
    liaison,
    meetings,
    minutes,
    numbers,
    pairs,
    people,
    practices,
    publicity,
    refusals,
    rulebook,
    schemes,
    scores,
    standards,
    suggestions,
    supporting_rules,
    topics,
    years,
)
from domain.decider import CAPACITY_LABELS, Capacity, Command, Signatory
from domain.delegations import Matter

GO: Final = Capacity.GOVERNMENT_OFFICE
UO: Final = Capacity.UNION_OFFICE
GL: Final = Capacity.LIAISON_LEADER
GP: Final = Capacity.GOVERNMENT_PRINCIPAL
LEADER: Final = Capacity.GOVERNMENT_LEADER
UP: Final = Capacity.UNION_PRINCIPAL
DEP: Final = Capacity.DEPARTMENT
SUP: Final = Capacity.SUPERVISOR
ADMIN: Final = Capacity.SYSTEM_ADMINISTRATOR
CLOCK: Final = Capacity.CLOCK


@dataclass(frozen=True, slots=True)
class Row:
    """Who may issue a command, and what forbids it to everybody else."""

    command: type[Command]
    requirement: str
    capacities: frozenset[Capacity]


def _row(command: type[Command], requirement: str, *capacities: Capacity) -> Row:
    return Row(command, requirement, frozenset(capacities))


TABLE: Final = (
    _row(pairs.RegisterPair, "R-001", ADMIN),
    _row(pairs.AdoptRegime, "R-004", ADMIN, GO),
    _row(pairs.WithdrawRegime, "R-005", ADMIN, GO),
    _row(pairs.RecordDeviation, "R-004", GO, UO),
    _row(pairs.SetNamePattern, "R-007", GO),
    _row(pairs.RenameOrgan, "R-014", ADMIN, GO, UO),
    _row(pairs.DeclareNoHistory, "R-028", GO, UO),
    _row(pairs.DeclareHistoryComplete, "R-028", GO, UO),
    _row(legacy.ImportHistory, "R-098", GO, UO),
    _row(people.RegisterUnit, "R-038", ADMIN),
    _row(people.RenameUnit, "R-014", ADMIN),
    _row(people.AppointToPost, "R-097", ADMIN),
    _row(people.EndPost, "R-097", ADMIN),
    _row(delegations.RecordDelegation, "R-097", GO, UO),
    _row(delegations.RevokeDelegation, "R-097", GO, UO),
    _row(liaison.DesignateLiaison, "R-084", GO, UO),
    _row(liaison.ReplaceLiaison, "R-085", GO, UO),
    _row(liaison.AcceptHandover, "R-085", GO, UO),
    _row(liaison.EndLiaison, "R-084", GO, UO),
    _row(numbers.AllocateDocNumber, "R-015", GO),
    _row(numbers.VoidDocNumber, "R-015", GO),
    _row(topics.ProposeTopic, "R-038", DEP, GO, UO),
    _row(topics.ReviseTopic, "R-043", DEP, GO, UO, GL),
    _row(topics.AttachResearch, "R-039", DEP, GO, UO),
    _row(topics.AttachOpinion, "R-040", DEP, GO, UO),
    _row(topics.SubmitTopic, "R-039", DEP, GO, UO),
    _row(topics.ConsultTopic, "R-041", GO, UO),
    _row(topics.ApproveTopic, "R-042", GL),
    _row(topics.ReturnTopic, "R-042", GL),
    _row(topics.RejectTopic, "R-042", GL),
    _row(topics.WithdrawTopic, "R-050", DEP, GO, UO),
    _row(topics.TagTopic, "R-019", DEP, GO, UO),
    _row(topics.DeclareRelatedUnit, "R-046", DEP, GO, UO),
    _row(topics.PlanJointResearch, "R-045", DEP, UO),
    _row(topics.CompleteJointResearch, "R-045", DEP, UO),
    _row(topics.FileTopicReport, "R-047", DEP, GO, UO),
    _row(topics.StatePosition, "R-046", DEP, GO, UO),
    _row(topics.ConfirmConsensus, "R-048", GO, UO),
    _row(topics.OverrideConsensus, "R-048", GL, UP),
    _row(topics.DeferTopic, "R-050", GO, UO),
    _row(topics.MergeTopics, "R-050", DEP, GO, UO),
    _row(topics.SplitTopic, "R-050", DEP, GO, UO),
    _row(topics.ForwardTopic, "R-050", GO, UO),
    _row(topics.ReceiveForwardedTopic, "R-050", GO, UO),
    _row(suggestions.RecordProposal, "R-100", DEP, GO, UO),
    _row(suggestions.AnswerProposal, "R-100", DEP, GO, UO, GL, UP),
    _row(suggestions.TakeUpProposal, "R-100", DEP, GO, UO),
    _row(meetings.PlanMeeting, "R-033", GO, UO),
    _row(meetings.RequestSpecial, "R-034", GO, UO),
    _row(meetings.AnswerRequest, "R-036", GO, UO),
    _row(meetings.RecordPriorConsultation, "R-035", GO, UO),
    _row(meetings.ProposeDate, "R-033", GO, UO),
    _row(meetings.RescheduleMeeting, "R-059", GO, UO),
    _row(meetings.CancelMeeting, "R-059", GO, UO),
    _row(meetings.AcknowledgeCancellation, "R-059", GO, UO),
    _row(meetings.GiveConsent, "R-055", GO, UO),
    _row(meetings.SetChair, "R-052", GO),
    _row(meetings.SetAttendees, "R-053", GO, UO),
    _row(meetings.AddBriefing, "R-020", GO, UO),
    _row(meetings.ProposeArrangement, "R-055", GO, UO),
    _row(meetings.AssignPrepTask, "R-056", GO, UO),
    _row(meetings.IssueNotice, "R-057", GO),
    _row(meetings.AcknowledgeNotice, "R-058", DEP, GO, UO),
    _row(meetings.ReplyAttendance, "R-058", DEP, GO, UO),
    _row(meetings.GrantLeave, "R-058", GO),
    _row(meetings.RecordSubstitution, "R-054", GO, UO),
    _row(meetings.SubmitMaterial, "R-060", DEP, GO, UO),
    _row(meetings.FreezeMaterials, "R-061", GO),
    _row(meetings.AddLateItem, "R-061", GO, UO),
    _row(meetings.IssueSupplementaryNotice, "R-061", GO),
    _row(meetings.ExplainUnfulfilled, "R-027", DEP, GO, UO),
    _row(meetings.PrepareOutstandingReport, "R-025", GO, UO),
    _row(meetings.AmendOutstandingReport, "R-029", GO, UO),
    _row(meetings.PrepareShortReport, "R-025", GO, UO),
    _row(meetings.HoldMeeting, "R-063", GO),
    _row(meetings.RecordIrregularMeeting, "R-063", GO, UO),
    _row(meetings.RecordAsIrregular, "R-063", GO, UO),
    _row(meetings.RecordAttendance, "R-063", GO, UO),
    _row(meetings.CloseSitting, "R-063", GO),
    _row(meetings.RecordOutcome, "R-064", GO, UO),
    _row(meetings.CloseByMeeting, "R-078", GO, UO),
    _row(meetings.RetractClosure, "R-078", GO, UO),
    _row(minutes.DraftMinutes, "R-065", GO, UO),
    _row(minutes.ReviewMinutes, "R-066", GL, GP, LEADER, UP),
    _row(minutes.IssueMinutes, "R-067", GO),
    _row(decisions.AssignSupervisors, "R-072", GO, UO),
    _row(decisions.AcceptDecision, "R-073", DEP, GO, UO),
    _row(decisions.SetPlan, "R-073", DEP, GO, UO),
    _row(decisions.ReportProgress, "R-074", DEP, GO, UO),
    _row(decisions.ClaimFulfilled, "R-077", DEP, GO, UO),
    _row(decisions.VerifyFulfilled, "R-077", SUP, GO, UO),
    _row(decisions.ReturnClaim, "R-077", SUP, GO, UO),
    _row(decisions.StateViewOnClaim, "R-077", SUP, GO, UO),
    _row(corrections.DraftCorrection, "R-068", GO, UO),
    _row(corrections.ReviseCorrection, "R-068", GO, UO),
    _row(corrections.ReviewCorrection, "R-068", GL, GP, LEADER, UP),
    _row(corrections.IssueCorrection, "R-068", GO),
    _row(decisions.Remind, "R-075", SUP, GO, UO),
    _row(decisions.AnswerReminder, "R-075", DEP, GO, UO),
    _row(decisions.Escalate, "R-075", SUP, GO, UO),
    _row(decisions.AnswerEscalation, "R-075", DEP, GO, UO),
    _row(decisions.RequestExtension, "R-076", DEP, GO, UO),
    _row(decisions.StateExtensionOpinion, "R-076", SUP, GO, UO, DEP),
    _row(decisions.GrantExtension, "R-076", GL, UP),
    _row(decisions.RefuseExtension, "R-076", GL, UP),
    _row(leader_reports.ReportToLeaders, "R-079", SUP, GO, UO),
    _row(publicity.RecordPublicity, "R-082", GO, UO),
    _row(years.RecordPlanInclusion, "R-086", GO),
    _row(years.RecordAssessmentInclusion, "R-087", UO),
    _row(years.RecordLeadershipDiscussion, "R-099", GO, UO),
    _row(years.ReceiveScore, "R-087", UO),
    _row(years.CloseYear, "R-032", CLOCK),
    _row(schemes.FixScheme, "R-087", UO),
    _row(scores.ScoreAssessment, "R-087", UO),
    _row(supporting_rules.RegisterSupportingRule, "R-088", GO, UO),
    _row(supporting_rules.RepealSupportingRule, "R-088", GO, UO),
    _row(practices.RecordPractice, "R-089", DEP, GO, UO),
    _row(standards.RegisterBasis, "R-009", GO),
    _row(standards.RepealBasis, "R-011", GO),
    _row(standards.SetParameters, "R-081", GO),
    _row(standards.PublishCalendar, "R-083", GO),
    _row(rulebook.AdoptStandards, "R-010", GO, UO, CLOCK),
    _row(rulebook.RebaseRegime, "R-012", ADMIN, GO),
)
BY_COMMAND: Final = {row.command: row for row in TABLE}

# What a recorded delegation of a matter entitles to, where the giver's own post does; nothing else can be delegated.
DELEGABLE: Final[dict[type[Command], Matter]] = {
    topics.ReviseTopic: Matter.TOPICS,
    topics.ApproveTopic: Matter.TOPICS,
    topics.ReturnTopic: Matter.TOPICS,
    topics.RejectTopic: Matter.TOPICS,
    minutes.ReviewMinutes: Matter.MINUTES,
    corrections.ReviewCorrection: Matter.MINUTES,
    decisions.GrantExtension: Matter.DECISIONS,
    decisions.RefuseExtension: Matter.DECISIONS,
}

READERS: Final = {
    "city_reader": "读取所辖各结对单位的台账视图和汇总报告",
    "auditor": "读取所辖各结对单位的历史、核验、重放和报告",
    "system_administrator": "登记结对单位、单位、任职，发放令牌；不读业务内容",
}


def authorise(command: Command, signatories: Iterable[Signatory]) -> list[Signatory]:
    """List the posts through which a person may issue a command; there is at least one.

    Where several would do, those of the side and unit that the command names come first.
    Raises: NotEntitled with the requirement of the table's row.
    """
    row = BY_COMMAND[type(command)]
    able = [each for each in signatories if each.capacity in row.capacities]
    if not able:
        wanted = "、".join(sorted(CAPACITY_LABELS[each] for each in row.capacities))
        raise refusals.NotEntitled(f"须由下列身份办理：{wanted}。", requirement=row.requirement)
    side, unit = getattr(command, "side", None), getattr(command, "unit", None)
    return sorted(able, key=lambda each: (each.side is not side, each.unit != unit))
