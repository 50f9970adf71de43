"""Streams of facts: who may open one, what it tells, how it goes on after a break, and why it ends."""

import hashlib
import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx2
import jsonschema
import psycopg
import pytest

from api import main, streams
from application import events
from domain import catalogue
from domain.decider import Capacity
from infrastructure import database as databases
from infrastructure import settings
from tests.api import harness, serving

PAIR, OTHER = "140830", "140823"
ADMIN = ("system_administrator", "140800")
PATH = f"/v1/pairs/{PAIR}/events"
NUMBERS = itertools.count(1)


@pytest.fixture
def city(http):
    """Two registered pairs; an auditor of the city, one of the first pair, and people who may not read."""
    for pair in (PAIR, OTHER):
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        http.become("admin", ADMIN)
        assert http.post("admin", "/v1/pairs", body).status_code == 201
    http.become("auditor", ("auditor", "140800"))
    http.become("county", ("auditor", PAIR))
    http.become("sibling", ("auditor", OTHER))
    http.become("reader", ("city_reader", "140800"))
    http.become("nobody")
    return http


def unit(http, pair: str = PAIR) -> None:
    body = {"on": "2025-01-06", "name": f"县第{next(NUMBERS)}局", "side": "government"}
    assert http.post("admin", f"/v1/pairs/{pair}/units", body).status_code == 201


def facts(stream, count: int):
    """The next facts of a stream, comments left out."""
    return list(itertools.islice((each for each in stream if each.data is not None), count))


def end(stream, *, beats: int):
    """The last event of a stream, which comes before so many heartbeats more have passed."""
    left = list(itertools.islice(stream, beats + 1))
    assert len(left) <= beats, "the stream goes on"
    return left[-1]


# --- who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["auditor", "county"])
def test_r095_who_may_read_the_history_may_read_the_stream(city, system, who):
    with serving.served(system) as root, serving.stream(root, PATH, city.become(who)) as stream:
        assert [each.id for each in facts(stream, 1)] == ["1"]


@pytest.mark.parametrize("who", ["sibling", "reader", "admin", "nobody"])
def test_r095_who_may_not_read_the_history_learns_nothing_by_the_stream(city, who):
    """The answer for a pair that exists is the answer for one that does not."""
    answer = city.get(who, PATH)
    other = city.get(who, "/v1/pairs/149999/events")
    assert answer.status_code == other.status_code == 404
    assert answer.json()["type"] == other.json()["type"]
    assert city.get(who, f"/v1/pairs/{PAIR}/history").status_code == 404


def test_r095_a_scope_is_read_by_who_audits_it(city):
    assert city.get("auditor", "/v1/events/batch", scope="140800").status_code == 200
    assert city.get("county", "/v1/events/batch", scope=PAIR).status_code == 200
    for who, scope in (
        ("county", "140800"),
        ("county", OTHER),
        ("reader", "140800"),
        ("admin", "140800"),
        ("nobody", PAIR),
    ):
        for path in ("/v1/events/batch", "/v1/events"):
            assert city.get(who, path, scope=scope).status_code == 403, (who, scope)
            assert city.get(who, path, scope="149999").status_code == 403


def test_r095_who_holds_a_post_reads_his_pair_and_no_other(city, system):
    """With the stream of the pair, and without a scope as all that he may see."""
    harness.appoint(city, PAIR, "clerk", Capacity.GOVERNMENT_OFFICE)
    harness.appoint(city, PAIR, "department", Capacity.DEPARTMENT)
    unit(city, OTHER)
    last = system.ledger.head(PAIR).position
    with serving.served(system) as root:
        with serving.stream(root, PATH, city.become("clerk")) as stream:
            assert [each.id for each in facts(stream, last)][-1] == str(last)
        with serving.stream(root, "/v1/events", city.become("clerk")) as stream:
            (batch,) = facts(stream, 1)
    assert [(each["partitionkey"], each["position"]) for each in batch.data] == [
        (PAIR, position) for position in range(1, last + 1)
    ]
    assert city.get("clerk", "/v1/events/batch", scope=PAIR).status_code == 200
    for scope in (OTHER, "140800"):
        assert city.get("clerk", "/v1/events/batch", scope=scope).status_code == 403
    assert city.get("clerk", f"/v1/pairs/{OTHER}/events").status_code == 404
    # A department sees what is its own, and a stream tells of everything.
    assert city.get("department", PATH).status_code == 404
    assert city.get("department", "/v1/events/batch", scope=PAIR).status_code == 403


def test_without_a_token_there_is_no_stream(city):
    for path in (PATH, "/v1/events", "/v1/events/batch"):
        assert city.checked(city.client.get(path)).status_code == 401


# --- what ----------------------------------------------------------------------------------------------------


def test_an_event_is_a_cloud_event_whose_data_is_the_stored_text(city, system):
    unit(city)
    with serving.served(system) as root, serving.stream(root, PATH, city.become("auditor")) as stream:
        told = facts(stream, 2)
    entries = list(system.ledger.entries(PAIR))
    for each, entry in zip(told, entries, strict=True):
        event = each.data
        assert each.id == str(entry.position)
        assert {"specversion", "id", "source", "type"} <= event.keys()
        assert event["specversion"] == "1.0"
        assert event["source"] == f"/v1/pairs/{PAIR}"
        assert event["type"] == f"lianxi.{entry.topic}"
        assert event["subject"] == entry.stream
        assert event["id"] == event["hash"] == entry.hash.hex()
        assert event["prevhash"] == entry.prev_hash.hex()
        assert (event["partitionkey"], int(event["sequence"])) == (PAIR, entry.position)
        assert event["actor"] == "admin"
        assert all(name.isalnum() and name.islower() for name in event), event.keys()
        assert (
            catalogue.encode(catalogue.decode(entry.topic, json.dumps(event["data"]).encode())) == entry.state
        )
        assert entry.state.decode() in events.cloud_event(entry)
    assert [each.data["sequence"] for each in told] == sorted(each.data["sequence"] for each in told)


def test_what_comes_later_is_told_as_it_comes(city, system):
    with serving.served(system) as root, serving.stream(root, PATH, city.become("auditor")) as stream:
        assert facts(stream, 1)[0].id == "1"
        unit(city, OTHER)
        unit(city)
        assert facts(stream, 1)[0].id == "2"


def test_a_quiet_stream_has_a_heartbeat(city, system):
    with (
        serving.served(system, heartbeat_s=0.05) as root,
        serving.stream(root, PATH, city.become("auditor"), after=1) as stream,
    ):
        beats = [each for each in itertools.islice(stream, 4) if each.comment == "heartbeat"]
        assert len(beats) == 3


def test_a_stream_asked_for_its_head_ends(city, system):
    """The second answer on the one connection comes only once the first stream has ended at the server."""
    one = httpx2.Limits(max_connections=1)
    with serving.served(system) as root, httpx2.Client(limits=one, trust_env=False) as client:
        for _ in range(2):
            answer = client.head(f"{root}{PATH}", headers=city.become("auditor"))
            assert (answer.status_code, answer.content) == (200, b"")


# --- going on ------------------------------------------------------------------------------------------------


def test_a_broken_stream_goes_on_without_gap_or_double_while_others_write(city, system):
    """Broken off after every third fact, at the last moment and in the middle; 40 facts are told once each."""
    facts_in_all = 40
    with serving.served(system) as root, ThreadPoolExecutor(2) as writers:
        writing = [writers.submit(unit, city) for _ in range(facts_in_all - 1)]
        seen: list[int] = []
        headers = city.become("auditor")
        while len(seen) < facts_in_all:
            last = {"Last-Event-ID": str(seen[-1])} if seen else {}
            # The header counts and not the address, which a browser repeats as it first was.
            with serving.stream(root, PATH, {**headers, **last}, after=0) as stream:
                seen += [int(each.id) for each in facts(stream, min(3, facts_in_all - len(seen)))]
        for each in writing:
            each.result()
    assert seen == list(range(1, facts_in_all + 1))


def test_many_pairs_go_on_without_gap_or_double_while_others_write(city, system):
    each_pair = 15
    with serving.served(system) as root, ThreadPoolExecutor(2) as writers:
        writing = [writers.submit(unit, city, pair) for pair in (PAIR, OTHER) * (each_pair - 1)]
        seen: list[tuple[str, int]] = []
        headers, last = city.become("auditor"), {}
        while len(seen) < 2 * each_pair:
            with serving.stream(root, "/v1/events", {**headers, **last}, scope="140800") as stream:
                batch = facts(stream, 1)[0]
            seen += [(each["partitionkey"], each["position"]) for each in batch.data]
            last = {"Last-Event-ID": batch.id}
        for each in writing:
            each.result()
    for pair in (PAIR, OTHER):
        assert [position for tenant, position in seen if tenant == pair] == list(range(1, each_pair + 1))


def test_pages_go_on_where_the_stream_and_the_last_page_ended(city, system):
    for _ in range(3):
        unit(city)
    with serving.served(system) as root, serving.stream(root, "/v1/events", city.become("auditor")) as stream:
        told = facts(stream, 1)[0]
    assert [(each["partitionkey"], each["position"]) for each in told.data] == [
        (OTHER, 1),
        *((PAIR, position) for position in (1, 2, 3, 4)),
    ]
    cursor, positions = None, []
    while True:
        page = city.get(
            "auditor", "/v1/events/batch", limit=2, **({"cursor": cursor} if cursor else {})
        ).json()
        positions += [(each["partitionkey"], each["position"]) for each in page["items"]]
        cursor = page["next_cursor"]
        if not page["more"]:
            break
    assert positions == [(each["partitionkey"], each["position"]) for each in told.data]
    assert cursor == told.id
    unit(city, OTHER)
    (new,) = city.get("auditor", "/v1/events/batch", cursor=told.id).json()["items"]
    assert (new["partitionkey"], new["position"]) == (OTHER, 2)


def test_r095_a_cursor_is_good_for_its_reader_and_scope_alone(city):
    city.become("auditor-2", ("auditor", "140800"))
    cursor = city.get("auditor", "/v1/events/batch", scope="140800").json()["next_cursor"]
    for who, scope in (("auditor-2", "140800"), ("auditor", PAIR), ("auditor", None), ("county", PAIR)):
        parameters = {"cursor": cursor, **({"scope": scope} if scope else {})}
        for path in ("/v1/events/batch", "/v1/events"):
            answer = city.get(who, path, **parameters)
            assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:bad-cursor")
    assert city.get("auditor", "/v1/events/batch", scope="140800", cursor=cursor).status_code == 200


@pytest.mark.parametrize("cursor", ["", "x", "é", "e30", "A" * 400, "-" * 60, "1" * events.CURSOR_LENGTH])
def test_what_is_no_cursor_is_told_so(city, cursor):
    answer = city.get("auditor", "/v1/events/batch", cursor=cursor)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:bad-cursor")
    headers = {**city.become("auditor"), "Last-Event-ID": cursor.encode()}
    if cursor and not cursor.isdigit():
        answer = city.checked(city.client.get(PATH, headers=headers))
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:bad-cursor")


def test_a_client_that_goes_away_is_no_fault(city, system, capsys):
    """Whether it waits for more or more is waiting for it: nothing is logged, and its place is free at once."""
    for _ in range(12):
        unit(city)
    with serving.served(system, each=1) as root:
        for _ in range(8):
            with serving.stream(root, PATH, city.become("auditor")) as stream:
                facts(stream, 1)
        with serving.stream(root, PATH, city.become("county")) as stream:
            facts(stream, 13)
    written = capsys.readouterr()
    assert "command_accepted" in written.out + written.err
    assert "request_failed" not in written.out + written.err


# --- the end -------------------------------------------------------------------------------------------------


def test_r095_a_stream_ends_with_the_right_to_read_it(city, system):
    """Within one heartbeat, with a last event that says why, and nothing that comes later is told."""
    city.become("leaving", ("auditor", PAIR))
    token = hashlib.sha256(city.tokens["leaving"].encode()).hexdigest()
    with ExitStack() as stack:
        root = stack.enter_context(serving.served(system, heartbeat_s=0.3))
        opened = {
            (who, path): stack.enter_context(serving.stream(root, path, city.become(who)))
            for who in ("leaving", "county")
            for path in (PATH, "/v1/events")
        }
        for stream in opened.values():
            facts(stream, 1)
        system.credentials.withdraw("county", role="auditor", scope=PAIR)
        system.credentials.revoke(token)
        ends = {key: end(stream, beats=50) for key, stream in opened.items()}
        unit(city)
    for (who, _), last in ends.items():
        code = "unauthenticated" if who == "leaving" else "no-longer-permitted"
        assert (last.event, last.data["type"]) == ("problem", f"urn:lianxi:problem:{code}")
        assert last.data["title"]
    # The control: what was asked again was this, and without it the stream goes on.
    assert city.get("county", PATH).status_code == 404
    assert city.get("leaving", PATH).status_code == 401


def rewind(database, *, to: int, rehash: bool = False) -> None:
    """Put an old state of a pair's ledger back, as a superuser can; or let it end with another hash."""
    with psycopg.connect(database.admin_dsn) as admin:
        for table in ("ledger_event", "ledger_command", "ledger_head"):
            admin.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL")
        if rehash:
            admin.execute(
                "UPDATE ledger.ledger_head SET hash = sha256('other') WHERE tenant_id = %s AND position = %s",
                (PAIR, to),
            )
            return
        admin.execute("DELETE FROM ledger.ledger_event WHERE tenant_id = %s AND position > %s", (PAIR, to))
        admin.execute(
            "UPDATE ledger.ledger_head h SET position = e.position, hash = e.hash, prev_hash = e.prev_hash"
            " FROM ledger.ledger_event e WHERE h.tenant_id = e.tenant_id AND e.tenant_id = %s AND e.position = %s",
            (PAIR, to),
        )


@pytest.mark.parametrize("rehash", [False, True])
def test_r094_a_ledger_that_was_put_back_ends_its_streams_with_an_alarm(city, system, database, rehash):
    unit(city)
    with ExitStack() as stack:
        root = stack.enter_context(serving.served(system, poll_s=0.05))
        streams = [
            stack.enter_context(serving.stream(root, path, city.become("auditor"), **more))
            for path, more in ((PATH, {}), ("/v1/events", {"scope": PAIR}))
        ]
        assert [each.id for each in facts(streams[0], 2)] == ["1", "2"]
        cursor = facts(streams[1], 1)[0].id
        rewind(database, to=2 if rehash else 1, rehash=rehash)
        for stream in streams:
            last = end(stream, beats=5)
            assert (last.event, last.data["type"]) == ("problem", "urn:lianxi:problem:ledger-alarm")
    if not rehash:
        for path, more in ((PATH, {"after": 2}), ("/v1/events", {"scope": PAIR, "cursor": cursor})):
            answer = city.get("auditor", path, **more)
            assert (answer.status_code, answer.json()["type"]) == (409, "urn:lianxi:problem:cursor-past-head")


def test_r094_nothing_leaves_that_does_not_verify(city, system, database):
    unit(city)
    unit(city)
    with psycopg.connect(database.admin_dsn) as admin:
        admin.execute("ALTER TABLE ledger.ledger_event DISABLE TRIGGER ALL")
        admin.execute(
            "UPDATE ledger.ledger_event SET state = convert_to(replace(convert_from(state, 'UTF8'), '局', '厅'), 'UTF8')"
            " WHERE tenant_id = %s AND position = 2",
            (PAIR,),
        )
    with (
        serving.served(system) as root,
        serving.stream(root, PATH, city.become("auditor"), after=1) as stream,
    ):
        last = end(stream, beats=3)
    assert (last.event, last.data["type"]) == ("problem", "urn:lianxi:problem:ledger-alarm")
    assert city.get("auditor", "/v1/events/batch", scope=PAIR).status_code == 500


def test_open_streams_are_counted_by_person_and_in_all(city, system):
    with ExitStack() as stack:
        root = stack.enter_context(serving.served(system, each=2, most=3))
        mine, others = city.become("auditor"), city.become("county")

        def refused(headers) -> bool:
            answer = httpx2.get(f"{root}{PATH}", headers=headers, trust_env=False)
            assert answer.json()["type"] == "urn:lianxi:problem:too-many-streams"
            return (answer.status_code, "Retry-After" in answer.headers) == (503, True)

        # A stream that nobody holds any more is closed by its client, and its place is free.
        held = [stack.enter_context(serving.stream(root, PATH, mine)) for _ in range(2)]
        assert refused(mine)
        held.append(stack.enter_context(serving.stream(root, PATH, others)))
        assert refused(others)
        assert [facts(each, 1)[0].id for each in held] == ["1"] * 3


def test_streams_that_wait_hold_no_connection_and_end_at_once_with_the_server(city, database, tmp_path):
    """Thirty streams over a pool of two connections: a request is answered; then the server stops."""
    limits = databases.Limits(pool_max=2)
    with databases.Database(database.app_dsn, limits=limits) as db, ExitStack() as stack:
        chosen = settings.Settings(dsn=database.app_dsn, data_dir=tmp_path)
        app = main.create_app(main.assemble(db, chosen))
        app.state.streams = streams.Streams(app.state.desk, each=30)
        opened = []
        with serving.running(app) as (root, _):
            for _ in range(30):
                stream = stack.enter_context(serving.stream(root, PATH, city.become("auditor")))
                facts(stream, 1)
                opened.append(stream)
            assert app.state.streams.count == 30
            assert (
                httpx2.get(f"{root}/v1/me", headers=city.become("admin"), trust_env=False).status_code == 200
            )
        for stream in opened:
            assert end(stream, beats=3).data["type"] == "urn:lianxi:problem:stopping"
        assert app.state.streams.count == 0


# --- described -----------------------------------------------------------------------------------------------


def test_what_is_told_fits_what_is_described(city, system):
    """The document that is served describes the events that are served."""
    unit(city)
    document = city.checked(city.client.get("/asyncapi.json")).json()
    assert document["asyncapi"] == "3.0.0"
    assert {each["address"] for each in document["channels"].values()} == {
        "/v1/pairs/{pair}/events",
        "/v1/events",
        None,
    }
    described = city.client.get("/openapi.json").json()["paths"]
    for path in ("/v1/pairs/{pair}/events", "/v1/events"):
        assert described[path]["get"]["responses"]["200"]["content"].keys() == {"text/event-stream"}
    assert "/v1/events/batch" in described
    told = city.get("auditor", "/v1/events/batch").json()["items"]
    schema = {"allOf": [{"$ref": "#/components/schemas/Batch"}], "components": document["components"]}
    jsonschema.Draft7Validator(schema).validate(told)
    assert len(told) == 3
