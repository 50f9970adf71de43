"""A leader lets another leader of his side act for him: who may, for what, and on which days."""

from dataclasses import replace

import pytest

from application import views
from domain import consent, corrections, delegations, minutes, people, proposals, refusals, topics
from domain.decider import Capacity
from domain.delegations import Matter
from domain.minutes import NotAReviewer
from tests import builders as b

consulted = b.topic(until=topics.Status.CONSULTED)
AUTHORITY = "受联系工会工作的副县长委托（芮政办函〔2025〕3号）"


def approve(month=3, day=14, **change):
    return topics.ApproveTopic(on=b.day(month, day), **change)


def test_r097_the_office_of_each_side_records_its_leaders_delegation():
    """Who gives, who takes, for what, from when to when, and on which paper."""
    done = b.given().when("GO", b.delegate())
    scene = done.then(delegations.DelegationRecorded)
    kept = scene.dossier.delegations[0]
    assert (kept.side, kept.from_title, kept.to_title) == (b.GOV, "联系工会工作的副县长", "常务副县长")
    assert kept.authority == AUTHORITY
    scene.when("GO", b.delegate()).refused("R-097", refusals.AlreadyDone)
    union = b.delegate(from_post="post-UP", to_post="post-UL", number="芮工发〔2025〕1号")
    b.given().when("UO", union).then(delegations.DelegationRecorded)


@pytest.mark.parametrize(
    ("role", "change", "kind"),
    [
        ("UO", {}, consent.NotYourSide),
        ("GO", {"from_post": "post-UP", "to_post": "post-UL"}, consent.NotYourSide),
        ("GO", {"from_post": "nobody"}, refusals.NotFound),
        ("GO", {"to_post": "nobody"}, refusals.NotFound),
        ("GO", {"from_post": "post-LEADER", "to_post": "post-GL"}, delegations.NotToDelegate),
        ("GO", {"from_post": "post-GO"}, delegations.NotToDelegate),
        ("UO", {"from_post": "post-UL", "to_post": "post-UP"}, delegations.NotToDelegate),
        ("GO", {"to_post": "post-GO"}, delegations.NotToBeDelegated),
        ("GO", {"to_post": "post-HR"}, delegations.NotToBeDelegated),
        ("GO", {"to_post": "post-SUPG"}, delegations.NotToBeDelegated),
        ("GO", {"to_post": "post-UL"}, delegations.NotToBeDelegated),
        ("GO", {"to_post": "post-UP"}, delegations.NotToBeDelegated),
        ("UO", {"from_post": "post-UP", "to_post": "post-UO"}, delegations.NotToBeDelegated),
        ("UO", {"from_post": "post-UP", "to_post": "post-LEADER"}, delegations.NotToBeDelegated),
        ("GO", {"to_post": "post-GL"}, delegations.SamePerson),
        ("GO", {"valid_from": b.day(3, 9)}, delegations.TermUnfit),
        ("GO", {"valid_until": b.day(3, 10)}, delegations.TermUnfit),
        ("GO", {"valid_until": b.day(3, 11, 2026)}, delegations.TermUnfit),
        ("GO", {"number": "无"}, refusals.TextMissing),
        ("GO", {"reason": "——"}, refusals.TextMissing),
    ],
)
def test_r097_a_delegation_that_does_not_fit_is_refused(role, change, kind):
    """Leaders alone give, leaders of the same side alone take, for a year at most, and in writing."""
    b.given().when(role, b.delegate(**change)).refused("R-097", kind)


def test_r097_a_year_is_the_longest_also_from_a_leap_day():
    """The last day lies before the same day of the next year."""
    b.given().when("GO", b.delegate(valid_until=b.day(3, 10, 2026))).accepted()
    leap = {"on": b.day(2, 29, 2028), "valid_from": b.day(2, 29, 2028)}
    scene = b.given().on(b.day(2, 29, 2028))
    scene.when("GO", b.delegate(**leap, valid_until=b.day(2, 28, 2029))).accepted()
    late = b.delegate(**leap, valid_until=b.day(3, 1, 2029))
    scene.when("GO", late).refused("R-097", delegations.TermUnfit)


@pytest.mark.parametrize("post", ["post-GL", "post-LEADER"])
@pytest.mark.parametrize("last_day", [b.day(3, 9), b.day(3, 10)])
def test_r097_both_posts_are_held_when_it_is_given_and_when_it_begins(post, last_day):
    """Who has left gives and takes nothing."""
    ended = people.EndPost(on=b.day(3, 9), last_day=last_day)
    scene = b.given().act("ADMIN", ended, subject=post)
    scene.when("GO", b.delegate()).refused("R-097", delegations.NotHeld)


@pytest.mark.parametrize(
    ("capacity", "unit"),
    [
        (Capacity.GOVERNMENT_OFFICE, "office"),
        (Capacity.UNION_LEADER, "union"),
        (Capacity.SUPERVISOR, "union"),
    ],
)
def test_r042_who_is_also_office_staff_or_of_the_union_is_not_delegated(capacity, unit):
    """It is the person that counts, whatever the post that the delegation names."""
    scene = b.given(b.holding("LEADER", capacity, unit))
    scene.when("GO", b.delegate()).refused("R-097", delegations.NotToBeDelegated)


def test_r097_a_delegate_does_not_delegate():
    """In one matter, and on the same days, nobody both takes and gives, whichever came first."""
    onward = b.delegate(from_post="post-GP", to_post="post-LEADER", number="委托书2号")
    taken = b.given(b.delegated(to_post="post-GP"))
    taken.when("GO", onward, subject="D2").refused("R-097", delegations.NoChain)
    given = b.given(b.delegated(from_post="post-GP"))
    given.when("GO", b.delegate(to_post="post-GP"), subject="D2").refused("R-097", delegations.NoChain)
    other = {"matters": (Matter.OPENING,)}
    taken.when("GO", onward.model_copy(update=other), subject="D2").accepted()
    later = {"valid_from": b.day(7, 1), "valid_until": b.day(7, 31)}
    taken.when("GO", onward.model_copy(update=later), subject="D2").accepted()


def test_r042_a_delegated_deputy_approves_and_the_fact_names_the_delegation():
    """He signs with his own person, post and title, in the capacity of who sent him."""
    scene = b.given(consulted)
    scene.when("LEADER", approve()).refused("R-042", refusals.NotEntitled)
    by = scene.play(b.delegated()).when("LEADER", approve()).fact(topics.TopicApproved).by
    assert (by.person, by.post, by.title) == ("LEADER", "post-LEADER", "常务副县长")
    assert (by.capacity, by.authority) == (Capacity.LIAISON_LEADER, AUTHORITY)


@pytest.mark.parametrize("command", [topics.ReturnTopic, topics.RejectTopic])
def test_r042_a_delegated_deputy_returns_and_rejects_too(command):
    """Approving includes refusing to."""
    scene = b.given(consulted, b.delegated())
    scene.when("LEADER", command(on=b.day(3, 14), reason="请补充经费测算。")).accepted()


@pytest.mark.parametrize(("month", "day"), [(3, 13), (7, 1)])
def test_r042_a_day_before_and_a_day_after_the_delegation_he_does_not(month, day):
    """What counts is the business date, not the day of the entry."""
    scene = b.given(consulted, b.delegated(valid_from=b.day(3, 14)))
    scene.when("LEADER", approve(6, 30)).then(topics.TopicApproved)
    scene.when("LEADER", approve(month, day)).refused("R-042", refusals.NotEntitled)


@pytest.mark.parametrize("post", ["post-GL", "post-LEADER"])
def test_r042_a_delegation_ends_with_either_post(post):
    """Who sent him must still hold the post that he acts for, and he his own."""
    scene = b.given(consulted, b.delegated(), b.holding("LEADER", Capacity.DEPARTMENT, "hr"))
    scene = scene.act("ADMIN", people.EndPost(on=b.day(3, 20), last_day=b.day(3, 20)), subject=post)
    scene.when("LEADER", approve(3, 20)).then(topics.TopicApproved)
    scene.when("LEADER", approve(3, 21)).refused("R-042", refusals.NotEntitled)


def test_r042_a_delegation_of_another_matter_does_not_count():
    """Who may review minutes may not therefore approve topics; and nothing else can be delegated at all."""
    scene = b.given(consulted, b.delegated(matters=(Matter.MINUTES,)))
    scene.when("LEADER", approve()).refused("R-042", refusals.NotEntitled)
    scene.when("LEADER", b.consultation(scene.topic(), b.GOV)).refused("R-041", refusals.NotEntitled)


def test_r042_the_giver_still_acts_himself():
    """A delegation adds one more who may; it takes nothing away."""
    done = b.given(consulted, b.delegated()).when("GL", approve())
    assert done.fact(topics.TopicApproved).by.authority == "本人任职"


@pytest.mark.parametrize(
    ("capacity", "unit"), [(Capacity.GOVERNMENT_OFFICE, "office"), (Capacity.UNION_OFFICE, "union")]
)
def test_r042_office_staff_and_the_union_never_approve_even_by_delegation(capacity, unit):
    """A post taken up after the delegation closes the way that the delegation had opened."""
    scene = b.given(consulted, b.delegated(), b.holding("LEADER", capacity, unit, valid_from=b.day(3, 12)))
    scene.when("LEADER", approve(reason="经研究同意")).refused("R-042", proposals.OfficeOrUnion)


def test_r042_in_a_vacancy_an_acting_leader_approves_and_delegates():
    """A vacancy is filled by a recorded acting person, whose delegation counts as any other."""
    ended = people.EndPost(on=b.day(3, 1), last_day=b.day(3, 1))
    acting = b.holding(
        "acting",
        Capacity.LIAISON_LEADER,
        "gov",
        title="代管工会工作的副县长",
        acting=True,
        valid_from=b.day(3, 2),
    )
    scene = b.given().act("ADMIN", ended, subject="post-GL").play(acting, consulted)
    assert scene.when("acting", approve()).fact(topics.TopicApproved).by.authority == "代理任职"
    sent = scene.play(b.delegated(from_post="post-acting-liaison-leader"))
    by = sent.when("LEADER", approve()).fact(topics.TopicApproved).by
    assert by.authority == "受代管工会工作的副县长委托（芮政办函〔2025〕3号）"


def reviewed(scene, side):
    """Give the command by which one side approves the minutes as they stand."""
    digest = scene.minutes().content_hash
    return minutes.ReviewMinutes(on=b.day(4, 25), side=side, approve=True, content_hash=digest)


drafted = (b.topic(), b.meeting(), b.minuted(until=minutes.Status.DRAFTED))


@pytest.mark.parametrize(
    ("side", "role", "change"),
    [
        (b.GOV, "LEADER", {}),
        (b.GOV, "LEADER", {"from_post": "post-GP", "number": "委托书2号"}),
        (b.UNION, "UL", {"from_post": "post-UP", "to_post": "post-UL", "number": "芮工发〔2025〕1号"}),
    ],
)
def test_r066_a_delegated_leader_of_that_side_reviews_the_minutes(side, role, change):
    """For the leader in charge, for the chair, and for the union's principal; and the fact says for whom."""
    scene = b.given(*drafted)
    command = reviewed(scene, side)
    done = scene.when(role, command)
    assert isinstance(done.refusal, NotAReviewer | refusals.NotEntitled)
    sent = scene.play(b.delegated(**change))
    by = sent.when(role, command).fact(minutes.MinutesApproved).by
    assert (by.person, by.authority) == (role, sent.dossier.delegations[0].authority)
    late = command.model_copy(update={"on": b.day(7, 1)})
    assert sent.when(role, late).refusal is not None


def test_r066_a_stand_in_of_a_principal_who_did_not_take_the_chair_does_not_review():
    """The chair reviews as chair; another leader's stand-in has nothing to review."""
    vice = b.holding("VICE", Capacity.GOVERNMENT_LEADER, "gov")
    sent = b.delegated(from_post="post-GP", to_post="post-VICE-government-leader")
    scene = b.given(*drafted, vice, sent)
    scene.when("VICE", reviewed(scene, b.GOV)).then(minutes.MinutesApproved)
    kept = scene.dossier.subjects["meeting:M1"]
    chair = kept.state.model_copy(update={"chair_post": "post-LEADER", "chair_person": "LEADER"})
    known = {**scene.dossier.subjects, "meeting:M1": replace(kept, state=chair)}
    scene = replace(scene, dossier=replace(scene.dossier, subjects=known))
    scene.when("VICE", reviewed(scene, b.GOV)).refused("R-066", NotAReviewer)


def test_r068_a_correction_is_reviewed_by_the_chair_s_stand_in_and_no_other_leader_s():
    """A correction takes the same double review as the minutes it corrects."""
    vice = b.holding("VICE", Capacity.GOVERNMENT_LEADER, "gov")
    sent = b.delegated(from_post="post-GP", to_post="post-VICE-government-leader")
    scene = b.given(b.established(), vice, sent).act("GO", b.correct())
    command = b.review_correction(scene, b.GOV)
    by = scene.when("VICE", command, subject="C1").fact(corrections.CorrectionApproved).by
    assert by.authority == scene.dossier.delegations[0].authority
    kept = scene.dossier.subjects["meeting:M1"]
    chair = kept.state.model_copy(update={"chair_post": "post-LEADER", "chair_person": "LEADER"})
    known = {**scene.dossier.subjects, "meeting:M1": replace(kept, state=chair)}
    scene = replace(scene, dossier=replace(scene.dossier, subjects=known))
    scene.when("VICE", command, subject="C1").refused("R-068", corrections.NotAReviewer)


def test_r066_one_person_never_gives_both_sides_consent_by_delegation():
    """Sent by the government and head of the union at once, he reviews for one of them."""
    scene = b.given(*drafted, b.delegated())
    scene = scene.play(b.holding("LEADER", Capacity.UNION_PRINCIPAL, "union", valid_from=b.day(4, 1)))
    scene = scene.act("LEADER", reviewed(scene, b.GOV))
    scene.when("LEADER", reviewed(scene, b.UNION)).refused("R-066", consent.OnePersonForBoth)


def revoke(**change):
    body = {"on": b.day(4, 1), "last_day": b.day(4, 1), "reason": "学习提前结束"}
    return delegations.RevokeDelegation(**{**body, **change})


def test_r097_a_revoked_delegation_counts_until_its_last_day():
    """What was done until then stands."""
    scene = b.given(consulted, b.delegated()).when("GO", revoke()).then(delegations.DelegationRevoked)
    scene.when("LEADER", approve(4, 1)).then(topics.TopicApproved)
    scene.when("LEADER", approve(4, 2)).refused("R-042", refusals.NotEntitled)
    scene.when("GO", revoke()).refused("R-097", refusals.AlreadyDone)
    b.given(b.delegated()).when("GO", revoke(last_day=b.day(3, 31))).accepted()


@pytest.mark.parametrize(
    ("role", "change", "requirement", "kind"),
    [
        ("UO", {}, "R-097", consent.NotYourSide),
        ("GO", {"last_day": b.day(7, 1)}, "R-097", delegations.TermUnfit),
        ("GO", {"last_day": b.day(3, 30)}, "R-097", delegations.TermUnfit),
        ("GO", {"reason": "无"}, "R-097", refusals.TextMissing),
        ("GO", {"on": b.day(3, 9), "last_day": b.day(3, 9)}, "R-093", refusals.BeforeItsBasis),
    ],
)
def test_r097_a_revocation_that_does_not_fit_is_refused(role, change, requirement, kind):
    """By its own side, with a reason, within its term and never for the past."""
    b.given(b.delegated()).when(role, revoke(**change)).refused(requirement, kind)


def test_r097_what_was_never_given_is_not_revoked():
    """There must be a delegation."""
    b.given().when("GO", revoke(), subject="D9").refused("R-097", refusals.NotFound)


def test_r097_the_row_says_in_words_what_was_delegated():
    """People read labels."""
    scene = b.given(b.delegated())
    (row,) = [each for each in views.all_rows(scene.dossier) if each.view == "delegation"]
    assert row.body["matter_labels"] == ["审定议题", "审定纪要"]
