"""Which rule answers which command, and the few commands whose facts reach more than one stream.

Every handler is a pure function of the dossier: it gives the facts, each with its stream, or raises a Refusal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from application import assessing, surroundings
from application.dossier import NUMBERS_STREAM, RULEBOOK_STREAM, STANDARDS_STREAM, Dossier, stream_of
from domain import (
    archives,
    arranging,
    calendar,
    carrying_out,
    consensus,
    coordination,
    corrections,
    decisions,
    delegations,
    derivations,
    irregular,
    late_items,
    leader_reports,
    legacy,
    liaison,
    meetings,
    minutes,
    norms,
    numbers,
    organs,
    pairs,
    papers,
    people,
    practices,
    preparation,
    pressing,
    proposals,
    publicity,
    refusals,
    regimes,
    regulation,
    rescheduling,
    rulebook,
    schemes,
    scores,
    short_reports,
    sittings,
    standards,
    suggestions,
    supporting_rules,
    topics,
    years,
)
from domain.decider import Command, Fact, Signatory, latest

Facts = list[tuple[str, Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One command on one subject by one signatory, with what the edge looked up for it.

    ``held`` is every capacity of the same person on that day, for the rules that some posts exclude others;
    ``beyond`` is what the handler's ``look`` found outside the pair; ``today`` is the legal day of the entry.
    """

    command: Any
    subject: str
    by: Signatory
    held: tuple[Signatory, ...] = ()
    beyond: Any = None
    today: date = date.max


class Elsewhere(Protocol):
    """What an act may look up outside its pair. Another pair is read as its ledger stands, never locked."""

    @property
    def working_days(self) -> calendar.Calendar:
        """The working days of the installation, over which a pair's own are laid."""

    def division(self, code: str) -> pairs.Division | None:
        """Find a division by its code."""

    def dossier_of(self, tenant: str) -> Dossier:
        """Give another pair's dossier as of now; an empty one where there is no such pair."""


def _nothing(command: Any, tenant: str, elsewhere: Elsewhere) -> None:
    del command, tenant, elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """The kind of subject that a command acts on, whether it begins one, and what decides it.

    ``look`` gathers what the rule needs of the world outside the pair, before the pair is locked: no act ever
    holds two pairs. What it finds becomes part of the facts, so that the pair's state follows from them alone.
    ``names`` gives the id of the subject where the command itself determines it.
    """

    kind: str
    begins: bool
    decide: Callable[[Act, Dossier], Facts]
    look: Callable[[Any, str, Elsewhere], Any] = _nothing
    names: Callable[[Any], str] | None = None

    def stream(self, subject: str) -> str:
        return stream_of(self.kind, subject)


def _on(stream: str, facts: Sequence[Fact]) -> Facts:
    return [(stream, fact) for fact in facts]


def _organs(act: Act, dossier: Dossier) -> Facts:
    return _on("pair", organs.decide(act.command, dossier.pair, by=act.by, division=act.beyond))


def _pair(act: Act, dossier: Dossier) -> Facts:
    facts = pairs.decide(act.command, dossier.pair, by=act.by, basis=dossier.rulebook.basis)
    return _on("pair", facts)


def _regime(act: Act, dossier: Dossier) -> Facts:
    held = latest(*(each.held_on for each in dossier.meetings))
    return _on("pair", regimes.decide(act.command, dossier.pair, by=act.by, last_held_on=held))


def _unit(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("unit", act.subject)
    return _on(
        stream,
        people.decide_unit(act.command, dossier.state(stream), by=act.by, since=dossier.pair.registered_on),
    )


def _post(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("post", act.subject)
    unit = dossier.units.get(getattr(act.command, "unit", ""))
    return _on(stream, people.decide_post(act.command, dossier.state(stream), by=act.by, unit=unit))


def _delegation(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("delegation", act.subject)
    facts = delegations.decide(
        act.command, dossier.state(stream), by=act.by, posts=dossier.posts, others=dossier.delegations
    )
    return _on(stream, facts)


def _liaison(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("liaison", act.subject)
    if act.subject != act.command.side:
        raise refusals.NotFound("路径中的一方与内容不一致。", requirement="R-084", pointer="/side")
    tasks = surroundings.open_tasks(dossier)
    return _on(stream, liaison.decide(act.command, dossier.state(stream), by=act.by, tasks=tasks))


def _numbers(act: Act, dossier: Dossier) -> Facts:
    return _on(NUMBERS_STREAM, numbers.decide(act.command, dossier.register, by=act.by))


def _proposal(act: Act, dossier: Dossier) -> Facts:
    if not isinstance(act.command, topics.WithdrawTopic):
        surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    _must_not_be_sat_on(act, dossier)
    stream = stream_of("topic", act.subject)
    facts = proposals.decide(
        act.command, dossier.state(stream), by=act.by, units=dossier.units, held=act.held
    )
    return _on(stream, facts)


def _consensus(act: Act, dossier: Dossier) -> Facts:
    _must_not_be_sat_on(act, dossier)
    stream = stream_of("topic", act.subject)
    special = surroundings.special_with(dossier, act.subject)
    facts = consensus.decide(
        act.command, dossier.state(stream), by=act.by, units=dossier.units, special=special
    )
    return _on(stream, facts)


def _derivation(act: Act, dossier: Dossier) -> Facts:
    _must_not_be_sat_on(act, dossier)
    stream = stream_of("topic", act.subject)
    return _on(stream, derivations.decide(act.command, dossier.state(stream), pair=dossier.tenant, by=act.by))


def _merged(act: Act, dossier: Dossier) -> Facts:
    surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    for source in act.command.topics:
        _must_not_be_sat_on(act, dossier, source)
    known = {each.id: each for each in dossier.topics}
    return _on_topics(derivations.merge(act.command, known, new=act.subject, by=act.by, units=dossier.units))


def _split(act: Act, dossier: Dossier) -> Facts:
    surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    _must_not_be_sat_on(act, dossier)
    known = {each.id: each for each in dossier.topics}
    source = dossier.state(stream_of("topic", act.subject))
    return _on_topics(derivations.split(act.command, source, known=known, by=act.by))


def _on_topics(facts: derivations.Derived) -> Facts:
    return [(stream_of("topic", topic), fact) for topic, fact in facts]


def _received(act: Act, dossier: Dossier) -> Facts:
    surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    stream = stream_of("topic", act.subject)
    facts = derivations.receive(
        act.command, dossier.state(stream), forwarded=act.beyond, by=act.by, units=dossier.units
    )
    return _on(stream, facts)


def _forwarded(
    command: topics.ReceiveForwardedTopic, tenant: str, elsewhere: Elsewhere
) -> derivations.Forwarded | None:
    # Only a child's ledger is opened, and of it only what was forwarded to this very pair is looked at. Whether
    # the child, the topic or the forwarding is missing, the answer is the same.
    if derivations.parent_of(command.child) != tenant:
        return None
    child = elsewhere.dossier_of(command.child)
    topic: topics.Topic = child.state(stream_of("topic", command.topic))
    if topic.forwarded_to != tenant or topic.content is None or topic.forwarded_on is None:
        return None
    told = topic.model_dump(
        include={"side", "content", "content_hash", "research", "opinions", "forwarded_on"}
    )
    return derivations.Forwarded(
        **told,
        pair=command.child,
        topic=command.topic,
        position=child.head.position,
        hash=child.head.hash.hex(),
    )


def _suggestion(act: Act, dossier: Dossier) -> Facts:
    surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    stream = stream_of("proposal", act.subject)
    told = {
        each.id: suggestions.TopicTold(unit=each.unit, proposed_on=each.proposed_on)
        for each in dossier.topics
    }
    facts = suggestions.decide(
        act.command, dossier.state(stream), by=act.by, units=dossier.units, topics=told
    )
    return _on(stream, facts)


def _must_not_be_sat_on(act: Act, dossier: Dossier, topic: str = "") -> None:
    sitting = surroundings.undecided_at(dossier, topic or act.subject)
    if sitting is not None:
        raise consensus.BeforeTheMeeting(f"{sitting.designation}的纪要尚未印发。")


def _meeting(act: Act, dossier: Dossier) -> Facts:
    if isinstance(act.command, meetings.PlanMeeting | meetings.RequestSpecial):
        surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    if isinstance(act.command, meetings.GiveConsent) and act.command.subject is meetings.Subject.IRREGULAR:
        return _irregular(act, dossier)
    stream = stream_of("meeting", act.subject)
    return _on(stream, preparation.decide(act.command, dossier.state(stream), by=act.by))


def _around(act: Act, dossier: Dossier) -> meetings.Surroundings:
    known = dossier.state(stream_of("meeting", act.subject))
    return surroundings.of_meeting(dossier, act.subject, on=surroundings.judged_on(act.command, known))


def _irregular(act: Act, dossier: Dossier) -> Facts:
    record = getattr(act.command, "record", None)
    if record is not None:
        surroundings.must_have_adopted(dossier.pair, on=calendar.local_date(record.opened_at))
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, irregular.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _arranging(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, arranging.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _rescheduling(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("meeting", act.subject)
    return _on(stream, rescheduling.decide(act.command, dossier.state(stream), by=act.by))


def _coordination(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, coordination.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _papers(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, papers.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _short_report(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, short_reports.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _notice(act: Act, dossier: Dossier) -> Facts:
    surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    # The number is taken into the pair's register by the same act, so none is used twice.
    return [
        *_arranging(act, dossier),
        *_number(act, dossier, form="通知", document=stream_of("meeting", act.subject)),
    ]


def _late_item(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, late_items.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _supplement(act: Act, dossier: Dossier) -> Facts:
    return [
        *_late_item(act, dossier),
        *_number(act, dossier, form="通知", document=stream_of("meeting", act.subject)),
    ]


def _number(act: Act, dossier: Dossier, *, form: str, document: str) -> Facts:
    number = act.command.number
    if not number:
        return []
    allocated = numbers.allocate(
        number, form=form, document=document, on=act.command.on, register=dossier.register, by=act.by
    )
    return [(NUMBERS_STREAM, allocated)]


def _sitting(act: Act, dossier: Dossier) -> Facts:
    if isinstance(act.command, meetings.HoldMeeting):
        surroundings.must_have_adopted(dossier.pair, on=calendar.local_date(act.command.opened_at))
    stream = stream_of("meeting", act.subject)
    around = _around(act, dossier)
    return _on(stream, sittings.decide(act.command, dossier.state(stream), by=act.by, around=around))


def _minutes(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("minutes", act.subject)
    facts = minutes.decide(
        act.command,
        dossier.state(stream),
        by=act.by,
        sitting=surroundings.of_minutes(dossier, act.subject, on=act.command.on),
        units=dossier.units,
        default_copies=surroundings.default_copies(dossier),
    )
    return _on(stream, facts)


def _issue(act: Act, dossier: Dossier) -> Facts:
    # Issuing takes the number, and brings into effect what the meeting did: with its topics, by each numbered
    # clause, and with earlier decisions. Until then an outcome can be corrected.
    facts = _minutes(act, dossier)
    stream = stream_of("minutes", act.subject)
    facts += _number(act, dossier, form="纪要", document=stream)
    state: minutes.Minutes = dossier.state(stream)
    if state.content is not None:
        facts += _deliberated(act, dossier)
        facts += _established(act, dossier, state.content)
        facts += _closures(act, dossier)
    return facts


def _deliberated(act: Act, dossier: Dossier) -> Facts:
    meeting: meetings.Meeting = dossier.state(stream_of("meeting", act.subject))
    facts: Facts = []
    for item, outcome in meeting.outcomes.items():
        stream = stream_of("topic", item)
        if dossier.version(stream):
            done = topics.Deliberate(
                on=act.command.on,
                meeting=act.subject,
                outcome=outcome.outcome.value,
                irregular=meeting.irregular,
            )
            facts += _on(
                stream, consensus.decide(done, dossier.state(stream), by=act.by, units=dossier.units)
            )
    return facts


def _established(act: Act, dossier: Dossier, content: minutes.Content) -> Facts:
    facts: Facts = []
    for number, clause in enumerate(content.clauses, start=1):
        is_topic = dossier.version(stream_of("topic", clause.item)) > 0
        established = decisions.DecisionEstablished(
            on=act.command.on,
            by=act.by,
            meeting=act.subject,
            minutes_number=act.command.number,
            number=number,
            decided_on=_held_on(act, dossier),
            source_topic=clause.item if is_topic else "",
            disclosed=act.command.disclosure is regulation.Disclosure.PUBLIC,
            **{name: getattr(clause, name) for name in type(clause).model_fields},
        )
        facts.append((stream_of("decision", minutes.decision_id(act.subject, number)), established))
    return facts


def _held_on(act: Act, dossier: Dossier) -> date:
    meeting: meetings.Meeting = dossier.state(stream_of("meeting", act.subject))
    return meeting.held_on or act.command.on


def _closures(act: Act, dossier: Dossier) -> Facts:
    meeting: meetings.Meeting = dossier.state(stream_of("meeting", act.subject))
    kinds: dict[str, type[decisions.DecisionTerminated | decisions.DecisionSuperseded]] = {
        "terminated": decisions.DecisionTerminated,
        "superseded": decisions.DecisionSuperseded,
    }
    facts: Facts = []
    for closure in meeting.closures:
        stream = stream_of("decision", closure.decision)
        closed: decisions.Decision = dossier.state(stream)
        if closed.open:
            fact = kinds[closure.kind](
                on=act.command.on, by=act.by, meeting=act.subject, minutes_number=act.command.number
            )
            facts.append((stream, fact))
    return facts


def _decision(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("decision", act.subject)
    return _on(
        stream, carrying_out.decide(act.command, dossier.state(stream), by=act.by, posts=dossier.posts)
    )


def _pressing(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("decision", act.subject)
    return _on(stream, pressing.decide(act.command, dossier.state(stream), by=act.by))


def _correction(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("correction", act.subject)
    state: corrections.Correction = dossier.state(stream)
    corrected = state.minutes or getattr(act.command, "minutes", "")
    original = surroundings.of_correction(dossier, corrected, on=act.command.on)
    facts = corrections.decide(act.command, state, by=act.by, original=original, units=dossier.units)
    return _on(stream, facts)


def _issue_correction(act: Act, dossier: Dossier) -> Facts:
    # Issuing takes the number, rewords the decisions, and tells the old minutes that there is a newer document.
    facts = _correction(act, dossier)
    stream = stream_of("correction", act.subject)
    facts += _number(act, dossier, form="更正", document=stream)
    state: corrections.Correction = dossier.state(stream)
    if state.content is None:
        return facts
    told = {"on": act.command.on, "by": act.by, "correction": act.subject}
    original = surroundings.of_correction(dossier, state.minutes, on=act.command.on)
    for each in state.content.clauses:
        becomes = corrections.reworded(original.clauses[each.decision], each)
        public = becomes.disclosed and act.command.disclosure is regulation.Disclosure.PUBLIC
        body = becomes.model_dump(exclude={"accepted", "blocked", "disclosed"})
        fact = decisions.DecisionCorrected(
            **told, **body, correction_number=act.command.number, disclosed=public
        )
        facts.append((stream_of("decision", each.decision), fact))
    noted = minutes.MinutesCorrected(**told, number=act.command.number)
    facts.append((stream_of("minutes", state.minutes), noted))
    return facts


def _leader_report(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("leader_report", act.subject)
    matters = surroundings.of_leader_report(dossier, on=act.command.on)
    facts = leader_reports.decide(
        act.command, dossier.state(stream), by=act.by, posts=dossier.posts, matters=matters
    )
    return _on(stream, facts)


def _import(act: Act, dossier: Dossier) -> Facts:
    # Meetings, decisions, the register and the pair's history change together or not at all.
    command: legacy.ImportHistory = act.command
    if act.subject != legacy.batch_id(command):
        raise refusals.NotFound("批次编号与内容不一致。", requirement="R-098")
    made = legacy.decide(command, surroundings.of_legacy(dossier), by=act.by)
    if made is None:
        return []
    facts: Facts = [(stream_of("legacy", act.subject), made.batch)]
    for id_, record in made.meetings.items():
        facts += _imported_meeting(act, dossier, id_, record)
    for id_, decision in made.decisions.items():
        facts.append((stream_of("decision", id_), _imported_decision(act, dossier, decision)))
    imported = pairs.HistoryImported(
        on=command.on,
        by=act.by,
        batch=act.subject,
        first_held_on=made.batch.first_held_on,
        meetings=made.batch.meetings,
        decisions=made.batch.decisions,
        content_hash=made.history_hash,
    )
    return [*facts, ("pair", imported)]


def _imported_meeting(act: Act, dossier: Dossier, id_: str, record: archives.MeetingRecord) -> Facts:
    stream = stream_of("meeting", id_)
    imported = meetings.MeetingImported(
        on=act.command.on,
        by=act.by,
        batch=act.subject,
        rule_version=regulation.rule_version(record.held_on),
        record=record,
    )
    if not record.minutes_number:
        return [(stream, imported)]
    number = numbers.imported(
        record.minutes_number,
        held_on=record.held_on,
        document=stream,
        on=act.command.on,
        register=dossier.register,
        by=act.by,
    )
    return [(stream, imported), (NUMBERS_STREAM, number)]


def _imported_decision(
    act: Act, dossier: Dossier, record: archives.DecisionRecord
) -> decisions.DecisionImported:
    meeting = legacy.meeting_id(record.meeting_held_on)
    in_file = {legacy.meeting_id(each.held_on): each for each in act.command.meetings}
    known: meetings.Meeting = dossier.state(stream_of("meeting", meeting))
    held = in_file.get(meeting) or known.record
    return decisions.DecisionImported(
        on=act.command.on,
        by=act.by,
        batch=act.subject,
        meeting=meeting,
        minutes_number=held.minutes_number if held else "",
        disclosed=held is not None and held.disclosure is regulation.Disclosure.PUBLIC,
        record=record,
    )


def _publicity(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("publicity", act.subject)
    known = surroundings.of_publicity(dossier)
    return _on(stream, publicity.decide(act.command, dossier.state(stream), by=act.by, known=known))


def _year(act: Act, dossier: Dossier) -> Facts:
    # Who left owed the years of his regime all the same, and the clock finds that out afterwards.
    if not isinstance(act.command, years.CloseYear):
        surroundings.must_have_adopted(dossier.pair, on=act.command.on)
    stream = stream_of("year", act.subject)
    duty = surroundings.of_year(dossier, on=act.command.on)
    given = _given_above(act, dossier) if isinstance(act.command, years.ReceiveScore) else None
    facts = years.decide(act.command, dossier.state(stream), by=act.by, duty=duty, given=given)
    return _on(stream, facts)


def _given_above(act: Act, dossier: Dossier) -> years.GivenScore | None:
    above: Dossier = act.beyond
    score = f"{act.subject}-{dossier.tenant}"
    found: scores.Score = above.state(stream_of("score", score))
    if found.given_on is None:
        return None
    return years.GivenScore(
        upper=above.tenant,
        score=score,
        scheme_version=found.scheme_version,
        total=found.total,
        given_on=found.given_on,
        upper_position=above.head.position,
        upper_hash=above.head.hash.hex(),
    )


def _scheme(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("scheme", act.subject)
    scored = any(str(each.year) == act.subject for each in dossier.of("score"))
    return _on(stream, schemes.decide(act.command, dossier.state(stream), by=act.by, scored=scored))


def _score(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("score", act.subject)
    scheme: schemes.Scheme = dossier.state(stream_of("scheme", str(act.command.year)))
    rules = scores.Rules(
        version=scheme.version,
        content_hash=scheme.content_hash,
        items=scheme.items,
        fixed_on=scheme.fixed_on,
    )
    facts = scores.decide(
        act.command, dossier.state(stream), by=act.by, upper=dossier.tenant, lower=act.beyond, rules=rules
    )
    return _on(stream, facts)


def _supporting_rule(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("supporting_rule", act.subject)
    return _on(stream, supporting_rules.decide(act.command, dossier.state(stream), by=act.by))


def _practice(act: Act, dossier: Dossier) -> Facts:
    stream = stream_of("practice", act.subject)
    return _on(stream, practices.decide(act.command, dossier.state(stream), by=act.by))


def _standards(act: Act, dossier: Dossier) -> Facts:
    pair = dossier.pair
    facts = standards.decide(
        act.command,
        dossier.standards,
        by=act.by,
        is_city=pair.division is not None and pair.division.kind is pairs.DivisionKind.CITY,
        since=pair.registered_on,
    )
    return _on(STANDARDS_STREAM, facts)


def _adoption(act: Act, dossier: Dossier) -> Facts:
    # A city adopts what stands in the very ledger that is locked.
    own = dossier.tenant == norms.city_of(dossier.tenant)
    facts = rulebook.adopt(
        act.command,
        dossier.rulebook,
        by=act.by,
        today=act.today,
        published=_published(dossier) if own else act.beyond,
        # A regime that was left rests on nothing, and misses nothing.
        cited=dossier.pair.bases if dossier.pair.adopted_on is not None else (),
    )
    return _on(RULEBOOK_STREAM, facts)


def _rebase(act: Act, dossier: Dossier) -> Facts:
    pair = dossier.pair
    cited, facts = rulebook.rebase(
        act.command,
        dossier.rulebook,
        by=act.by,
        today=act.today,
        cited=pair.bases,
        adopted_on=pair.adopted_on,
    )
    on, by = act.command.on, act.by
    # The citation is the pair's own fact, as at its adoption.
    citations = [pairs.BasisCited(on=on, by=by, number=each.number, title=each.title) for each in cited]
    return [*_on("pair", citations), *_on(RULEBOOK_STREAM, facts)]


def _native(decide: Callable[[Act, Dossier], Facts]) -> Callable[[Act, Dossier], Facts]:
    # Every command on a meeting or its minutes passes here, those still to be written too.
    def decided(act: Act, dossier: Dossier) -> Facts:
        meeting: meetings.Meeting = dossier.state(stream_of("meeting", act.subject))
        if meeting.imported:
            raise legacy.ImportedNotNative(f"{meeting.held_on} 的会议。")
        return decide(act, dossier)

    return decided


def _handlers(
    kind: str,
    decide: Callable[[Act, Dossier], Facts],
    *commands: type[Command],
    begins: bool = False,
    look: Callable[[Any, str, Elsewhere], Any] = _nothing,
) -> dict[type[Command], Handler]:
    if kind in {"meeting", "minutes"}:
        decide = _native(decide)
    return {command: Handler(kind=kind, begins=begins, decide=decide, look=look) for command in commands}


def _division(command: pairs.RegisterPair, tenant: str, elsewhere: Elsewhere) -> pairs.Division | None:
    del tenant
    parent = organs.parent_of(command.division_code)
    if parent:
        return organs.industry(command, elsewhere.division(parent))
    return elsewhere.division(command.division_code)


def _upper_pair(command: years.ReceiveScore, tenant: str, elsewhere: Elsewhere) -> Dossier:
    del command
    division = elsewhere.division(tenant)
    return elsewhere.dossier_of(division.parent if division is not None else "")


def _lower_pair(command: scores.ScoreAssessment, tenant: str, elsewhere: Elsewhere) -> scores.Lower:
    # Only a pair directly below is read at all; of any other nothing is looked up.
    division = elsewhere.division(command.pair)
    if division is None or division.parent != tenant:
        return scores.Lower(id=command.pair)
    lower = elsewhere.dossier_of(command.pair)
    return assessing.lower(lower, year=command.year, base=elsewhere.working_days)


def _received_id(command: topics.ReceiveForwardedTopic) -> str:
    return derivations.received_id(command.child, command.topic)


def _published(city: Dossier) -> norms.Published:
    source = norms.Source(pair=city.tenant, position=city.head.position, hash=city.head.hash.hex())
    return norms.Published(source=source, entries=city.standards.entries)


def _city_standards(command: rulebook.AdoptStandards, tenant: str, elsewhere: Elsewhere) -> norms.Published:
    del command
    return _published(elsewhere.dossier_of(norms.city_of(tenant)))


HANDLERS: dict[type[Command], Handler] = {
    **_handlers("pair", _organs, pairs.RegisterPair, begins=True, look=_division),
    **_handlers("pair", _organs, pairs.RenameOrgan, pairs.SetNamePattern),
    **_handlers("pair", _regime, pairs.WithdrawRegime, pairs.RecordDeviation),
    **_handlers("pair", _pair, pairs.AdoptRegime, pairs.DeclareNoHistory, pairs.DeclareHistoryComplete),
    **_handlers("unit", _unit, people.RegisterUnit, begins=True),
    **_handlers("unit", _unit, people.RenameUnit),
    **_handlers("post", _post, people.AppointToPost, begins=True),
    **_handlers("post", _post, people.EndPost),
    **_handlers("delegation", _delegation, delegations.RecordDelegation, begins=True),
    **_handlers("delegation", _delegation, delegations.RevokeDelegation),
    **_handlers("liaison", _liaison, liaison.DesignateLiaison),
    **_handlers("liaison", _liaison, liaison.ReplaceLiaison, liaison.AcceptHandover, liaison.EndLiaison),
    # A number is a subject of its own inside the register, so no version of the register needs to be seen.
    **_handlers("numbers", _numbers, numbers.AllocateDocNumber, numbers.VoidDocNumber, begins=True),
    **_handlers("topic", _proposal, topics.ProposeTopic, begins=True),
    **_handlers(
        "topic",
        _proposal,
        topics.ReviseTopic,
        topics.AttachResearch,
        topics.AttachOpinion,
        topics.SubmitTopic,
        topics.ConsultTopic,
        topics.ApproveTopic,
        topics.ReturnTopic,
        topics.RejectTopic,
        topics.WithdrawTopic,
        topics.TagTopic,
    ),
    **_handlers(
        "topic",
        _consensus,
        topics.DeclareRelatedUnit,
        topics.PlanJointResearch,
        topics.CompleteJointResearch,
        topics.FileTopicReport,
        topics.StatePosition,
        topics.ConfirmConsensus,
        topics.OverrideConsensus,
    ),
    **_handlers("proposal", _suggestion, suggestions.RecordProposal, begins=True),
    **_handlers("proposal", _suggestion, suggestions.AnswerProposal, suggestions.TakeUpProposal),
    **_handlers("topic", _derivation, topics.DeferTopic, topics.ForwardTopic),
    **_handlers("topic", _merged, topics.MergeTopics, begins=True),
    **_handlers("topic", _split, topics.SplitTopic),
    topics.ReceiveForwardedTopic: Handler(
        kind="topic", begins=True, decide=_received, look=_forwarded, names=_received_id
    ),
    **_handlers("meeting", _meeting, meetings.PlanMeeting, meetings.RequestSpecial, begins=True),
    **_handlers(
        "meeting",
        _meeting,
        meetings.AnswerRequest,
        meetings.RecordPriorConsultation,
        meetings.ProposeDate,
        meetings.GiveConsent,
    ),
    **_handlers(
        "meeting",
        _arranging,
        meetings.SetChair,
        meetings.SetAttendees,
        meetings.AddBriefing,
        meetings.ProposeArrangement,
        meetings.AssignPrepTask,
        meetings.RecordSubstitution,
    ),
    **_handlers(
        "meeting",
        _papers,
        meetings.SubmitMaterial,
        meetings.FreezeMaterials,
        meetings.ExplainUnfulfilled,
        meetings.PrepareOutstandingReport,
        meetings.AmendOutstandingReport,
    ),
    **_handlers("meeting", _short_report, meetings.PrepareShortReport),
    **_handlers("meeting", _notice, meetings.IssueNotice),
    **_handlers("meeting", _irregular, meetings.RecordIrregularMeeting, begins=True),
    **_handlers("meeting", _irregular, meetings.RecordAsIrregular),
    **_handlers("meeting", _late_item, meetings.AddLateItem),
    **_handlers("meeting", _supplement, meetings.IssueSupplementaryNotice),
    **_handlers(
        "meeting",
        _rescheduling,
        meetings.RescheduleMeeting,
        meetings.CancelMeeting,
        meetings.AcknowledgeCancellation,
    ),
    **_handlers(
        "meeting",
        _coordination,
        meetings.AcknowledgeNotice,
        meetings.ReplyAttendance,
        meetings.GrantLeave,
    ),
    **_handlers(
        "meeting",
        _sitting,
        meetings.HoldMeeting,
        meetings.RecordAttendance,
        meetings.CloseSitting,
        meetings.RecordOutcome,
        meetings.CloseByMeeting,
        meetings.RetractClosure,
    ),
    **_handlers("minutes", _minutes, minutes.DraftMinutes, minutes.ReviewMinutes),
    **_handlers("minutes", _issue, minutes.IssueMinutes),
    **_handlers(
        "decision",
        _decision,
        decisions.AssignSupervisors,
        decisions.AcceptDecision,
        decisions.SetPlan,
        decisions.ReportProgress,
        decisions.ClaimFulfilled,
        decisions.VerifyFulfilled,
        decisions.ReturnClaim,
        decisions.StateViewOnClaim,
    ),
    **_handlers(
        "decision",
        _pressing,
        decisions.Remind,
        decisions.AnswerReminder,
        decisions.Escalate,
        decisions.AnswerEscalation,
        decisions.RequestExtension,
        decisions.StateExtensionOpinion,
        decisions.GrantExtension,
        decisions.RefuseExtension,
    ),
    **_handlers("correction", _correction, corrections.DraftCorrection, begins=True),
    **_handlers("correction", _correction, corrections.ReviseCorrection, corrections.ReviewCorrection),
    **_handlers("correction", _issue_correction, corrections.IssueCorrection),
    **_handlers("leader_report", _leader_report, leader_reports.ReportToLeaders, begins=True),
    legacy.ImportHistory: Handler(kind="legacy", begins=True, decide=_import, names=legacy.batch_id),
    **_handlers("publicity", _publicity, publicity.RecordPublicity, begins=True),
    **_handlers(
        "year",
        _year,
        years.RecordPlanInclusion,
        years.RecordAssessmentInclusion,
        years.RecordLeadershipDiscussion,
        years.CloseYear,
    ),
    **_handlers("year", _year, years.ReceiveScore, look=_upper_pair),
    **_handlers("scheme", _scheme, schemes.FixScheme),
    **_handlers("score", _score, scores.ScoreAssessment, look=_lower_pair),
    **_handlers("supporting_rule", _supporting_rule, supporting_rules.RegisterSupportingRule, begins=True),
    **_handlers("supporting_rule", _supporting_rule, supporting_rules.RepealSupportingRule),
    **_handlers("practice", _practice, practices.RecordPractice, begins=True),
    **_handlers(
        "standards",
        _standards,
        standards.RegisterBasis,
        standards.RepealBasis,
        standards.SetParameters,
        standards.PublishCalendar,
    ),
    **_handlers("rulebook", _adoption, rulebook.AdoptStandards, look=_city_standards),
    **_handlers("rulebook", _rebase, rulebook.RebaseRegime),
}
