"""What the rules of one subject must know of the rest of its pair, taken from the pair's dossier."""

from datetime import date
from typing import Any

from application.dossier import Dossier
from domain import (
    calendar,
    corrections,
    decisions,
    delegations,
    leader_reports,
    legacy,
    liaison,
    meetings,
    minutes,
    outstanding,
    pairs,
    publicity,
    refusals,
    regulation,
    topics,
    years,
)
from domain.decider import Command, Side, latest, not_before
from domain.regulation import Category

LISTABLE = frozenset(topics.ON_THE_WAY)
# What a meeting has done with for good, or what has become another topic, comes before no meeting again.
CONCLUDED = frozenset({"resolved", "noted", "referred", "not_adopted", "merged", "split", "forwarded"})
OVER = frozenset({meetings.Status.DECLINED, meetings.Status.CANCELLED})


def judged_on(command: Command, meeting: meetings.Meeting) -> date:
    """Give the day whose rules judge an act on a meeting: that of the sitting where the act tells of one.

    What was adopted between a sitting and its entry judges the sitting no more than it judges any other past day.
    """
    told = getattr(command, "record", command)
    if isinstance(command, meetings.GiveConsent) and command.subject is meetings.Subject.IRREGULAR:
        told = meeting.irregularity
    opened_at = getattr(told, "opened_at", None)
    return calendar.local_date(opened_at) if opened_at is not None else command.on


def of_meeting(dossier: Dossier, meeting: str, *, on: date) -> meetings.Surroundings:
    """Gather what a meeting's rules need on a day (R-026 – R-029, R-035, R-053, R-062, R-084)."""
    pair, parameters = dossier.pair, parameters_of(dossier, on=on)
    held = [each for each in dossier.meetings if each.held_on is not None]
    issued = {each.id for each in dossier.minutes if each.issued_on is not None}
    opened = {item: each.id for each in held if each.id not in issued for item in each.agenda}
    drafted = {each.id for each in dossier.minutes}
    return meetings.Surroundings(
        pair_names=pair.official_names,
        default_copies=default_copies(dossier),
        history_known=pair.history_known,
        history_known_on=pair.history_known_on,
        liaison_sides=frozenset(Side(side) for side in dossier.liaisons),
        liaison_since=latest(*(each.first_on for each in dossier.liaisons.values())),
        units=dossier.units,
        posts=dossier.posts,
        topics={
            each.id: _agenda_topic(each, open_at=opened.get(each.id, ""), meeting=meeting)
            for each in dossier.topics
        },
        outstanding=outstanding_of(dossier, meeting),
        open_decisions=_open_before(dossier, meeting),
        last_ordinal=meetings.last_ordinal(held),
        last_held_on=max((each.held_on for each in held if each.held_on), default=None),
        minutes_drafted=meeting in drafted,
        consultation_days=parameters.prior_consultation_min_days,
        short_form_allowed=parameters.short_form_for_specials,
        **_told_before(dossier, meeting),
    )


def _told_before(dossier: Dossier, meeting: str) -> dict[str, Any]:
    """Find what the short form of a report may rest on: the last full report, and the last meeting's explanations."""
    held = [each for each in held_meetings(dossier) if each.id != meeting]
    last = held[-1] if held else meetings.Meeting()
    full = next((report for each in reversed(held) if (report := _full_report(each)) is not None), None)
    return {"last_full": full, "last_meeting": last.id, "last_explanations": last.explanations}


def _full_report(meeting: meetings.Meeting) -> meetings.FullReport | None:
    report = meeting.report
    told = Category.C6.value in meeting.agenda and meeting.report_consents.agreed
    if report is None or meeting.held_on is None or meeting.short_form is not None or not told:
        return None
    return meetings.FullReport(
        meeting=meeting.id, held_on=meeting.held_on, cutoff=report.cutoff, hash=report.hash
    )


def must_have_adopted(pair: pairs.Pair, *, on: date) -> None:
    """Refuse to begin outside the time of a voluntary pair's regime; mandatory ones are bound by the notice.

    Raises: WrongState, BeforeItsBasis (R-004), NotInRegime (R-005).
    """
    if pair.mandatory or pair.division is None:
        return
    if not pair.regimes:
        raise refusals.WrongState("尚未建立联席会议制度（参照建制）。", requirement="R-004")
    not_before(on, pair.regimes[0].since, what="建制")
    if not pair.in_regime(on):
        raise pairs.NotInRegime(f"{on}。")


def open_tasks(dossier: Dossier) -> list[liaison.Task]:
    """List what is under way in a pair, for whoever takes over its staff's work (R-085)."""
    running = topics.EDITABLE | topics.ON_THE_WAY
    issued = {each.id for each in dossier.minutes if each.issued_on is not None}
    return [
        *(
            liaison.Task(kind="topic", id=each.id, label=each.content.title if each.content else "")
            for each in dossier.topics
            if each.status in running
        ),
        *(
            liaison.Task(kind="meeting", id=each.id, label=meetings.STATUS_LABELS[each.status])
            for each in dossier.meetings
            if each.status not in OVER and each.id not in issued
        ),
        *(
            liaison.Task(kind="decision", id=each.id, label=each.text)
            for each in dossier.decisions
            if each.open
        ),
    ]


def undecided_at(dossier: Dossier, item: str) -> meetings.Meeting | None:
    """Find the held meeting whose minutes are still to tell what became of an item."""
    issued = {each.id for each in dossier.minutes if each.issued_on is not None}
    return next(
        (
            each
            for each in dossier.meetings
            if each.held_on is not None and each.id not in issued and item in each.agenda
        ),
        None,
    )


def default_copies(dossier: Dossier) -> tuple[str, ...]:
    """Give who gets a copy of the pair's documents unless the office says otherwise (R-016)."""
    division = dossier.pair.division
    return regulation.default_copies(division.name) if division is not None else ()


def _open_before(dossier: Dossier, meeting: str) -> dict[str, str]:
    # A meeting closes decisions of those before it only, also where its own minutes are late.
    days = {each.id: (each.held_on, each.ordinal) for each in dossier.meetings if each.held_on is not None}
    return {
        each.id: each.meeting
        for each in dossier.decisions
        if each.open and meeting in days and days[each.meeting] < days[meeting]
    }


def outstanding_of(dossier: Dossier, meeting: str) -> tuple[meetings.OutstandingMember, ...]:
    """Compute what a meeting must account for (R-026)."""
    found = outstanding.members(
        meeting=meeting,
        all_meetings=dossier.meetings,
        all_minutes=dossier.minutes,
        all_decisions=dossier.decisions,
        titles={each.id: each.content.title for each in dossier.topics if each.content is not None},
    )
    return tuple(
        meetings.OutstandingMember(
            **each.model_dump(exclude={"fulfilled", "closed", "kind"}),
            kind=each.kind.value,
            needs_explanation=each.needs_explanation,
        )
        for each in found
    )


def special_with(dossier: Dossier, item: str) -> str:
    """Find the special meeting, still to be opened, whose agenda holds an item; none where there is none (A7)."""
    return next(
        (
            each.id
            for each in dossier.meetings
            if each.kind is meetings.Kind.SPECIAL
            and each.opened_at is None
            and each.status is not meetings.Status.CANCELLED
            and item in each.agenda
        ),
        "",
    )


def _agenda_topic(topic: topics.Topic, *, open_at: str, meeting: str) -> meetings.AgendaTopic:
    return meetings.AgendaTopic(
        id=topic.id,
        title=topic.content.title if topic.content else "",
        side=topic.side,
        may_be_listed=topic.status in LISTABLE and not open_at,
        has_consensus=topic.status is topics.Status.CONSENSUS,
        content_hash=topic.content_hash,
        category=topic.content.category if topic.content else Category.C7,
        consensus_on=topic.consensus.agreed_on,
        overridden_on=topic.overridden_on if topic.override_meeting == meeting else None,
        withdrawn=topic.status is topics.Status.WITHDRAWN,
        open_at=open_at,
        concluded=topic.status.value in CONCLUDED,
        related=tuple(sorted(topic.related)),
        status=topics.STATUS_LABELS[topic.status],
    )


def of_minutes(dossier: Dossier, meeting_id: str, *, on: date) -> minutes.Sitting:
    """Gather what the minutes need of their meeting on a day (R-064 – R-066, R-078)."""
    meeting: meetings.Meeting = dossier.state(f"meeting:{meeting_id}")
    return minutes.Sitting(
        closed=meeting.closed_at is not None,
        closed_on=latest(meeting.since, meeting.last_act_on) if meeting.closed_at else None,
        held_on=meeting.held_on,
        name=f"{meeting.name}{meeting.designation}",
        agenda=meeting.agenda,
        outcomes={item: each.outcome in meetings.RESOLVING for item, each in meeting.outcomes.items()},
        categories={
            each.id: each.content.category
            for each in dossier.topics
            if each.content is not None and each.id in meeting.agenda
        },
        closures={each.decision: each.kind for each in meeting.closures},
        closing_items=frozenset(each.item for each in meeting.closures),
        chair_person=meeting.chair_person,
        chair_stand_ins=delegations.stand_ins(
            meeting.chair_post, dossier.delegations, dossier.posts, matter=delegations.Matter.MINUTES, on=on
        ),
    )


def of_correction(dossier: Dossier, meeting_id: str, *, on: date) -> corrections.Original:
    """Gather what a correction needs of the minutes that it corrects, and how their decisions read now (R-068)."""
    known: minutes.Minutes = dossier.state(f"minutes:{meeting_id}")
    sitting = of_minutes(dossier, meeting_id, on=on)
    return corrections.Original(
        number=known.number,
        content_hash=known.content_hash,
        issued_on=known.issued_on,
        recipients=known.recipients,
        copies=known.copies,
        clauses={each.id: _clause(each) for each in dossier.decisions if each.meeting == meeting_id},
        chair_person=sitting.chair_person,
        chair_stand_ins=sitting.chair_stand_ins,
    )


def _clause(decision: decisions.Decision) -> corrections.Clause:
    # What is verified or done was done as it read then.
    fixed = decision.status is decisions.Status.CLAIMED or not decision.open
    return corrections.Clause(
        text=decision.text,
        acceptance=decision.acceptance,
        leader=decision.leader,
        lead_units=decision.lead_units,
        cooperating_units=decision.cooperating_units,
        disclosed=decision.disclosed,
        accepted=decision.accepted_on is not None,
        blocked=decisions.STATUS_LABELS[decision.status] if fixed else "",
    )


def of_leader_report(dossier: Dossier, *, on: date) -> dict[str, leader_reports.Matter]:
    """Gather how every decision stood on the day of a report, as it is known now (R-079)."""
    return {
        each.id: leader_reports.Matter(established_on=each.established_on, standing=_standing(each, on))
        for each in dossier.decisions
        if each.established_on is not None
    }


def _standing(decision: decisions.Decision, on: date) -> leader_reports.Standing:
    status = decision.status_on(on)
    return leader_reports.Standing(
        decision=decision.id,
        status=status.value,
        status_label=decisions.STATUS_LABELS[status],
        percent=decision.percent_on(on),
        deadline=decision.deadline_on(on),
        original_deadline=decision.original_deadline,
    )


def of_legacy(dossier: Dossier) -> legacy.Ledger:
    """Gather what an import of paper history must not contradict (R-013, R-098)."""
    return legacy.Ledger(
        meetings=[
            legacy.KnownMeeting(id=each.id, held_on=each.held_on, ordinal=each.ordinal, record=each.record)
            for each in dossier.meetings
            if each.held_on is not None
        ],
        decisions={each.id: each.record for each in dossier.decisions if each.record is not None},
        register=dossier.register,
        units=dossier.units,
        registered_on=dossier.pair.registered_on,
        history_hash=dossier.pair.history_hash,
    )


def of_publicity(dossier: Dossier) -> publicity.Published:
    """Gather what may and may not be published: minutes not issued yet are as closed as those not public (R-017, R-082)."""
    closed = [each for each in dossier.minutes if each.disclosure is not regulation.Disclosure.PUBLIC]
    contents = [each.content for each in closed if each.content is not None]
    # Of an old paper it is often unknown whether it may be public; then it may not.
    old = [each.text for each in dossier.decisions if each.imported and not each.disclosed]
    secrets = old + [
        text for content in contents for text in (content.body, *(each.text for each in content.clauses))
    ]
    secrets += [
        text
        for each in dossier.corrections
        if each.disclosure is not regulation.Disclosure.PUBLIC and each.content is not None
        for text in (each.content.body, *(clause.text for clause in each.content.clauses))
        if text
    ]
    return publicity.Published(
        held={each.id: each.held_on for each in dossier.meetings if each.held_on is not None},
        decisions={each.id: each.meeting for each in dossier.decisions},
        established={each.id: each.established_on for each in dossier.decisions if each.established_on},
        undisclosed_texts=tuple(secrets),
    )


def parameters_of(dossier: Dossier, *, on: date) -> regulation.Parameters:
    """Give the parameters that a pair goes by on a local date."""
    return dossier.rulebook.parameters(on)


def worked_days_of(dossier: Dossier, *, on: date, base: calendar.Calendar) -> calendar.Calendar:
    """Give the working days that a pair goes by on a local date: what it had adopted by then, laid over ``base``.

    ``base`` is the one calendar of the installation, so that a score counts the same days as every screen.
    """
    return dossier.rulebook.calendar_known(on, base=base)


def of_year(dossier: Dossier, *, on: date) -> years.Duty:
    """Gather what a year's rules need: when a meeting is owed, and which were held, imported ones too (R-032, A1)."""
    pair, parameters = dossier.pair, parameters_of(dossier, on=on)
    return years.Duty(
        terms=years.terms_owed(
            [(each.since, each.until) for each in pair.regimes],
            mandatory=pair.mandatory,
            counts_until=parameters.adoption_counts_until,
        ),
        registered_on=pair.registered_on,
        history_known=pair.history_known,
        held=tuple(
            years.Sitting(
                id=each.id,
                held_on=each.held_on,
                special=each.kind is meetings.Kind.SPECIAL,
                irregular=each.irregular,
            )
            for each in dossier.meetings
            if each.held_on is not None
        ),
        special_counts=parameters.special_counts,
    )


def held_meetings(dossier: Dossier) -> list[meetings.Meeting]:
    """List a pair's held meetings by their dates; one that was entered late has no ordinal to sort it by."""
    held = [each for each in dossier.meetings if each.held_on is not None]
    place = meetings.ordinals_by_date(held)
    return sorted(held, key=lambda each: (each.held_on or date.min, place[each.id]))


def covered(dossier: Dossier) -> list[publicity.Covered]:
    """Gather what is to be published of each meeting held under the notice (R-083).

    What was published of a meeting that was imported its paper does not tell, so nothing is owed here.
    """
    held = held_meetings(dossier)
    following = [*(each.held_on for each in held[1:]), _next_agreed(dossier)]
    closed = {
        each.id
        for each in dossier.minutes
        if each.issued_on is not None and each.disclosure is not regulation.Disclosure.PUBLIC
    }
    return [
        publicity.Covered(
            meeting=each.id,
            held_on=each.held_on,
            closed=each.id in closed,
            next_on=next_on,
            effects=_effects(dossier, each.id, before=next_on),
        )
        for each, next_on in zip(held, following, strict=False)
        if each.held_on is not None and not each.imported and regulation.rule_version(each.held_on) == "2024"
    ]


def _next_agreed(dossier: Dossier) -> date | None:
    return min(
        (
            each.meeting_date
            for each in dossier.meetings
            if each.opened_at is None
            and each.status is not meetings.Status.CANCELLED
            and each.date_consents.agreed
            and each.meeting_date is not None
        ),
        default=None,
    )


def _effects(dossier: Dossier, meeting: str, *, before: date | None) -> tuple[str, ...]:
    return tuple(
        each.id
        for each in dossier.decisions
        if each.meeting == meeting
        and each.disclosed
        and before is not None
        and each.status is decisions.Status.FULFILLED
        and each.closed_on is not None
        and each.closed_on < before
    )


def publicity_owed(dossier: Dossier, *, on: date, base: calendar.Calendar) -> list[publicity.Owed]:
    """List what a pair was to publish, as its ledger stands, by the parameters and calendar of a local date (R-083)."""
    return publicity.owed(
        covered(dossier),
        dossier.of("publicity"),
        days=parameters_of(dossier, on=on).publicity_days,
        worked=worked_days_of(dossier, on=on, base=base),
    )
