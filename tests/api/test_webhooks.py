"""Webhooks: who registers one, what arrives and in which order, and what becomes of what does not arrive."""

import asyncio
import itertools
import json
import logging
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api import deliverer, main
from application import webhooks
from domain.decider import Capacity
from infrastructure import database as databases
from infrastructure import posting, settings
from tests.api import harness, receiving
from tests.api.fixtures import NOW

PAIR, OTHER = "140830", "140823"
ADMIN = ("system_administrator", "140800")
ROOT = f"/v1/pairs/{PAIR}/webhooks"
NUMBERS = itertools.count(1)


@pytest.fixture
def receiver():
    with receiving.receiver() as kept:
        yield kept


@pytest.fixture
def system(database, receiver, tmp_path):
    """The system of an installation that lets requests go to one port of this machine."""
    chosen = settings.Settings(
        dsn=database.app_dsn,
        data_dir=tmp_path / "data",
        webhook_key=tmp_path / "webhooks.key",
        webhook_targets=f"127.0.0.1:{receiver.port},localhost:{receiver.port},*.example.cn",
        webhook_networks="127.0.0.0/8",
    )
    with databases.Database(database.app_dsn) as db:
        assembled = main.assemble(db, chosen, clock=lambda: NOW)
        assembled.office._today = lambda _: NOW.date()
        yield assembled


@pytest.fixture
def city(http):
    """Two pairs; the first has an office and a department. An auditor of the city, one of the second pair."""
    http.become("admin", ADMIN)
    for pair in (PAIR, OTHER):
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        assert http.post("admin", "/v1/pairs", body).status_code == 201
    for person, capacity in (
        ("office", Capacity.GOVERNMENT_OFFICE),
        ("union", Capacity.UNION_OFFICE),
        ("department", Capacity.DEPARTMENT),
    ):
        harness.appoint(http, PAIR, person, capacity)
    http.become("auditor", ("auditor", "140800"))
    http.become("sibling", ("auditor", OTHER))
    http.become("reader", ("city_reader", "140800"))
    http.become("nobody")
    return http


def unit(http, pair: str = PAIR) -> None:
    body = {"on": "2025-01-06", "name": f"县第{next(NUMBERS)}局", "side": "government"}
    assert http.post("admin", f"/v1/pairs/{pair}/units", body).status_code == 201


def order(receiver, **changed):
    return {"url": f"{receiver.root}/in", "label": "同步到办公系统", **changed}


def registered(http, receiver, *, who: str = "office", pair: str = PAIR, **changed):
    answer = http.post(who, f"/v1/pairs/{pair}/webhooks", order(receiver, **changed))
    assert answer.status_code == 201, answer.json()
    return answer.json()


class Server:
    """A server's deliverer without its clock: rounds are made when a test wants them."""

    def __init__(self, system) -> None:
        self.made = deliverer.Deliverer(
            system, posting.HttpSender(system.outlet), recheck_s=0.0, jitter=lambda: 0.5
        )

    async def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            await self.made.round()
            await self.made.settled()


def deliver(system, *, rounds: int = 1) -> None:
    """Let a server that has just been started make some rounds."""

    async def run():
        await Server(system).rounds(rounds)

    asyncio.run(run())


def later(system, *, minutes: int):
    """Give the system as it is some minutes on: what is told twice must not depend on when."""
    return replace(system, clock=lambda: NOW + timedelta(minutes=minutes))


def progress(http, key: str, *, who: str = "office", pair: str = PAIR, **more):
    return http.get(who, f"/v1/pairs/{pair}/webhooks/{key}/deliveries", **more).json()["items"]


def due_now(database) -> None:
    """Let the waiting time be over."""
    with psycopg.connect(database.admin_dsn) as admin:
        admin.execute("UPDATE ledger.webhook_delivery SET due_at = now(), leased_until = now()")


# --- who -----------------------------------------------------------------------------------------------------


def test_r095_only_who_may_read_the_history_lets_it_be_sent(city, receiver):
    """The offices for their pair, the auditor for his divisions; nobody else, and strangers learn nothing."""
    for who in ("office", "union", "auditor"):
        assert city.post(who, ROOT, order(receiver)).status_code == 201
    for who, subtree, status in (
        ("department", False, 403),
        ("admin", False, 403),
        ("admin", True, 403),
        ("office", True, 403),
        ("sibling", False, 404),
        ("reader", False, 404),
        ("nobody", False, 404),
        ("nobody", True, 404),
    ):
        answer = city.post(who, ROOT, order(receiver, subtree=subtree))
        assert answer.status_code == status, who
        if status == 404:
            other = city.post(who, "/v1/pairs/149999/webhooks", order(receiver, subtree=subtree))
            assert (other.status_code, other.json()["type"]) == (404, answer.json()["type"])
    assert city.post("auditor", ROOT, order(receiver, subtree=True)).status_code == 201


def test_r096_a_repeated_order_registers_once_and_shows_the_same_secret(city, receiver):
    """Its sender may never have seen the first answer, and with it the secret."""
    first = city.post("office", ROOT, order(receiver), key="order-0001")
    again = city.post("office", ROOT, order(receiver), key="order-0001")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert len(city.get("office", ROOT).json()["items"]) == 1
    acts = city.get("office", f"/v1/pairs/{PAIR}/webhook-acts").json()["items"]
    assert [each["what"] for each in acts] == ["registered"]
    assert city.post("union", f"{ROOT}/{first.json()['id']}/secret", {}).json()["secret"]
    later = city.post("office", ROOT, order(receiver), key="order-0001").json()
    assert (later["id"], later["secret"]) == (first.json()["id"], "")


@pytest.mark.parametrize("changed", [{"label": "另一用途"}, {"begin": "beginning"}])
def test_r096_a_key_of_another_order_is_refused(city, receiver, changed):
    assert city.post("office", ROOT, order(receiver), key="order-0002").status_code == 201
    refused = city.post("office", ROOT, order(receiver, **changed), key="order-0002")
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:lianxi:problem:idempotency-key-reused")
    assert len(city.get("office", ROOT).json()["items"]) == 1


def test_r096_a_key_is_of_one_person_in_one_pair(city, receiver):
    made = {registered(city, receiver, who=who)["id"] for who in ("office", "union")}
    same = [
        city.post(who, ROOT, order(receiver), key="order-0003").json()["id"] for who in ("office", "union")
    ]
    elsewhere = city.post("auditor", f"/v1/pairs/{OTHER}/webhooks", order(receiver), key="order-0003")
    assert elsewhere.status_code == 201
    assert len({*made, *same, elsewhere.json()["id"]}) == 5


def test_r096_an_order_without_a_key_is_refused(city, receiver):
    answer = city.client.post(ROOT, headers=city.become("office"), json=order(receiver))
    assert answer.status_code == 400
    assert city.get("office", ROOT).json()["items"] == []


def test_r095_what_goes_out_is_seen_and_ended_by_who_answers_for_it(city, receiver):
    key = registered(city, receiver)["id"]
    paths = (ROOT, f"{ROOT}/{key}/deliveries", f"/v1/pairs/{PAIR}/webhook-acts")
    for who in ("office", "union", "auditor", "admin"):
        for path in paths:
            assert city.get(who, path).status_code == 200
    for who, status in (("department", 403), ("sibling", 404), ("reader", 404), ("nobody", 404)):
        for path in paths:
            assert city.get(who, path).status_code == status, who
        for act in ("resumption", "secret"):
            assert city.post(who, f"{ROOT}/{key}/{act}", {}).status_code == status
        assert delete(city, who, key).status_code == status
    assert city.post("admin", f"{ROOT}/{key}/secret", {}).status_code == 403
    assert delete(city, "admin", key).status_code == 204
    assert delete(city, "admin", key).status_code == 404
    other = f"/v1/pairs/{OTHER}/webhooks/{registered(city, receiver)['id']}"
    assert city.get("sibling", f"{other}/deliveries").status_code == 404
    acts = city.get("admin", f"/v1/pairs/{PAIR}/webhook-acts").json()["items"]
    assert [(each["actor"], each["what"]) for each in acts] == [
        ("office", "registered"),
        ("admin", "ended"),
        ("office", "registered"),
    ]


def delete(http, who: str, key: str):
    return http.checked(http.client.delete(f"{ROOT}/{key}", headers=http.become(who)))


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.cn/",
        "https://example.cn/",
        "https://a.example.cn:8443/",
        "https://a.example.cn.evil.cn/",
        "http://a.example.cn/",
        "http://10.0.0.1/",
        "https://user:secret@a.example.cn/",
        "https://a.example.cn/#x",
        "https://127.0.0.1/",
        "https://evil.cn\\@a.example.cn/",
        "https://a.example.cn%00.evil.cn/",
        "file:///etc/passwd",
        "ftp://a.example.cn/",
        "https://a.example.cn:0/",
        "//a.example.cn/",
        "https:///",
        "x",
    ],
)
def test_a_target_that_is_not_on_the_list_is_refused(city, receiver, url):
    answer = city.post("office", ROOT, order(receiver, url=url))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:lianxi:problem:target-not-permitted")
    assert city.post("office", ROOT, order(receiver, url="https://a.example.cn/x?y=1")).status_code == 201


# --- what arrives --------------------------------------------------------------------------------------------


def test_each_fact_arrives_once_signed_and_in_order(city, system, receiver):
    made = registered(city, receiver, begin="beginning")
    registered(city, receiver, who="auditor", url=f"{receiver.root}/later")
    unit(city)
    deliver(system, rounds=2)
    entries = list(system.ledger.entries(PAIR))
    got = [each for each in receiver.got if each.path == "/in"]
    assert [each.event["hash"] for each in got] == [entry.hash.hex() for entry in entries]
    for each, entry in zip(got, entries, strict=True):
        assert receiving.signed_by(made["secret"], each)
        assert not receiving.signed_by("whsec_" + "A" * 43 + "=", each)
        assert each.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
        assert each.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
        assert entry.state in each.body
    assert len({each.headers["webhook-id"] for each in got}) == len(got)
    # What was registered from now on begins there.
    assert [each.place for each in receiver.got if each.path == "/later"] == [(PAIR, len(entries))]


def test_the_known_vector_of_the_standard_is_met():
    """The independent check of these tests agrees with the standard's own example."""
    got = receiving.Got(
        "/",
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        b'{"test": 2432232314}',
    )
    assert receiving.signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", got)


def test_a_renewed_secret_signs_beside_the_former_for_a_day(city, system, receiver):
    made = registered(city, receiver)
    renewed = city.post("office", f"{ROOT}/{made['id']}/secret", {}).json()
    assert renewed["secret"] != made["secret"]
    unit(city)
    since = system.webhooks.listed(PAIR)[0].rotated_at
    for at, both in ((since, True), (since + timedelta(days=1), False)):
        object.__setattr__(system, "clock", lambda at=at: at)
        deliver(system)
        unit(city)
        assert receiving.signed_by(renewed["secret"], receiver.got[-1])
        assert receiving.signed_by(made["secret"], receiver.got[-1]) is both


def test_a_division_is_covered_with_the_pairs_that_come_later(city, system, receiver):
    registered(city, receiver, who="auditor", pair="140800", subtree=True)
    unit(city)
    body = {"on": "2025-01-06", "division_code": "140829", "union_division_code": "140829"}
    city.post("admin", "/v1/pairs", body)
    deliver(system)
    assert sorted(receiver.places) == [("140829", 1), (PAIR, 8)]


# --- what does not arrive ------------------------------------------------------------------------------------


def test_order_is_kept_under_failures_and_a_repetition_has_the_same_id(city, system, receiver, database):
    """Every second request is answered 500: nothing overtakes, and each fact is taken once."""
    registered(city, receiver, begin="beginning")
    count = itertools.count()
    receiver.answers = lambda _: 500 if next(count) % 2 == 0 else 200
    for number in range(9):
        deliver(later(system, minutes=number))
        due_now(database)
    assert receiver.places == [(PAIR, position) for position in range(1, 8) for _ in range(2)]
    ids = [each.headers["webhook-id"] for each in receiver.got]
    assert ids[::2] == ids[1::2]
    assert len(set(ids)) == 7


def test_what_the_target_took_and_the_server_did_not_note_arrives_again_with_the_same_id(
    city, system, receiver, monkeypatch
):
    """The server is killed between the two, as it seems to the database."""
    registered(city, receiver)
    unit(city)
    with monkeypatch.context() as dead:
        dead.setattr(system.webhooks, "advance", lambda *_, **__: 1 / 0)
        deliver(system)
    deliver(later(system, minutes=5))
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_target_that_keeps_failing_is_parked_and_taken_up_again(city, system, receiver, database):
    made = registered(city, receiver)
    receiver.answers = lambda _: 503
    unit(city)
    for attempt in range(1, webhooks.MOST_ATTEMPTS + 1):
        deliver(system, rounds=3)
        (row,) = progress(city, made["id"])
        assert (row["attempts"], row["reason"]) == (attempt, "目标答复 503")
        assert bool(row["parked_at"]) is (attempt == webhooks.MOST_ATTEMPTS)
        due_now(database)
    deliver(system, rounds=2)
    assert len(receiver.got) == webhooks.MOST_ATTEMPTS
    assert progress(city, made["id"], parked=True) == progress(city, made["id"])
    receiver.answers = lambda _: 200
    assert city.post("union", f"{ROOT}/{made['id']}/resumption", {"pairs": [OTHER]}).status_code == 422
    resumed = city.post("union", f"{ROOT}/{made['id']}/resumption", {})
    assert resumed.json()["sponsor"] == "union"
    deliver(system)
    assert progress(city, made["id"], parked=True) == []
    (row,) = progress(city, made["id"])
    assert (row["position"], row["attempts"]) == (8, 0)
    assert receiver.places == [(PAIR, 8)] * (webhooks.MOST_ATTEMPTS + 1)


def test_a_target_that_is_gone_is_parked_at_once(city, system, receiver):
    made = registered(city, receiver)
    receiver.answers = lambda _: 410
    unit(city)
    deliver(system)
    assert progress(city, made["id"])[0]["parked_at"]


def test_a_dead_target_keeps_no_other_waiting(city, system, receiver):
    """While one target holds all its requests, another and another pair are told everything."""
    held = registered(city, receiver, url=f"{receiver.root}/held", begin="beginning")
    registered(city, receiver, who="auditor", pair="140800", subtree=True, begin="beginning")

    async def run():
        free, asked = asyncio.Event(), asyncio.Event()
        sender = posting.HttpSender(system.outlet)
        post = sender.post

        async def sometimes(url, body, headers):
            if url.endswith("/held"):
                asked.set()
                await free.wait()
            return await post(url, body, headers)

        sender.post = sometimes
        made = deliverer.Deliverer(system, sender, recheck_s=0.0)
        await made.round()
        await asked.wait()
        while {each for each in receiver.places if each[1] > 1} != {(PAIR, place) for place in range(2, 8)}:
            await asyncio.wait(set(made._lanes.values()), return_when=asyncio.FIRST_COMPLETED)
        assert (OTHER, 1) in receiver.places
        assert all(each.path == "/in" for each in receiver.got)
        free.set()
        await made.settled()

    asyncio.run(asyncio.wait_for(run(), 30))
    assert progress(city, held["id"])[0]["position"] == 7


def test_two_servers_deliver_each_fact_once_and_in_order(city, system, receiver, database):
    registered(city, receiver, who="auditor", pair="140800", subtree=True, begin="beginning")

    async def run():
        one, two = Server(system), Server(system)
        for _ in range(6):
            await asyncio.gather(one.rounds(2), two.rounds(2))
            await asyncio.to_thread(unit, city)
            await asyncio.to_thread(unit, city, OTHER)
        await one.rounds()

    asyncio.run(run())
    for pair, last in ((PAIR, 13), (OTHER, 7)):
        assert [place for tenant, place in receiver.places if tenant == pair] == list(range(1, last + 1))


def test_a_server_that_lost_its_lease_moves_no_cursor(city, system, receiver):
    registered(city, receiver)
    unit(city)
    key = system.webhooks.listed(PAIR)[0].id
    store, head = system.webhooks, system.ledger.head(PAIR)
    assert store.claim(PAIR, key, holder="one", seconds=60.0).attempts == 0
    assert store.claim(PAIR, key, holder="two", seconds=60.0) is None
    assert store.pending(PAIR, key) > 50
    assert not store.advance(PAIR, key, head, holder="two", seconds=60.0)
    store.release(PAIR, key, holder="one")
    assert store.claim(PAIR, key, holder="two", seconds=60.0) is not None
    assert not store.advance(PAIR, key, head, holder="one", seconds=60.0)
    assert store.advance(PAIR, key, head, holder="two", seconds=60.0)
    assert not store.advance(PAIR, key, head, holder="two", seconds=60.0)


def test_r095_who_may_no_longer_read_sends_no_more(city, system, receiver):
    """The auditor's role is withdrawn: his subscription is parked with the reason, and an office takes it up."""
    made = registered(city, receiver, who="auditor")
    system.credentials.withdraw("auditor", role="auditor", scope="140800")
    unit(city)
    deliver(system)
    (row,) = progress(city, made["id"])
    assert (receiver.got, row["reason"]) == ([], deliverer.NOT_PERMITTED)
    city.post("admin", f"{ROOT}/{made['id']}/resumption", {})
    deliver(system)
    assert (receiver.got, bool(progress(city, made["id"])[0]["parked_at"])) == ([], True)
    city.post("office", f"{ROOT}/{made['id']}/resumption", {})
    deliver(system)
    assert receiver.places == [(PAIR, 8)]


def test_another_key_parks_until_the_secret_is_renewed(city, system, receiver, tmp_path):
    made = registered(city, receiver)
    (tmp_path / "webhooks.key").unlink()
    unit(city)
    deliver(system)
    assert (receiver.got, progress(city, made["id"])[0]["reason"]) == ([], deliverer.OTHER_KEY)
    renewed = city.post("office", f"{ROOT}/{made['id']}/secret", {}).json()
    city.post("office", f"{ROOT}/{made['id']}/resumption", {})
    deliver(system)
    assert receiving.signed_by(renewed["secret"], receiver.got[0])


def test_r094_a_ledger_that_was_put_back_is_an_alarm_and_nothing_is_sent(city, system, receiver, database):
    made = registered(city, receiver)
    with psycopg.connect(database.admin_dsn) as admin:
        admin.execute("UPDATE ledger.webhook_delivery SET hash = sha256('other')")
    unit(city)
    deliver(system)
    assert (receiver.got, progress(city, made["id"])[0]["reason"]) == ([], deliverer.ALARM)
    with psycopg.connect(database.admin_dsn) as admin:
        admin.execute(
            "UPDATE ledger.webhook_delivery SET position = 99, parked_at = NULL, reason = '', due_at = now()"
        )
    deliver(system)
    assert (receiver.got, progress(city, made["id"])[0]["reason"]) == ([], deliverer.ALARM)


def test_what_is_ended_gets_no_more_even_in_the_middle(city, system, receiver):
    made = registered(city, receiver, begin="beginning")
    ended = []

    def answers(_):
        if len(receiver.got) == 3:
            ended.append(system.webhooks.end(PAIR, made["id"], actor="office"))
        return 200

    receiver.answers = answers
    deliver(system, rounds=3)
    assert (ended, receiver.places) == ([True], [(PAIR, position) for position in (1, 2, 3)])


def test_a_running_server_delivers_by_itself_and_stops_with_its_block(city, system, receiver):
    registered(city, receiver)
    came = threading.Event()
    receiver.answers = lambda _: came.set() or 200
    before = threading.active_count()
    with deliverer.delivering(system, lambda: posting.HttpSender(system.outlet)):
        unit(city)
        assert came.wait(30)
    assert receiver.places == [(PAIR, 8)]
    assert not any(each.name == "webhooks" for each in threading.enumerate())
    assert threading.active_count() <= before + 1


# --- where to ------------------------------------------------------------------------------------------------


def test_a_redirect_is_not_followed(city, system, receiver):
    made = registered(city, receiver)
    receiver.answers, receiver.location = (lambda _: 307), f"{receiver.root}/elsewhere"
    unit(city)
    deliver(system)
    assert [each.path for each in receiver.got] == ["/in"]
    assert progress(city, made["id"])[0]["reason"] == "目标答复 307，不跟随重定向"


def test_a_target_taken_off_the_list_gets_no_more(city, system, receiver):
    made = registered(city, receiver)
    object.__setattr__(system, "outlet", webhooks.Outlet(targets=(), networks=(), key=system.outlet.key))
    unit(city)
    deliver(system)
    assert receiver.got == []
    assert progress(city, made["id"])[0]["parked_at"]


def outlet(*networks: str) -> webhooks.Outlet:
    chosen = settings.Settings(webhook_targets="*.example.cn", webhook_networks=",".join(networks))
    return webhooks.Outlet(
        targets=chosen.webhook_targets, networks=chosen.webhook_networks, key=lambda: bytes(32)
    )


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        *(
            (each, False)
            for each in (
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fd00::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001:0:a00:1::",
            )
        ),
    ],
)
def test_a_private_address_is_no_target_unless_it_is_allowed(monkeypatch, address, public):
    """The name is resolved when something is sent, and the address that was checked is the one connected to."""
    connected = []

    async def resolved(*_):
        return [posting.ipaddress.ip_address(address)]

    async def send(request, **_):
        connected.append((request.url.host, request.headers["Host"], request.extensions["sni_hostname"]))
        raise posting.httpx2.ConnectError("no")

    async def run(*networks: str):
        sender = posting.HttpSender(outlet(*networks))
        monkeypatch.setattr(sender._client, "send", send)
        return await sender.post("https://a.example.cn/", b"{}", {})

    monkeypatch.setattr(posting, "_resolved", resolved)
    refused = asyncio.run(run()).reason == posting.NOT_PERMITTED
    assert refused is not public
    asyncio.run(run("0.0.0.0/0", "::/0"))
    assert connected[-1] == (str(posting.ipaddress.ip_address(address)), "a.example.cn", "a.example.cn")
    assert len(connected) == 1 + public


def certificate(folder, name: str) -> tuple[str, str]:
    """Make a certificate for a name, signed by itself. Gives: the files of the certificate and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return str(files[0]), str(files[1])


@pytest.mark.parametrize(("name", "taken"), [("a.example.cn", True), ("b.example.cn", False)])
def test_the_certificate_must_be_that_of_the_name_and_not_of_the_address(monkeypatch, tmp_path, name, taken):
    """What is connected to is an address, and what is verified is the name that was registered."""

    async def resolved(*_):
        return [posting.ipaddress.ip_address("127.0.0.1")]

    monkeypatch.setattr(posting, "_resolved", resolved)
    cert, key = certificate(tmp_path, name)
    with receiving.receiver(cert=cert, key=key) as kept:
        chosen = webhooks.Outlet(
            targets=(f"a.example.cn:{kept.port}",), networks=outlet("127.0.0.0/8").networks, key=lambda: b""
        )
        trusted = ssl.create_default_context(cafile=cert)
        url = f"https://a.example.cn:{kept.port}/x"
        answer = asyncio.run(posting.HttpSender(chosen, verify=trusted).post(url, b"{}", {}))
        assert (answer.status, answer.reason) == ((204, "") if taken else (None, posting.NO_CONNECTION))
        assert [each.headers["host"] for each in kept.got] == [f"a.example.cn:{kept.port}"] * taken


def test_an_answer_is_not_waited_for_without_end_nor_read_to_its_end(system, receiver, monkeypatch):
    """A target that says nothing is given up, and of one that never stops talking the status alone is read."""
    free = threading.Event()

    def post():
        return asyncio.run(posting.HttpSender(system.outlet).post(f"{receiver.root}/", b"{}", {}))

    receiver.endless = free
    assert post().status == 204
    free.set()
    receiver.endless = None
    silent = threading.Event()
    receiver.answers = lambda _: silent.wait(30) and 200
    monkeypatch.setattr(posting, "WHOLE_S", 0.2)
    assert post().reason == posting.TOO_SLOW
    silent.set()


def test_one_private_address_among_public_ones_condemns_the_name(monkeypatch):
    async def resolved(*_):
        return [posting.ipaddress.ip_address(each) for each in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(posting, "_resolved", resolved)
    answer = asyncio.run(posting.HttpSender(outlet()).post("https://a.example.cn/", b"{}", {}))
    assert answer.reason == posting.NOT_PERMITTED


# --- secrets -------------------------------------------------------------------------------------------------


def test_a_secret_is_shown_once_and_is_in_no_log_no_answer_and_no_table(
    city, system, receiver, database, tmp_path, caplog, capsys
):
    caplog.set_level(logging.DEBUG)
    made = registered(city, receiver, url=f"{receiver.root}/in?canary=7351")
    unit(city)
    receiver.answers = lambda _: 500
    deliver(system)
    secret = made["secret"].removeprefix("whsec_")
    key = (tmp_path / "webhooks.key").read_text().strip()
    assert (tmp_path / "webhooks.key").stat().st_mode & 0o777 == 0o600
    with psycopg.connect(database.admin_dsn) as admin:
        kept = [
            str(admin.execute(f"SELECT array_agg(to_json(t)::text) FROM ledger.{table} t").fetchone())
            for table in ("webhook", "webhook_delivery", "webhook_act")
        ]
    answers = [
        city.get("office", path).text
        for path in (ROOT, f"{ROOT}/{made['id']}/deliveries", f"/v1/pairs/{PAIR}/webhook-acts")
    ]
    written = capsys.readouterr()
    logged = caplog.text + written.err + written.out
    assert "webhook_failed" in logged
    for text in (*kept, *answers, logged):
        assert secret not in text
        assert key not in text
    assert "canary" not in logged
    assert secret not in json.dumps([each.headers for each in receiver.got])
