"""Units, and who holds which post from when to when."""

import pytest

from application import clock, commands, ports
from domain import people, refusals, topics
from domain.decider import Capacity
from tests import builders as b


def test_r038_a_unit_is_registered_on_one_side():
    """A department belongs to one side of its pair."""
    command = people.RegisterUnit(on=b.day(1, 7), name="芮城县卫生健康局", side=b.GOV)
    scene = b.given().when("ADMIN", command, subject="health").then(people.UnitRegistered)
    assert scene.dossier.units["health"].side is b.GOV
    scene.when("ADMIN", command, subject="health").refused("R-038", refusals.AlreadyDone)


def test_r038_a_unit_without_a_name_is_refused():
    """A name says something."""
    command = people.RegisterUnit(on=b.day(1, 7), name="——", side=b.GOV)
    b.given().when("ADMIN", command, subject="health").refused("R-038", refusals.TextMissing)


def test_r097_an_appointment_names_person_post_unit_and_start():
    """Whoever is appointed acts in that capacity from the first day on."""
    command = b.appoint("new", Capacity.LIAISON_LEADER, "gov", title="副县长", acting=True)
    scene = b.given().when("ADMIN", command, subject="post-new").then(people.PostAppointed)
    post = scene.dossier.posts["post-new"]
    assert (post.person, post.side, post.signatory().authority) == ("new", b.GOV, "代理任职")
    scene.when("ADMIN", command, subject="post-new").refused("R-097", refusals.AlreadyDone)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"unit": "nowhere"}, refusals.NotFound),
        ({"unit": "union"}, people.SideMismatch),
        ({"side": b.UNION}, people.SideMismatch),
        ({"title": "无"}, refusals.TextMissing),
        ({"capacity": Capacity.SYSTEM_ADMINISTRATOR}, people.SideMismatch),
    ],
)
def test_r097_an_appointment_that_does_not_fit_is_refused(change, kind):
    """Unit, side, title and capacity agree with each other."""
    body = {"person": "new", "capacity": Capacity.LIAISON_LEADER, "unit": "gov", **change}
    b.given().when("ADMIN", b.appoint(**body), subject="post-new").refused("R-097", kind)


@pytest.mark.parametrize("person", [clock.CALLER.person, ports.COMMAND_LINE, "Clock"])
def test_r097_nobody_is_appointed_under_an_id_by_which_the_system_signs(person):
    """A person of that id could pass for the clock, or take the keys of its commands."""
    command = b.appoint(person, Capacity.GOVERNMENT_OFFICE, "office")
    b.given().when("ADMIN", command, subject="post-new").refused("R-097", people.OneOfTheSystem)


def test_r097_authority_is_that_of_the_business_date():
    """A leader approves on the last day of his tenure, not on the day after, and his successor not before.

    Once his tenure is over he enters nothing any more, whatever the day he gives.
    """
    ended = people.EndPost(on=b.day(3, 20), last_day=b.day(3, 20))
    scene = b.given(b.topic(until=topics.Status.CONSULTED)).act("ADMIN", ended, subject="post-GL")
    scene = scene.play(b.holding("new", Capacity.LIAISON_LEADER, "gov", valid_from=b.day(3, 21)))
    last_day = scene.on(b.day(3, 20))
    last_day.when("GL", topics.ApproveTopic(on=b.day(3, 20))).then(topics.TopicApproved)
    for on in (b.day(3, 20), b.day(3, 21)):
        with pytest.raises(commands.UnknownPair):
            scene.when("GL", topics.ApproveTopic(on=on))
    scene.when("new", topics.ApproveTopic(on=b.day(3, 20))).refused("R-042", refusals.NotEntitled)
    scene.when("new", topics.ApproveTopic(on=b.day(3, 21))).then(topics.TopicApproved)


def test_r097_nobody_appoints_himself():
    """An administrator takes no part in the business."""
    own = b.appoint("ADMIN", Capacity.LIAISON_LEADER, "gov")
    b.given().when("ADMIN", own, subject="post-new").refused("R-097", people.SelfAppointed)


def test_r093_a_unit_follows_its_pair_and_a_post_its_unit():
    """Neither is registered before what it belongs to."""
    early = people.RegisterUnit(on=b.day(1, 5), name="县卫健局", side=b.GOV)
    b.given().when("ADMIN", early, subject="health").refused("R-093", refusals.BeforeItsBasis)
    post = b.appoint("new", Capacity.DEPARTMENT, "hr", on=b.day(1, 5))
    b.given().when("ADMIN", post, subject="post-new").refused("R-093", refusals.BeforeItsBasis)


def test_r097_an_acting_leader_has_the_powers_of_the_post():
    """A vacancy is filled by a recorded acting person, and the fact says so."""
    acting = b.holding("acting", Capacity.LIAISON_LEADER, "gov", acting=True)
    scene = b.given(b.topic(until=topics.Status.CONSULTED), acting)
    done = scene.when("acting", topics.ApproveTopic(on=b.day(3, 14)))
    assert done.fact(topics.TopicApproved).by.authority == "代理任职"


def test_r097_an_end_before_the_start_a_second_end_and_an_unknown_post_are_refused():
    """A tenure ends once, on or after its first day."""
    scene = b.given()
    early = people.EndPost(on=b.day(2, 1), last_day=b.day(12, 31, 2023))
    scene.when("ADMIN", early, subject="post-GL").refused("R-097", people.EndsBeforeStart)
    ended = people.EndPost(on=b.day(2, 1), last_day=b.day(1, 1, 2024))
    scene.when("ADMIN", ended, subject="nobody").refused("R-097", refusals.NotFound)
    after = scene.when("ADMIN", ended, subject="post-GL").then(people.PostEnded)
    after.when("ADMIN", ended, subject="post-GL").refused("R-097", refusals.AlreadyDone)


def test_r097_the_post_of_the_side_that_the_command_names_comes_first():
    """Where a person holds several posts, the one that fits the command signs."""
    scene = b.given(b.one_person_on_both_sides, b.topic(until=topics.Status.SUBMITTED))
    for side, post in ((b.UNION, "both-uo"), (b.GOV, "both-go")):
        done = scene.when(b.BOTH, b.consultation(scene.topic(), side))
        assert done.fact(topics.TopicConsulted).by.post == post


def test_r097_who_submits_through_two_posts_uses_the_one_of_the_proposing_unit():
    """An act that only the proposing unit may do is signed through the post in that unit."""
    scene = b.given(
        b.holding("HR", Capacity.GOVERNMENT_OFFICE, "office", valid_from=b.day(1, 1, 2023)),
        b.topic(until=topics.Status.DRAFT),
    )
    done = scene.when("HR", topics.SubmitTopic(on=b.day(3, 6)))
    assert done.fact(topics.TopicSubmitted).by.unit == "hr"
