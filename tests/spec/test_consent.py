"""Two-party consent: bound to subject, version, hash and side; two persons; void when the content changes."""

import pytest

from domain import consent, refusals
from domain.decider import Capacity, Side, Signatory
from tests import builders as b

NEW, OLD = "b" * 64, "a" * 64


def by(person, side):
    return Signatory(person=person, title="科员", capacity=Capacity.GOVERNMENT_OFFICE, side=side)


def standing():
    return consent.Consents().renewed(NEW, on=b.day(4, 8))


def given(consents, side, person):
    return consents.with_consent(side, consent.Consent(content_hash=NEW, by=by(person, side), on=b.day(4, 9)))


def check(consents, side, person, *, content_hash=NEW, of=None):
    consent.check(
        consents, side=side, content_hash=content_hash, by=by(person, of or side), requirement="R-055"
    )


def test_r055_agreed_means_both_sides_to_the_same_content():
    """One consent is none; nor are two to nothing."""
    one = given(standing(), Side.GOVERNMENT, "a")
    assert (one.agreed, one.agreed_on) == (False, None)
    two = given(one, Side.UNION, "b")
    assert (two.agreed, two.agreed_on) == (True, b.day(4, 9))
    nothing = consent.Consents(given=two.given)
    assert not nothing.agreed


def test_r055_a_new_content_is_a_new_version_without_consents():
    """Whatever was given before is void."""
    two = given(given(standing(), Side.GOVERNMENT, "a"), Side.UNION, "b")
    renewed = two.renewed(OLD, on=b.day(4, 10))
    assert (renewed.version, renewed.given, renewed.agreed) == (2, {}, False)


@pytest.mark.parametrize("side", list(Side))
def test_r055_each_refusal_names_the_requirement_it_serves(side):
    """Another side, another content, the same person, the same side twice."""
    one = given(standing(), side, "a")
    check(one, side.other, "b")
    cases = (
        (consent.NotYourSide, lambda: check(one, side.other, "b", of=side)),
        (consent.OtherContent, lambda: check(one, side.other, "b", content_hash=OLD)),
        (consent.OtherContent, lambda: check(consent.Consents(), side, "a", content_hash="")),
        (consent.OnePersonForBoth, lambda: check(one, side.other, "a")),
        (consent.AlreadyConsented, lambda: check(one, side, "a")),
    )
    for kind, act in cases:
        with pytest.raises(kind) as refused:
            act()
        assert refused.value.basis == "R-055"


def test_r055_every_consent_names_person_post_and_authority():
    """A consent in the ledger says who gave it, through which post, on what authority."""
    scene = b.given(b.topic(), b.meeting(until=b.meetings.Status.AGREED))
    for side, role in b.OFFICES.items():
        known = scene.meeting().arrangement_consents.given[side].by
        assert (known.person, known.post, known.authority) == (role, f"post-{role}", "本人任职")


def test_r097_who_belongs_to_no_side_speaks_for_none():
    """An administrator has no side of his own."""
    nobody = Signatory(person="x", title="系统管理员", capacity=Capacity.SYSTEM_ADMINISTRATOR)
    with pytest.raises(refusals.NotEntitled) as refused:
        _ = nobody.own_side
    assert refused.value.basis == "R-097"
    assert by("a", Side.UNION).own_side is Side.UNION
