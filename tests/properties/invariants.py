"""What must be true of every pair that lawful acts can reach, whatever their order.

Each check reads the finished state and says again, in its own words, what the rules should have ensured.
"""

from datetime import date

from application import surroundings
from application.dossier import Dossier
from application.handlers import Facts
from domain import (
    archives,
    catalogue,
    corrections,
    decisions,
    derivations,
    liaison,
    meetings,
    minutes,
    rulebook,
    schemes,
    scores,
    standards,
    suggestions,
    topics,
    years,
)
from domain.consent import Consent, Consents
from domain.decider import Capacity, Fact, Side
from domain.regulation import Category
from tests.properties import corrections as rewording
from tests.properties import pressing, rules

BOTH = set(Side)
RESEARCHED_TOGETHER = {
    topics.Status.JOINT_RESEARCH,
    topics.Status.RESEARCHED,
    topics.Status.REPORTED,
    topics.Status.CONSENSUS,
}
DEALT_WITH = {
    topics.Status.RESOLVED,
    topics.Status.NOTED,
    topics.Status.REFERRED,
    topics.Status.NOT_ADOPTED,
    topics.Status.WITHDRAWN,
}
PASSED = topics.ON_THE_WAY | {topics.Status.RESOLVED, topics.Status.NOTED, topics.Status.REFERRED}


def two_persons(given: dict[Side, Consent]) -> None:
    """Each side speaks for itself, and the two are two."""
    assert all(each.by.side is side for side, each in given.items())
    assert len({each.by.person for each in given.values()}) == len(given)


def consents(known: Consents) -> None:
    """Whatever both sides agree to is one content, agreed to by two persons of two sides."""
    two_persons(known.given)
    assert {each.content_hash for each in known.given.values()} <= {known.content_hash}
    assert all(each.on >= known.proposed_on for each in known.given.values() if known.proposed_on)
    assert known.agreed == (set(known.given) == BOTH)


def topic(known: topics.Topic, dossier: Dossier) -> None:
    """A topic stands where it stands because every gate before it was passed on the same content."""
    spoken = known.consultations
    assert len({each.by.person for each in spoken.values()}) == len(spoken)
    for side, said in spoken.items():
        assert (said.by.side, said.content_hash) == (side, known.content_hash)
    consents(known.consensus)
    sat: meetings.Meeting = dossier.state(f"meeting:{known.meeting}")
    if known.meeting and sat.irregular and known.status in DEALT_WITH:
        # It was dealt with as it was, by a meeting that tells which gates were missing.
        return
    # These may end a draft that was never submitted.
    ended_early = {topics.Status.WITHDRAWN, topics.Status.MERGED, topics.Status.SPLIT}
    if known.status not in {topics.Status.UNBORN, topics.Status.DRAFT, *ended_early}:
        assert any(record.argument for record in known.research)
    if known.status in PASSED:
        assert set(spoken) == BOTH
        assert known.approved_by is not None
        assert known.approved_by.capacity is Capacity.LIAISON_LEADER
        assert all(said.on <= known.approved_on for said in spoken.values())
    if known.status in RESEARCHED_TOGETHER:
        assert dossier.units[known.joint_lead].side is Side.UNION
        assert any(dossier.units[unit].side is Side.GOVERNMENT for unit in known.joint_units)
    if known.status is topics.Status.CONSENSUS:
        basic_consensus(known)
    path(known)
    provenance(known, dossier)
    overridden(known, dossier)


def path(known: topics.Topic) -> None:
    """The steps are in the order of their days, and the last one is where the topic stands."""
    days = [step.on for step in known.path]
    assert days == sorted(days)
    assert (known.path[-1].status, known.path[-1].on) == (known.status, known.since)
    assert known.status_on(known.since) is known.status


def provenance(known: topics.Topic, dossier: Dossier) -> None:
    """Links lead both ways, what came out of others began as a draft, and what ended in others stays ended."""
    by_id = {each.id: each for each in dossier.topics}
    ended = {topics.Way.MERGE: topics.Status.MERGED, topics.Way.SPLIT: topics.Status.SPLIT}
    for source in known.sources:
        if known.derived is topics.Way.FORWARD:
            assert source.pair not in {"", dossier.tenant}
            assert known.id == derivations.received_id(source.pair, source.topic)
            continue
        origin = by_id[source.topic]
        assert known.derived is not None
        assert (origin.status, origin.content_hash) == (ended[known.derived], source.content_hash)
        assert known.id in origin.into
        assert set(origin.research) <= set(known.research)
    if known.derived is not None:
        assert known.sources
        assert known.path[0].status is topics.Status.DRAFT
    if known.status in ended.values():
        assert known.into
        assert all(known.id in {each.topic for each in by_id[new].sources} for new in known.into)
    if known.status in {*ended.values(), topics.Status.FORWARDED}:
        assert surroundings.undecided_at(dossier, known.id) is None
    else:
        assert not known.into


def overridden(known: topics.Topic, dossier: Dossier) -> None:
    """An exception is two persons' of two sides, for one special meeting and one report that both saw."""
    consents(known.override)
    assert set(known.override_reasons) == set(known.override.given)
    if known.overridden_on is None:
        return
    assert known.override.agreed
    leads = {Side.GOVERNMENT: Capacity.LIAISON_LEADER, Side.UNION: Capacity.UNION_PRINCIPAL}
    assert {side: each.by.capacity for side, each in known.override.given.items()} == leads
    assert dossier.state(f"meeting:{known.override_meeting}").kind is meetings.Kind.SPECIAL
    assert known.report is not None
    assert {each.report_hash for each in known.positions.values()} == {known.report.report_hash}
    against = {unit for unit, each in known.positions.items() if each.stance is topics.Stance.DISAGREE}
    assert any(known.related[unit] is not topics.Role.OTHER for unit in against)


def basic_consensus(known: topics.Topic) -> None:
    """Every related unit has spoken on the report that both offices confirmed, and none that matters is against."""
    assert known.consensus.agreed
    assert known.report is not None
    assert set(known.related) == set(known.positions)
    assert {each.report_hash for each in known.positions.values()} == {known.report.report_hash}
    against = {unit for unit, each in known.positions.items() if each.stance is topics.Stance.DISAGREE}
    assert not [unit for unit in against if known.related[unit] is not topics.Role.OTHER]
    assert known.dissent_note or not against


def suggestion(known: suggestions.Proposal, dossier: Dossier) -> None:
    """One side spoke, only the other answered, and each answer has its day and its author."""
    assert known.by is not None
    assert known.by.side is known.side
    assert all(dossier.units[unit].side is known.side.other for unit in known.to)
    for each in known.answers:
        assert each.by.side is each.side is known.side.other
        assert each.on >= known.recorded_on
    assert known.status is not suggestions.Status.ANSWERED or known.answers
    assert not known.topic or dossier.version(f"topic:{known.topic}")


def meeting(known: meetings.Meeting) -> None:
    """What is noticed was agreed, and it is still the same."""
    for each in (known.date_consents, known.arrangement_consents, known.report_consents):
        consents(each)
    two_persons(known.prior)
    if known.notice is not None:
        assert known.arrangement is not None
        assert known.arrangement_consents.agreed
        assert known.date_consents.agreed
        assert known.notice.arrangement_hash == known.arrangement.hash
        assert known.arrangement_consents.content_hash == known.arrangement.hash
        assert known.kind is meetings.Kind.ANNUAL or set(known.prior) == BOTH
    coordinated(known)
    for late in known.late_items.values():
        consents(late.consents)
        if late.noticed_on is not None:
            assert late.consents.agreed
            assert late.consents.agreed_on <= late.noticed_on
            assert late.item in known.agenda
    if known.irregular:
        irregular(known)
    elif known.opened_at is not None:
        assert known.notice is not None
        assert known.frozen_on is not None
        assert known.frozen_on <= known.held_on
        assert known.chair_post in {known.attendees[seat - 1].post for seat in known.present}
    for at in (each.at for each in known.outcomes.values()):
        assert known.opened_at <= at
        assert known.closed_at is None or at <= known.closed_at
    assert set(known.outcomes) <= set(known.agenda)


def irregular(known: meetings.Meeting) -> None:
    """A meeting without its gates was recorded by two offices, tells what it lacked, and is over."""
    consents(known.irregular_consents)
    assert known.irregular_consents.agreed
    assert known.irregularity is not None
    assert known.irregularity.gates
    assert known.gates_missing
    assert known.closed_at is not None
    assert known.agenda == known.irregularity.items
    assert known.late_entry == (known.ordinal == 0)
    assert known.late_entry == ("R-008" in known.gates_missing)


def coordinated(known: meetings.Meeting) -> None:
    """Who chairs and who leads the union is never merely away; what is called off never opened."""
    bound = {
        number
        for number, seat in enumerate(known.attendees, start=1)
        if seat.category is meetings.AttendeeCategory.UNION_PRINCIPAL
    }
    assert not bound & set(known.leaves)
    assert not {
        n for n in known.leaves if known.attendees[n - 1].post == known.chair_post and known.chair_post
    }
    assert all(known.attendees[n - 1].unit == reply.unit for n, reply in known.replies.items())
    assert set(known.acknowledged) <= {seat.unit for seat in known.attendees}
    if known.answer is not None:
        assert known.answer.by.side is known.requested_by.other
    if known.cancellation is not None:
        assert known.opened_at is None
        taken = known.cancellation.acknowledged_by
        assert taken is None or taken.side is not known.cancellation.side


def short_form(known: meetings.Meeting, before: Dossier) -> set[str]:
    """A short report is a special meeting's, points to a full one, and takes over what the last meeting was told."""
    short = known.short_form
    if short is None:
        return set()
    assert known.kind is meetings.Kind.SPECIAL
    full: meetings.Meeting = before.state(f"meeting:{short.full.meeting}")
    assert (full.short_form, full.report.hash) == (None, short.full.hash)
    held = [each for each in before.meetings if each.held_on is not None]
    last: meetings.Meeting = before.state(f"meeting:{short.last_meeting}")
    assert last.held_on == max(each.held_on for each in held)
    serials = {each.id: each.serial for each in known.report.members}
    assert all(last.explanations[each].serial == serials[each] for each in short.carried)
    return set(short.carried)


def opening(held: meetings.MeetingHeld, id: str, before: Dossier) -> None:  # noqa: A002
    """At the moment of its opening a meeting had passed every gate."""
    known: meetings.Meeting = before.state(f"meeting:{id}")
    by_id = {each.id: each for each in before.topics}
    deliberated = [by_id[item] for item in known.agenda if item in by_id]
    excepted = [each for each in deliberated if each.override_meeting == id and each.overridden_on]
    assert known.kind is meetings.Kind.SPECIAL or not excepted
    ready = {topics.Status.CONSENSUS, topics.Status.WITHDRAWN}
    assert all(each.status in ready for each in deliberated if each not in excepted)
    assert all(set(each.related) <= {seat.unit for seat in known.attendees} for each in deliberated)
    assert before.pair.history_known
    assert set(before.liaisons) == BOTH
    if known.kind is meetings.Kind.SPECIAL:
        held_on = known.meeting_date
        apart = (held_on - max(each.on for each in known.prior.values())).days
        assert apart >= before.rulebook.parameters(held_on).prior_consultation_min_days
    submitted = {each.item for each in known.materials}
    assert set(known.agenda) <= submitted
    due = surroundings.outstanding_of(before, id)
    if due or Category.C6.value in known.agenda:
        assert Category.C6.value in known.agenda
        assert known.report_consents.agreed
        assert [each.id for each in known.report.members] == [each.id for each in due]
        carried = short_form(known, before)
        assert all(
            line.explanation or each.id in carried
            for line, each in zip(known.report.members, due, strict=True)
            if each.needs_explanation
        )
    earlier = sorted((each.held_on, each.ordinal) for each in before.meetings if each.held_on is not None)
    printed = [place for place, (_, ordinal) in enumerate(earlier) if ordinal]
    # The latest ordinal on paper or in the ledger, and one for each later meeting whose paper prints none.
    counted = earlier[printed[-1]][1] + len(earlier) - 1 - printed[-1] if printed else len(earlier)
    assert held.ordinal == counted + 1
    assert all(day <= known.meeting_date for day, _ in earlier)


def issued(known: minutes.Minutes, dossier: Dossier) -> None:
    """Issued minutes were approved by two leaders of two sides on the very text that was issued."""
    reviews = known.reviews
    assert all(each.by.side is side for side, each in reviews.items())
    assert len({each.by.person for each in reviews.values()}) == len(reviews)
    assert {each.content_hash for each in reviews.values()} <= {known.content_hash}
    if known.status is not minutes.Status.ISSUED:
        return
    assert set(reviews) == BOTH
    sat: meetings.Meeting = dossier.state(f"meeting:{known.id}")
    assert sat.closed_at is not None
    assert set(sat.outcomes) == set(sat.agenda)
    assert known.content is not None
    resolved = {item for item, each in sat.outcomes.items() if each.outcome in meetings.RESOLVING}
    assert {clause.item for clause in known.content.clauses} <= resolved
    assert set(known.content.closures) == {each.decision for each in sat.closures}
    assert all(dossier.version(f"decision:{each}") for each in known.decisions)
    assert known.number in {each.number for each in dossier.register.allocations.values()}


def imported(known: decisions.Decision, dossier: Dossier) -> None:
    """An imported decision rests on paper; it was verified here only if it was still open then and was claimed here."""
    record = known.record
    meeting: meetings.Meeting = dossier.state(f"meeting:{known.meeting}")
    assert record is not None
    assert meeting.imported
    assert meeting.held_on == record.meeting_held_on == known.established_on
    assert dossier.version(f"minutes:{known.meeting}") == 0
    two_persons(known.verified)
    if record.standing is not archives.Standing.UNFULFILLED:
        assert not known.open
        native = (known.supervisors, known.accepted_units, known.progress, known.claim, known.verified)
        assert not any(native)
        assert known.closed_on == record.closed_on
        return
    assert set(known.lead_units) <= set(dossier.units)
    assert known.lead_units
    if known.status is decisions.Status.FULFILLED:
        assert set(known.verified) == BOTH
        assert known.claim is not None


def imported_meeting(known: meetings.Meeting, dossier: Dossier) -> None:
    """An imported meeting passed no gate and claims none; its number stands in the register."""
    assert known.record is not None
    assert known.opened_at is None
    assert not any((known.notice, known.agenda, known.outcomes, known.present))
    number = known.record.minutes_number
    assert not number or number in {each.number for each in dossier.register.allocations.values()}


def decision(known: decisions.Decision, dossier: Dossier) -> None:
    """A decision comes out of issued minutes, and ends by joint verification or by a later meeting's minutes."""
    if known.imported:
        imported(known, dossier)
        return
    origin: minutes.Minutes = dossier.state(f"minutes:{known.meeting}")
    assert origin.status is minutes.Status.ISSUED
    rewording.of_decision(known, origin, dossier)
    assert len({each.person for each in known.supervisors.values()}) == len(known.supervisors)
    two_persons(known.verified)
    two_persons({each.side: each for each in known.views_on_claim})
    assert len({each.side for each in known.views_on_claim}) == len(known.views_on_claim)
    pressing.invariants(known)
    if known.status is decisions.Status.FULFILLED:
        assert set(known.verified) == BOTH
        assert known.claim is not None
        assert known.claim.by.person not in {each.by.person for each in known.verified.values()}
        assert not {each.by.unit for each in known.verified.values()} & set(known.lead_units)
        assert known.established_on <= known.fulfilled_on <= known.closed_on
    if known.status in {decisions.Status.TERMINATED, decisions.Status.SUPERSEDED}:
        by: minutes.Minutes = dossier.state(f"minutes:{known.closed_by_meeting}")
        assert by.status is minutes.Status.ISSUED
        assert known.id in by.content.closures
        days = {each.id: (each.held_on, each.ordinal) for each in dossier.meetings}
        assert days[known.meeting] < days[known.closed_by_meeting]


def register(dossier: Dossier) -> None:
    """No full number stands for two papers."""
    full = [each.number for each in dossier.register.allocations.values() if "〔" in each.number]
    assert len(full) == len(set(full))


def authority(fact: Fact, before: Dossier) -> None:
    """Whoever acts by delegation was lent that very capacity, by a leader of his side, for that day."""
    by = fact.by
    if not by.authority.startswith("受"):
        return
    lent = [each for each in before.delegations if each.authority == by.authority and each.to_post == by.post]
    assert any(each.valid_from <= fact.on <= each.ends and each.from_capacity is by.capacity for each in lent)
    giver = before.posts[lent[0].from_post]
    assert (giver.side, giver.person != by.person) == (by.side, True)
    assert before.posts[by.post].capacity not in topics.OFFICES


def missed(fact: years.YearDutyMissed, year: str, before: Dossier) -> None:
    """A year is known as missed once, after its end, and only where no meeting was held in it (R-032)."""
    assert fact.on.year > int(year)
    assert before.state(f"year:{year}").duty_missed_on is None
    autumn = date(int(year), *before.rulebook.parameters(fact.on).adoption_counts_until)
    assert before.pair.mandatory or before.pair.in_regime(autumn)
    assert not [each for each in before.meetings if each.held_on and str(each.held_on.year) == year]


def scored(fact: scores.ScoreGiven, before: Dossier) -> None:
    """A score follows the scheme that stands, item by item; what nobody computed somebody signed (R-087)."""
    scheme = before.state(f"scheme:{fact.year}")
    assert (fact.scheme_version, fact.scheme_hash) == (scheme.version, scheme.content_hash)
    assert [(each.key, each.out_of) for each in fact.items] == [
        (each.key, each.points) for each in scheme.items
    ]
    assert all(0 <= each.points <= each.out_of for each in fact.items)
    assert all((each.signed is None) == (each.of > 0) for each in fact.items)
    assert fact.total == sum(each.points for each in fact.items) <= 100_00
    assert fact.on.year > fact.year
    assert fact.by.capacity is Capacity.UNION_OFFICE


def yearly(fact: Fact, stream: str, before: Dossier) -> None:
    """The gates of a year, a scheme and a score."""
    match fact:
        case years.YearDutyMissed():
            missed(fact, stream.partition(":")[2], before)
        case scores.ScoreGiven():
            scored(fact, before)
        case schemes.SchemeFixed():
            assert not [each for each in before.of("score") if f"scheme:{each.year}" == stream]
        case _:
            pass


def regime(before: Dossier, after: Dossier, facts: Facts) -> None:
    """Outside the time of its regime a voluntary pair begins and holds nothing."""
    pair = after.pair
    begun = [
        fact
        for _, fact in facts
        if isinstance(
            fact, topics.TopicProposed | topics.TopicApproved | meetings.MeetingPlanned | meetings.MeetingHeld
        )
    ]
    if begun and not pair.mandatory:
        days = [
            each.opened_at.date() if isinstance(each, meetings.MeetingHeld) else each.on for each in begun
        ]
        assert all(any(p.since <= day <= (p.until or day) for p in pair.regimes) for day in days)
    if pair.regimes:
        assert pair.adopted_on == (None if pair.regimes[-1].until else pair.regimes[-1].since)
        assert not pair.mandatory or all(each.until is None for each in pair.regimes)
    for earlier, later in zip(pair.regimes, pair.regimes[1:], strict=False):
        assert earlier.until is not None
        assert earlier.until < later.since
    if pair.has_fixed_name and pair.organs:
        government, union = pair.organs[Side.GOVERNMENT][-1].name, pair.organs[Side.UNION][-1].name
        assert (government[-4:], union[-3:]) == ("人民政府", "总工会")
        assert pair.official_name == f"{government}与{union}联席会议"


def handovers(before: Dossier, facts: Facts) -> None:
    """What is handed over is all that is under way, and another person takes it over (R-085)."""
    for stream, fact in facts:
        if isinstance(fact, liaison.LiaisonReplaced):
            listed = {each.id for each in fact.open_tasks if each.kind == "decision"}
            assert listed == {each.id for each in before.decisions if each.open}
        if isinstance(fact, liaison.HandoverAccepted):
            known = before.state(stream)
            assert known.handover_open
            assert known.handed_over_by.person != fact.by.person


def check(before: Dossier, after: Dossier, facts: Facts) -> None:  # noqa: C901 - one branch for each kind.
    """Check what some facts touched."""
    for stream, fact in facts:
        if isinstance(fact, meetings.MeetingHeld):
            opening(fact, stream.partition(":")[2], before)
        yearly(fact, stream, before)
        assert catalogue.FACTS[type(fact).topic] is type(fact)
        authority(fact, before)
    for stream in {stream for stream, _ in facts}:
        state = after.state(stream)
        match state:
            case topics.Topic():
                topic(state, after)
            case suggestions.Proposal():
                suggestion(state, after)
            case meetings.Meeting():
                meeting(state)
                if state.imported:
                    imported_meeting(state, after)
            case minutes.Minutes():
                issued(state, after)
            case corrections.Correction():
                rewording.invariants(state, after)
            case decisions.Decision():
                decision(state, after)
            case standards.Standards() | rulebook.Rulebook():
                rules.standing(after)
            case _:
                register(after)
    regime(before, after, facts)
    handovers(before, facts)
    declared = after.pair.no_history
    known = after.pair
    assert known.history_known == (BOTH in (set(known.no_history), set(known.history_complete)))
    assert len({each.person for each in known.history_complete.values()}) == len(known.history_complete)
    declared = known.no_history
    assert len({each.person for each in declared.values()}) == len(declared)
