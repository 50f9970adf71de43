"""Any moment: what was answered when the ledger ended at a position is answered for that position ever after."""

import json
import re
from datetime import date, timedelta
from urllib import parse

import pytest

from api import moments
from application import ids
from application.demonstration import ruicheng
from application.stage import OfficeStage
from domain import calendar, people
from tests.api.fixtures import NOW

PAIR = "140830"
BASE = f"/v1/pairs/{PAIR}"
AUDITOR = ("auditor", "140800")
READER = "test-auditor"
DAY = "2026-12-31"
# Reads that do not take a moment, and why. Every other read of a pair, and every report, must.
PRESENT_ONLY = {
    "/v1/pairs/{pair}/events": "goes on from a position to whatever comes; it has no end that could be earlier",
    "/v1/pairs/{pair}/imports/template": "a form for what is entered next, with the units of today",
    "/v1/pairs/{pair}/history/bundle": "the whole ledger as it stands; its reader cuts it where he likes",
    "/v1/pairs/{pair}/checkpoints": "signed over the facts, and never changed; each names its own size and time",
    "/v1/pairs/{pair}/checkpoints/latest": "as above",
    "/v1/pairs/{pair}/checkpoints/facts/{position}": "a proof by a checkpoint that stands",
    "/v1/pairs/{pair}/checkpoints/growth": "as above",
    "/v1/pairs/{pair}/checkpoints/seal": "as above",
    "/v1/pairs/{pair}/webhooks": "how facts leave the system is no fact of the pair",
    "/v1/pairs/{pair}/webhooks/{id}/deliveries": "as above",
    "/v1/pairs/{pair}/webhook-acts": "as above",
    "/v1/pairs/{pair}/people/{person}/contact": "contact data are no facts: what was erased is at no moment there",
    "/v1/pairs/{pair}/history/replay": "compares the rows that are stored now; those of then are stored nowhere",
}
FILLED = {
    "year": ("2025",),
    "figure": ("decisions.established",),
    "kind": ("pair", "topic", "decision"),
}
ASKED = {
    "/v1/pairs/{pair}/topics/similar": {"text": "环卫工人作息用房"},
    "/v1/pairs/{pair}/reports/{year}/csv": {"table": "ledger"},
    "/v1/reports/city/{year}/csv": {"table": "members"},
}
EVERY = 40


def reads(http) -> dict[str, list[dict]]:
    paths = http.client.get("/openapi.json").json()["paths"]
    return {
        path: found["get"].get("parameters", [])
        for path, found in paths.items()
        if "get" in found and re.match(r"/v1/(pairs|reports)\b", path)
    }


# --- which reads -------------------------------------------------------------------------------------------------


def missing(found: dict[str, list[dict]]) -> list[str]:
    """List the reads that do not take the moment that they should."""
    odd = []
    for path, parameters in found.items():
        wanted = {"as_of", "valid_on"} | ({"position"} if "{pair}" in path else set())
        if not wanted <= {each["name"] for each in parameters} and path not in PRESENT_ONLY:
            odd.append(path)
    return odd


def test_r093_every_read_of_a_pair_and_every_report_takes_a_moment(http):
    found = reads(http)
    assert missing(found) == [], "a read of a pair depends on moments.Then, or says in PRESENT_ONLY why not"
    assert found.keys() >= PRESENT_ONLY.keys()
    assert len(found) > 60
    assert missing({"/v1/pairs/{pair}/new": [{"name": "as_of"}, {"name": "valid_on"}]})


def test_what_answers_the_present_alone_refuses_another_moment(http):
    """Ignoring it would be answering another question."""
    http.become(READER, AUDITOR)
    paths = [*PRESENT_ONLY, "/v1/audit/verification", "/v1/audit/replay", "/v1/audit/bundle"]
    for path in paths:
        for name in moments.NAMES:
            answer = http.get(
                READER, path.format(pair=PAIR, id="x", person="x", position=1), scope="140830", **{name: "1"}
            )
            assert answer.status_code == 422, path
            assert f"query:{name}" in {each["pointer"] for each in answer.json()["errors"]}, path
    answer = http.get(READER, "/v1/reports/city/2025", position=3)
    assert answer.json()["type"] == "urn:lianxi:problem:no-one-position"


# --- the same bytes ----------------------------------------------------------------------------------------------


class Remembering(OfficeStage):
    """A stage that keeps, after some acts, what every read answered then."""

    def __init__(self, http, system) -> None:
        super().__init__(system.office, PAIR, people=ruicheng.CAST.people(), new_id=ids.new_id)
        self.http, self.system = http, system
        self.kept: dict[int, dict[tuple[str, str], tuple[int, bytes]]] = {}
        self.acts = 0

    def act(self, role, command, *, subject=""):
        made = super().act(role, command, subject=subject)
        self.acts += 1
        if self.acts % EVERY == 0:
            self.keep()
        return made

    def keep(self) -> None:
        position = self.system.ledger.head(self.tenant).position
        self.kept[position] = {key: answered(self.http, *key) for key in questions(self.http)}


def questions(http) -> list[tuple[str, str]]:
    """List every read with the ids that there are now: its path, and its own query as JSON."""
    asked = []
    for path, parameters in reads(http).items():
        if "as_of" not in {each["name"] for each in parameters}:
            continue
        begun, _, _ = path.partition("/{id}")
        ids = ids_of(http, begun.format(pair=PAIR, kind="decision")) if "{id}" in path else [""]
        for name in ids[:1]:
            for year in FILLED["year"]:
                for figure in FILLED["figure"]:
                    filled = path.format(pair=PAIR, id=name, year=year, figure=figure, kind="decision")
                    asked.append((filled, json.dumps(ASKED.get(path, {}))))
    return list(dict.fromkeys(asked))


def ids_of(http, listing: str) -> list[str]:
    listing = listing.replace("/history/states/decision", "/decisions")
    return [each["id"] for each in http.get(READER, listing).json()["items"]][::-1]


def answered(http, path: str, asked: str, **moment) -> tuple[int, bytes]:
    """Ask, and leave out what names the moment itself: the cursors, and the links to lists of that moment; of errors, their trace."""
    query = {**json.loads(asked), "valid_on": DAY, **moment}
    if path.startswith("/v1/reports") or "/reports/" in path or "/conformity" in path:
        query["valid_on"] = "2025-12-31"
    answer = http.get(READER, path, **query)
    content = answer.content
    if b'"members":{' in content:
        content = json.dumps(answer.json()["report"]).encode()
    return answer.status_code, re.sub(rb'"(next_cursor|trace_id)":"[^"]*"', b"", content)


@pytest.fixture
def played(http, system) -> Remembering:
    http.become(READER, AUDITOR)
    stage = Remembering(http, system)
    ruicheng.play(stage, date(2025, 8, 31))
    stage.keep()
    return stage


def recorded(system, position: int):
    return next(iter(system.ledger.entries(PAIR, after=position - 1))).recorded_at


def test_r093_every_read_of_a_position_is_what_it_was_when_the_ledger_ended_there(played, http, system):
    """Byte for byte, by position and by moment, through HTTP; and each differs from what is answered now."""
    assert len(played.kept) > 3
    compared = 0
    for position, kept in played.kept.items():
        as_of = recorded(system, position).isoformat()
        for (path, asked), then in kept.items():
            if not path.startswith("/v1/reports") and path != "/v1/pairs":
                assert answered(http, path, asked, position=position) == then, (path, position)
            assert answered(http, path, asked, as_of=as_of) == then, (path, as_of)
            compared += 1
    assert compared > 250
    # The control: what the present answers to the same questions is another matter.
    first = played.kept[min(played.kept)]
    moved = sum(answered(http, path, asked) != then for (path, asked), then in first.items())
    assert moved > 20


# --- refusals, rights, cursors, ETags ----------------------------------------------------------------------------


@pytest.fixture
def begun(http, system) -> OfficeStage:
    http.become(READER, AUDITOR)
    stage = OfficeStage(system.office, PAIR, people=ruicheng.CAST.people(), new_id=ids.new_id)
    ruicheng.play(stage, date(2025, 1, 6))
    return stage


def kind(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:lianxi:problem:")


def test_a_moment_that_there_was_not_is_refused(begun, http, system):
    """Before the first fact 404 with a sentence; past the end, to come, or two at once 422 – and nothing in between."""
    end = system.ledger.head(PAIR).position
    first = recorded(system, 1)
    before = (first - timedelta(microseconds=1)).isoformat()
    for path in (BASE, f"{BASE}/topics", f"{BASE}/history", f"{BASE}/reports/2025", f"{BASE}/warnings"):
        answer = http.get(READER, path, as_of=before)
        assert kind(answer) == (404, "not-yet-begun"), path
        assert answer.json()["title"] == "当时该结对单位的台账尚无任何事实。"
        assert http.get(READER, path, as_of=first.isoformat()).status_code == 200
        assert kind(http.get(READER, path, position=end + 1)) == (422, "past-the-end"), path
        assert http.get(READER, path, position=end).status_code == 200
    late = (NOW + timedelta(seconds=1)).isoformat()
    assert kind(http.get(READER, BASE, as_of=late)) == (422, "moment-to-come")
    assert kind(http.get(READER, "/v1/pairs", as_of=late)) == (422, "moment-to-come")
    assert kind(http.get(READER, BASE, as_of=first.isoformat(), position=1)) == (422, "two-moments")
    assert kind(http.get(READER, BASE, valid_on="2002-12-31")) == (422, "bad-valid-on")
    for wrong in ("2025-01-01T00:00:00", "gestern", "0001-01-01T00:00:00+14:00"):
        assert http.get(READER, BASE, as_of=wrong).status_code == 422, wrong
    assert http.get(READER, BASE, position=0).status_code == 422
    # A city is no pair: before all its pairs its report is that of nobody.
    empty = http.get(READER, "/v1/reports/city/2025", as_of=before).json()["report"]
    assert (empty["rests_on"], empty["pairs"]) == ([], [])


def test_whoever_may_not_read_a_pair_today_learns_nothing_of_its_past(begun, http, system):
    """The refusal is the same for every moment, whether there was one or not."""
    http.become("stranger")
    answers = [
        http.get("stranger", f"{BASE}/topics", **moment)
        for moment in ({}, {"position": 1}, {"position": 10**6}, {"as_of": recorded(system, 1).isoformat()})
    ]
    assert {kind(each) for each in answers} == {(404, "not-found")}
    assert len({each.json()["title"] for each in answers}) == 1


def test_rights_are_those_of_today(begun, http, system):
    """Who has a post now reads what was before it; who had one then and has none now does not."""
    person = begun.people["uo"].person
    post = next(each for each in system.office.dossier(PAIR).posts.values() if each.person == person)
    appointed = system.office.dossier(PAIR).subjects[f"post:{post.id}"].position
    http.become(person)
    assert http.get(person, f"{BASE}/units", position=appointed - 1).status_code == 200
    begun.act("admin", people.EndPost(on=date(2025, 6, 30), last_day=date(2025, 6, 30)), subject=post.id)
    for moment in ({}, {"position": appointed}):
        assert kind(http.get(person, f"{BASE}/units", **moment)) == (404, "not-found")


def test_a_cursor_is_good_for_its_own_moment_alone(begun, http, system):
    """A page of one moment never goes on in another."""
    end = system.ledger.head(PAIR).position
    page = http.get(READER, f"{BASE}/units", limit=1, position=end).json()
    following = http.get(READER, f"{BASE}/units", limit=1, position=end, cursor=page["next_cursor"])
    assert following.status_code == 200
    assert following.json()["items"][0]["id"] > page["items"][0]["id"]
    for moment in ({}, {"position": end - 1}, {"position": end, "valid_on": DAY}):
        answer = http.get(READER, f"{BASE}/units", limit=1, cursor=page["next_cursor"], **moment)
        assert kind(answer) == (400, "bad-cursor"), moment


def test_an_etag_spares_nothing_across_moments(begun, http, system):
    """A version does not tell the names of units beside it, so a read of another moment is always sent whole."""
    unit = ids_of(http, f"{BASE}/units")[0]
    headers = {**http.become(READER), "If-None-Match": '"1"'}
    assert http.client.get(f"{BASE}/units/{unit}", headers=headers).status_code == 304
    end = system.ledger.head(PAIR).position
    again = http.client.get(f"{BASE}/units/{unit}", headers=headers, params={"position": end})
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')


def test_two_names_of_a_day_must_agree(begun, http):
    for path in (
        f"{BASE}/warnings",
        f"{BASE}/conformity/2025",
        f"{BASE}/reports/2025",
        "/v1/reports/city/2025",
    ):
        both = http.get(READER, path, on="2025-12-31", valid_on="2025-12-30")
        assert kind(both) == (422, "two-days"), path
        same = [
            http.get(READER, path, **asked).content
            for asked in (
                {"on": "2025-12-31"},
                {"valid_on": "2025-12-31"},
                {"on": "2025-12-31", "valid_on": "2025-12-31"},
            )
        ]
        assert same[0] == same[1] == same[2], path


def test_the_day_of_a_moment_is_its_own(begun, http, system):
    """Without a business day a recalled read is judged by the day on which its last fact was recorded."""
    as_of = recorded(system, 20)
    local = calendar.local_date(as_of)
    for moment in ({"position": 20}, {"as_of": as_of.isoformat()}):
        assert http.get(READER, f"{BASE}/warnings", **moment).json()["on"] == local.isoformat()
    assert http.get(READER, f"{BASE}/warnings").json()["on"] == DAY
    assert (
        http.get(READER, f"{BASE}/warnings", position=20, valid_on="2025-03-31").json()["on"] == "2025-03-31"
    )


def test_the_list_behind_a_recalled_number_is_of_its_moment(begun, http, system):
    """The links of a recalled report lead to the lists that it was made of."""
    at = system.office.dossier(PAIR).subjects["pair"].position
    answer = http.get(READER, "/v1/reports/city/2025", as_of=recorded(system, at).isoformat()).json()
    line = next(each for each in answer["report"]["pairs"] if each["pair"] == PAIR)
    for name, link in answer["members"][PAIR].items():
        path, _, query = link.partition("?")
        asked = dict(parse.parse_qsl(query))
        assert http.get(READER, path, **asked).json()["count"] == line["figures"][name]
        assert asked.keys() >= {"as_of", "on", "pair"}
    assert answer["report"]["rests_on"][0]["position"] == at


def test_reads_of_the_past_share_the_places_of_slow_reads(begun, http):
    """A recalled read holds one of a person's places, and one alone where the read is slow by itself."""
    gate = http.client.app.state.reading
    entered = []
    enter = gate.enter
    gate.enter = lambda key: entered.append(key) or enter(key)
    http.get(READER, BASE)
    assert entered == []
    for path in (BASE, f"{BASE}/history/verification", f"{BASE}/reports/2025"):
        http.get(READER, path, position=5)
        assert entered == [READER], path
        entered.clear()
    http.get(READER, "/v1/reports/city/2025", valid_on="2025-12-31")
    assert entered == [READER]


# --- the difference of two moments -------------------------------------------------------------------------------


def test_r094_the_difference_of_two_moments_tells_fact_field_person_and_time(begun, http, system):
    """Between two positions, of the pair or of one subject; pages go on where they stopped."""
    end = system.ledger.head(PAIR).position
    whole = http.get(READER, f"{BASE}/changes", limit=200).json()
    assert (whole["from_position"], whole["to_position"]) == (0, end)
    assert [each["position"] for each in whole["items"]] == list(range(1, end + 1))
    unit = next(each for each in whole["items"] if each["topic"] == "unit.registered")
    (row,) = unit["rows"]
    assert (row["view"], row["begun"]) == ("unit", True)
    assert {"path": "/side", "before": "（无）", "after": "government"} in row["fields"]
    assert unit["by"]["title"] == "系统管理员"
    listed, cursor = [], None
    while True:
        query = {"limit": 7, **({"cursor": cursor} if cursor else {})}
        page = http.get(READER, f"{BASE}/changes", from_position=3, position=end - 1, **query).json()
        listed += page["items"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert listed == whole["items"][3 : end - 1]
    since = {"from_as_of": recorded(system, 3).isoformat(), "as_of": recorded(system, 9).isoformat()}
    assert http.get(READER, f"{BASE}/changes", limit=200, **since).json()["items"] == whole["items"][3:9]
    one = http.get(READER, f"{BASE}/changes", kind="unit", subject=row["id"]).json()
    assert [each["position"] for each in one["items"]] == [unit["position"]]
    for query, why in (
        ({"from_position": 9, "position": 8}, "backwards"),
        ({"from_position": 1, "from_as_of": since["from_as_of"]}, "two-moments"),
        ({"position": end + 1}, "past-the-end"),
    ):
        assert kind(http.get(READER, f"{BASE}/changes", **query)) == (422, why)
    http.become("stranger")
    assert kind(http.get("stranger", f"{BASE}/changes")) == (404, "not-found")
