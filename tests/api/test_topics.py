"""Topics through HTTP where more than one subject or pair takes part: merged, split, forwarded, alike."""

import pytest

from domain import derivations, suggestions, topics
from tests import builders as b

COUNTY, ZONE = b.COUNTY.code, b.ZONE.code
ADMIN = ("system_administrator", "140800")
SITE = b.content(title="户外劳动者休息站点", summary="设立户外劳动者休息站点十二处。")


def staffed(http, division):
    """Register a pair with an office on each side and one department; persons are named after pair and role."""
    pair = division.code
    http.become("admin", ADMIN)
    assert http.send("admin", pair, b.register(division)).status_code == 201
    units = {}
    for name in ("office", "union", "hr"):
        title, side = b.UNITS[name]
        made = http.send("admin", pair, b.people.RegisterUnit(on=b.day(1, 6), name=title, side=side))
        units[name] = made.json()["id"]
    for role, unit in (("GO", "office"), ("UO", "union"), ("HR", "hr")):
        http.become(f"{pair}-{role}")
        post = b.appoint(f"{pair}-{role}", b.POSTS[role][1], units[unit])
        assert http.send("admin", pair, post).status_code == 201
    if division is b.ZONE:
        adopt = b.adopt(voluntary=True)
        assert http.send("admin", pair, adopt, seen=1).status_code == 200
    return units


def propose(http, pair, unit, content):
    command = topics.ProposeTopic(on=b.day(3, 3), unit=unit, content=content)
    made = http.send(f"{pair}-HR", pair, command)
    assert made.status_code == 201, made.json()
    return made.json()["id"]


def state(http, pair, topic):
    return http.get(f"{pair}-GO", f"/v1/pairs/{pair}/topics/{topic}").json()


@pytest.fixture
def units(http):
    return staffed(http, b.COUNTY)


def test_r050_a_merger_and_a_split_are_one_act_each(http, units):
    """A retry answers the same; the receipt names what else changed."""
    one, other = (propose(http, COUNTY, units["hr"], each) for each in (b.content(), SITE))
    merge = topics.MergeTopics(
        on=b.day(3, 5), topics=(one, other), unit=units["hr"], content=b.content(title="户外劳动者关爱")
    )
    made = http.send(f"{COUNTY}-UO", COUNTY, merge, key="merge-key-1")
    assert made.status_code == 201, made.json()
    assert set(made.json()["also"]) == {f"topic:{one}", f"topic:{other}"}
    again = http.send(f"{COUNTY}-UO", COUNTY, merge, key="merge-key-1")
    assert (again.json()["id"], again.json()["replayed"]) == (made.json()["id"], True)
    new = made.json()["id"]
    assert state(http, COUNTY, one)["data"]["into"] == [new]
    parts = (b.content(title="高温津贴"), b.content(title="健康体检"))
    split = http.send(
        f"{COUNTY}-HR", COUNTY, topics.SplitTopic(on=b.day(3, 6), parts=parts), subject=new, seen=2
    )
    assert split.status_code == 200, split.json()
    first = derivations.part_id(new, 1)
    assert state(http, COUNTY, new)["data"]["into"][0] == first
    assert state(http, COUNTY, first)["data"]["sources"][0]["topic"] == new


def test_r050_a_topic_goes_up_by_an_act_in_each_ledger(http, units):
    """Received once, at the id both know; before it was forwarded the answer tells nothing of the child."""
    below = staffed(http, b.ZONE)
    topic = propose(http, ZONE, below["hr"], b.content())
    research = topics.AttachResearch(on=b.day(3, 4), research=b.research())
    http.send(f"{ZONE}-HR", ZONE, research, subject=topic, seen=1)
    http.send(f"{ZONE}-HR", ZONE, topics.SubmitTopic(on=b.day(3, 5)), subject=topic, seen=2)
    receive = topics.ReceiveForwardedTopic(on=b.day(3, 10), child=ZONE, topic=topic, unit=units["hr"])
    early = http.send(f"{COUNTY}-GO", COUNTY, receive)
    absent = http.send(f"{COUNTY}-GO", COUNTY, receive.model_copy(update={"topic": "nothing"}))
    hidden = {"instance", "trace", "trace_id"}
    told = [{name: each.json()[name] for name in each.json().keys() - hidden} for each in (early, absent)]
    assert told[0] == told[1]
    assert (early.status_code, early.json()["requirement"]) == (422, "R-050")
    forward = topics.ForwardTopic(on=b.day(3, 9), reason="须由县级研究。")
    sent = http.send(f"{ZONE}-UO", ZONE, forward, subject=topic, seen=3)
    assert sent.status_code == 200, sent.json()
    head = state(http, ZONE, topic)["position"]
    made = http.send(f"{COUNTY}-GO", COUNTY, receive)
    assert made.status_code == 201, made.json()
    assert made.json()["id"] == derivations.received_id(ZONE, topic)
    known = http.get(f"{COUNTY}-GO", made.headers["Location"]).json()["data"]
    assert (known["status"], known["sources"][0]["position"], known["sources"][0]["pair"]) == (
        "draft",
        head,
        ZONE,
    )
    again = http.send(f"{COUNTY}-GO", COUNTY, receive)
    assert (again.status_code, again.json()["requirement"]) == (422, "R-050")


def test_r051_what_looks_alike_is_shown_with_its_share_and_the_common_words(http, units):
    """For a topic and for a text before it is proposed; a stranger is told nothing."""
    first = propose(http, COUNTY, units["hr"], b.content())
    second = propose(http, COUNTY, units["hr"], b.content(title="户外劳动者健康体检和高温津贴"))
    shown = http.get(f"{COUNTY}-GO", f"/v1/pairs/{COUNTY}/topics/{second}/similar").json()
    assert [each["id"] for each in shown["items"]] == [first]
    assert shown["items"][0]["score"] >= shown["threshold"]
    assert shown["items"][0]["why"]
    before = http.get(f"{COUNTY}-HR", f"/v1/pairs/{COUNTY}/topics/similar", text="高温津贴和健康体检")
    assert {each["id"] for each in before.json()["items"]} == {first, second}
    nothing = http.get(f"{COUNTY}-HR", f"/v1/pairs/{COUNTY}/topics/similar", text="职工书屋")
    assert nothing.json()["items"] == []
    assert http.get(f"{COUNTY}-GO", f"/v1/pairs/{COUNTY}/topics/nothing/similar").status_code == 404
    assert http.get("stranger", f"/v1/pairs/{COUNTY}/topics/similar", text="职工书屋").status_code == 404
    assert http.get(f"{COUNTY}-HR", f"/v1/pairs/{COUNTY}/topics/similar", text="书").status_code == 422


def test_r100_a_proposal_is_listed_with_its_answers(http, units):
    """The row names the units and the state."""
    said = suggestions.RecordProposal(
        on=b.day(6, 10),
        side=b.UNION,
        to=(units["hr"],),
        kind=suggestions.Kind.SUGGESTION,
        title="设立休息站点",
        text="建议设站点12处。",
    )
    made = http.send(f"{COUNTY}-UO", COUNTY, said)
    assert made.status_code == 201, made.json()
    reply = suggestions.AnswerProposal(on=b.day(6, 20), answer="列入今年计划。", accepted=True)
    http.send(f"{COUNTY}-HR", COUNTY, reply, subject=made.json()["id"], seen=1)
    path = f"/v1/pairs/{COUNTY}/proposals"
    (row,) = http.get(f"{COUNTY}-GO", path, status="answered").json()["items"]
    assert (row["data"]["status_label"], row["data"]["answers"][0]["on"]) == ("已答复", "2025-06-20")
    assert row["data"]["to_names"] == ["芮城县人力资源和社会保障局"]
