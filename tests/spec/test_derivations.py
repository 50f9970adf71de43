"""Topics out of topics: merged, split, put off, forwarded to the parent pair and received there (R-050)."""

import pytest

from domain import consensus, derivations, meetings, proposals, refusals, topics
from domain.regulation import Category
from domain.topics import Status
from tests import builders as b

ON = b.day(4, 8)
MERGED = b.content(title="户外劳动者高温津贴、体检和休息站点")


def two(*, until=Status.CONSENSUS, other="HR"):
    """Two topics of different content, each with research of its own."""
    second = b.content(title="户外劳动者休息站点", summary="建设休息站点。")
    return b.given(b.topic(until=until), b.topic("T2", of=second, by=other, until=Status.SUBMITTED))


def merge(*of, unit="hr", content=MERGED, on=ON):
    return topics.MergeTopics(on=on, topics=of, unit=unit, content=content)


def split(*parts, on=ON):
    return topics.SplitTopic(on=on, parts=parts)


PARTS = (b.content(title="高温津贴"), b.content(title="健康体检"), b.content(title="休息站点"))


# --- merging ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["GO", "UO", "HR"])
def test_r050_merging_approved_topics_gives_a_new_draft_linked_both_ways(role):
    """The sources end; the new topic is a draft with their research, whatever gates they had passed."""
    scene = two()
    made = scene.when(role, merge("T1", "T2"), subject="N").then(
        topics.TopicProposed, topics.TopicDerived, topics.TopicMerged, topics.TopicMerged
    )
    new, one, other = made.topic("N"), made.topic("T1"), made.topic("T2")
    assert (new.status, new.derived, new.unit) == (Status.DRAFT, topics.Way.MERGE, "hr")
    assert [each.topic for each in new.sources] == ["T1", "T2"]
    assert [each.content_hash for each in new.sources] == [one.content_hash, other.content_hash]
    assert (one.status, one.into, other.status, other.into) == (Status.MERGED, ("N",)) * 2
    assert (new.approved_by, new.consensus.given, new.consultations) == (None, {}, {})


def test_r039_a_merged_draft_is_submitted_on_the_research_of_its_sources():
    """Research that both sources share is carried over once."""
    made = two().act("GO", merge("T1", "T2"), subject="N")
    assert len(made.topic("N").research) == 1
    sent = made.when("HR", topics.SubmitTopic(on=ON), subject="N").then(topics.TopicSubmitted)
    sent.when("GL", topics.ApproveTopic(on=ON), subject="N").refused("R-042", proposals.NotConsulted)


def test_r040_opinions_of_workers_go_along():
    """What workers said is not lost with the topic on which they said it."""
    said = topics.AttachOpinion(on=b.day(3, 6), source="职工代表提案", opinion="希望设休息站点。")
    scene = two(until=Status.DRAFT).act("HR", said)
    made = scene.act("GO", merge("T1", "T2"), subject="N")
    assert made.topic("N").opinions == ("职工代表提案：希望设休息站点。",)


def test_r090_a_merged_topic_originates_from_the_side_of_its_unit():
    """The proposing unit is one of the sources', so nobody's topic is carried off by a third."""
    scene = two(other="RIGHTS")
    made = scene.act("UO", merge("T1", "T2", unit="rights"), subject="N")
    assert (made.topic("N").side, made.topic("N").unit) == (b.UNION, "rights")
    scene.when("GO", merge("T1", "T2", unit="fin"), subject="N").refused("R-050", derivations.NotOneOfTheirs)


@pytest.mark.parametrize("role", ["HR", "RIGHTS", "FIN"])
def test_r050_a_department_merges_only_its_own_topics(role):
    """Where units differ, an office does it."""
    scene = two(other="RIGHTS")
    for unit in ("hr", "rights", "fin"):
        command = merge("T1", "T2", unit=unit)
        scene.when(role, command, subject="N").refused("R-050", derivations.NotOneOfTheirs)


@pytest.mark.parametrize("of", [(), ("T1",), ("T1", "T1")])
def test_r050_fewer_than_two_topics_are_not_merged(of):
    """A merger needs two different topics."""
    two().when("GO", merge(*of), subject="N").refused("R-050", derivations.HowMany)


def test_r050_what_does_not_exist_or_has_ended_is_not_merged():
    """A topic is merged once, and only while it can still come to something."""
    scene = two()
    scene.when("GO", merge("T1", "nowhere"), subject="N").refused("R-050", refusals.NotFound)
    gone = scene.act("HR", topics.WithdrawTopic(on=ON, reason="问题已解决"), subject="T2")
    gone.when("GO", merge("T1", "T2"), subject="N").refused("R-050", refusals.WrongState)
    made = scene.act("GO", merge("T1", "T2"), subject="N")
    made.when("GO", merge("T1", "T2"), subject="N2").refused("R-050", refusals.WrongState)
    made.when("GO", merge("T1", "T2"), subject="N").refused("R-050", refusals.AlreadyDone)


def test_r050_a_topic_on_a_held_meeting_is_neither_merged_nor_split_put_off_or_forwarded():
    """What the meeting did with it comes first."""
    second = b.topic("T2", until=Status.DRAFT)
    scene = b.given(b.topic(), second, b.meeting())
    on = b.day(4, 23)
    acts = (
        ("GO", merge("T2", "T1", on=on), "N"),
        ("GO", split(*PARTS, on=on), "T1"),
        ("UO", topics.DeferTopic(on=on, reason="再议。"), "T1"),
        ("UO", topics.ForwardTopic(on=on, reason="涉及全市。"), "T1"),
    )
    for role, command, subject in acts:
        scene.when(role, command, subject=subject).refused("R-062", consensus.BeforeTheMeeting)


def test_r062_a_meeting_does_not_open_on_a_merged_topic():
    """A source that stands on an agenda is taken off before the opening."""
    scene = b.given(
        b.topic(), b.topic("T2", until=Status.DRAFT), b.meeting(until=meetings.Status.MATERIALS_FROZEN)
    )
    made = scene.act("GO", merge("T1", "T2", on=b.day(4, 21)), subject="N")
    made.when("GO", b.hold(b.day(4, 22))).refused("R-062")


def test_r022_the_content_of_a_merged_topic_is_judged_as_any_other():
    """A briefing does not come in by the side door."""
    brief = b.content(Category.C1)
    two().when("GO", merge("T1", "T2", content=brief), subject="N").refused("R-022")


def test_r093_a_merger_is_not_dated_before_what_it_merges():
    """It rests on the sources as they stand."""
    early = merge("T1", "T2", on=b.day(4, 6))
    two().when("GO", early, subject="N").refused("R-093", refusals.BeforeItsBasis)


# --- splitting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["GO", "UO", "HR"])
def test_r050_a_split_topic_gives_drafts_with_known_ids(role):
    """One act makes all the parts; their ids follow from the source and the number."""
    scene = b.given(b.topic())
    made = scene.when(role, split(*PARTS)).then(
        *[topics.TopicProposed, topics.TopicDerived] * 3, topics.TopicSplit
    )
    source = made.topic()
    assert source.status is Status.SPLIT
    assert source.into == tuple(derivations.part_id("T1", number) for number in (1, 2, 3))
    for part, content in zip(source.into, PARTS, strict=True):
        known = made.topic(part)
        assert (known.status, known.derived, known.content) == (Status.DRAFT, topics.Way.SPLIT, content)
        assert (known.sources[0].topic, known.unit, known.side) == ("T1", "hr", b.GOV)
        sent = made.when("HR", topics.SubmitTopic(on=ON), subject=part)
        sent.then(topics.TopicSubmitted)


def test_r050_a_split_is_the_proposing_units_or_an_offices():
    """Another department does not take a topic apart."""
    b.given(b.topic()).when("FIN", split(*PARTS)).refused("R-050", derivations.NotOneOfTheirs)


@pytest.mark.parametrize("parts", [(), PARTS[:1], (PARTS[0], PARTS[0])])
def test_r050_fewer_than_two_parts_are_no_split(parts):
    """Parts are two or more, and differ."""
    b.given(b.topic()).when("GO", split(*parts)).refused("R-050", derivations.HowMany)


def test_r050_a_split_or_ended_topic_is_not_split_again():
    """Its parts may be."""
    scene = b.given(b.topic()).act("GO", split(*PARTS))
    scene.when("GO", split(*PARTS)).refused("R-050", refusals.WrongState)
    part = scene.topic().into[0]
    scene.when("HR", split(*PARTS), subject=part).accepted()
    scene.when("GO", split(*PARTS), subject="nowhere").refused("R-038", refusals.NotFound)


def test_r023_each_part_is_judged_where_it_stands():
    """The pointer says which part lacks what."""
    bare = b.content(title="休息站点", sub_domain="")
    done = b.given(b.topic()).when("GO", split(PARTS[0], bare))
    done.refused("R-023", proposals.SubDomainMissing)
    assert done.refusal.pointer == "/parts/1/sub_domain"


def test_r005_a_pair_that_left_begins_nothing_by_merging_or_splitting():
    """A draft out of others is a beginning like any other."""
    left = b.pairs.WithdrawRegime(on=b.day(4, 7), last_day=b.day(4, 7), reason="机构撤并，不再参照执行。")
    scene = child().play(b.topic("T2", until=Status.DRAFT)).act("GO", left)
    scene.when("GO", split(*PARTS)).refused("R-005")
    scene.when("GO", merge("T1", "T2"), subject="N").refused("R-005")


# --- putting off ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["GO", "UO"])
@pytest.mark.parametrize("until", [Status.SUBMITTED, Status.CONSULTED, Status.APPROVED, Status.CONSENSUS])
def test_r050_a_deferred_topic_comes_back_at_consultation(role, until):
    """What was agreed before is spent, as after a deferral by a meeting."""
    later = topics.DeferTopic(on=ON, reason="待上级政策明确。", until=b.day(9, 30))
    scene = b.given(b.topic(until=until)).when(role, later).then(topics.TopicDeferred)
    known = scene.topic()
    assert (known.status, known.deferred_until, known.approved_by) == (
        Status.DEFERRED,
        b.day(9, 30),
        None,
    )
    scene.when("GL", topics.ApproveTopic(on=ON)).refused("R-042")
    for side, office in b.OFFICES.items():
        scene = scene.act(office, b.consultation(scene.topic(), side, on=b.day(5, 1)))
    scene.when("GL", topics.ApproveTopic(on=b.day(5, 2))).then(topics.TopicApproved)


@pytest.mark.parametrize("until", [Status.DRAFT])
def test_r050_a_draft_is_not_put_off_past_its_submission(until):
    """It would come back at consultation without having been submitted (R-039)."""
    command = topics.DeferTopic(on=ON, reason="待上级政策明确。")
    b.given(b.topic(until=until)).when("GO", command).refused("R-050", refusals.WrongState)
    returned = b.given(b.topic(until=Status.CONSULTED)).act(
        "GL", topics.ReturnTopic(on=b.day(3, 20), reason="补经费测算")
    )
    returned.when("GO", command).refused("R-050", refusals.WrongState)


def test_r050_a_deferral_has_a_reason_and_looks_ahead():
    """By an office, with a reason, to a later day."""
    scene = b.given(b.topic())
    scene.when("GO", topics.DeferTopic(on=ON, reason="无")).refused("R-050", refusals.TextMissing)
    past = topics.DeferTopic(on=ON, reason="待政策明确。", until=ON)
    scene.when("GO", past).refused("R-050", derivations.NotAhead)
    for role in ("HR", "GL", "UP"):
        command = topics.DeferTopic(on=ON, reason="待政策明确。")
        scene.when(role, command).refused("R-050", refusals.NotEntitled)


# --- forwarding -------------------------------------------------------------------------------------------------


def forward(on=ON):
    return topics.ForwardTopic(on=on, reason="涉及社会保险统筹，须由上级研究。")


def child(division=b.ZONE, *steps, by="HR", until=Status.CONSENSUS):
    """A voluntary pair below the county, with a topic."""
    scene = b.blank(division).play(b.registered(division), b.staffed, b.adopted)
    return scene.play(b.topic(by=by, until=until), *steps)


def receive(*, of="T1", pair=b.ZONE.code, unit="hr", on=ON):
    return topics.ReceiveForwardedTopic(on=on, child=pair, topic=of, unit=unit)


TARGET = derivations.received_id(b.ZONE.code, "T1")


@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r050_a_forwarded_topic_ends_here_and_names_its_place_above(role):
    """The child's ledger alone says what was forwarded, and to whom."""
    scene = child().when(role, forward()).then(topics.TopicForwarded)
    known = scene.topic()
    assert (known.status, known.forwarded_to, known.into) == (Status.FORWARDED, "140830", (TARGET,))
    scene.when(role, forward()).refused("R-050", refusals.WrongState)
    scene.when("GL", forward()).refused("R-050", refusals.NotEntitled)
    scene.when("HR", forward()).refused("R-050", refusals.NotEntitled)


@pytest.mark.parametrize(
    ("pair", "parent"),
    [
        ("140830", "140800"),
        ("140881", "140800"),
        ("140830402", "140830"),
        ("140830-JT", "140830"),
        ("140800-JT", "140800"),
        ("140800", ""),
        ("", ""),
        ("140830-", ""),
        ("1408304", ""),
        ("140830402-JT", ""),
    ],
)
def test_r050_the_parent_of_a_pair_follows_from_its_code(pair, parent):
    """County to city, township or zone to county, industry to its area; the city has none."""
    assert derivations.parent_of(pair) == parent


def test_r050_the_city_forwards_to_nobody():
    """There is no pair above it here."""
    city = b.blank(b.CITY).play(b.registered(b.CITY), b.staffed, b.adopted, b.topic())
    city.when("GO", forward()).refused("R-050", derivations.NoParent)


def test_r050_a_draft_is_not_forwarded_and_a_reason_is_given():
    """What its unit has not even submitted is no matter for the pair above."""
    child(until=Status.DRAFT).when("GO", forward()).refused("R-050", refusals.WrongState)
    bare = topics.ForwardTopic(on=ON, reason="无")
    child().when("GO", bare).refused("R-050", refusals.TextMissing)
    early = forward(on=b.day(4, 1))
    child().when("GO", early).refused("R-093", refusals.BeforeItsBasis)


def test_r050_what_was_forwarded_is_received_as_a_draft_with_its_origin():
    """Never an agenda item: a draft, with where the child's ledger stood when it was read."""
    below = child().act("GO", forward())
    above = b.given().beside(below)
    made = above.when("GO", receive(), subject=TARGET).then(topics.TopicProposed, topics.TopicReceived)
    known = made.topic(TARGET)
    source = below.topic()
    assert (known.status, known.derived, known.content) == (
        Status.DRAFT,
        topics.Way.FORWARD,
        source.content,
    )
    (origin,) = known.sources
    assert (origin.pair, origin.topic, origin.content_hash) == ("140830402", "T1", source.content_hash)
    assert origin.position == below.dossier.head.position
    assert origin.hash == below.dossier.head.hash.hex()
    assert known.research == source.research
    made.when("HR", topics.SubmitTopic(on=ON), subject=TARGET).then(topics.TopicSubmitted)
    made.when("GO", receive(), subject=TARGET).refused("R-050", refusals.AlreadyDone)


def test_r095_nothing_of_a_child_shows_but_what_was_forwarded_to_this_pair():
    """Whether the child, the topic or the forwarding is missing, the answer is the same."""
    kept = child()
    sent = kept.act("GO", forward())
    other = (
        b.blank(b.STREET).play(b.registered(b.STREET), b.staffed, b.adopted, b.topic()).act("GO", forward())
    )
    cases = (
        (b.given(), receive()),
        (b.given().beside(kept), receive()),
        (b.given().beside(sent), receive(of="T9")),
        (b.given().beside(other), receive(pair=b.STREET.code)),
        (b.given().beside(sent), receive(pair="140830")),
        (b.given().beside(sent), receive(pair="nobody")),
    )
    answers = set()
    for scene, command in cases:
        subject = derivations.received_id(command.child, command.topic)
        done = scene.when("GO", command, subject=subject)
        done.refused("R-050", derivations.NotForwarded)
        answers.add((str(done.refusal), done.refusal.pointer, done.refusal.way_out))
    assert len(answers) == 1


def test_r050_a_received_topic_has_the_id_that_both_ledgers_know():
    """Another id would let one topic be received twice."""
    above = b.given().beside(child().act("GO", forward()))
    above.when("GO", receive(), subject="N").refused("R-050", derivations.NotForwarded)


@pytest.mark.parametrize(
    ("by", "role", "unit", "good"),
    [
        ("HR", "GO", "fin", True),
        ("HR", "UO", "hr", False),
        ("HR", "GO", "rights", False),
        ("RIGHTS", "UO", "rights", True),
        ("RIGHTS", "GO", "hr", False),
        ("RIGHTS", "UO", "hr", False),
    ],
)
def test_r090_a_topic_keeps_its_side_on_the_way_up(by, role, unit, good):
    """A union's topic is received by the union above, the government's by its office."""
    above = b.given().beside(child(by=by).act("UO", forward()))
    done = above.when(role, receive(unit=unit), subject=TARGET)
    if good:
        done.then(topics.TopicProposed, topics.TopicReceived)
    else:
        done.refused("R-050", derivations.OtherSide)


def test_r050_only_an_office_receives_for_a_registered_unit_and_not_before_the_forwarding():
    """Who may receive belongs to the parent; the unit does too."""
    above = b.given().beside(child().act("GO", forward()))
    for role in ("HR", "GL", "UP"):
        above.when(role, receive(), subject=TARGET).refused("R-050", refusals.NotEntitled)
    above.when("GO", receive(unit="nowhere"), subject=TARGET).refused("R-050", refusals.NotFound)
    early = receive(on=b.day(4, 7))
    above.when("GO", early, subject=TARGET).refused("R-093", refusals.BeforeItsBasis)
