"""One pair's trouble is never another's, seen through HTTP."""

import asyncio

import httpx2
import psycopg

from api import main
from infrastructure import database as databases
from infrastructure import settings

HELD, FREE = "140830", "140823"
REQUESTS = 60  # More than the pool has connections, and more than the server has threads.


def test_r095_a_held_pair_does_not_keep_another_waiting(database, http, system):
    """While one pair's head is locked and more requests wait on it than the pool has connections, another pair
    is served, and a stranger to the held one is answered 404; those that wait are answered 503 with Retry-After,
    and nothing of them is written.
    """
    for pair in (HELD, FREE):
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        http.become("admin", ("system_administrator", "140800"))
        assert http.post("admin", "/v1/pairs", body).status_code == 201
    before = system.ledger.head(HELD)
    headers, stranger = http.become("admin"), http.become("stranger")
    limits = databases.Limits(pool_max=6, lock_ms=5000, per_pair=3)
    assert limits.pool_max < REQUESTS
    with (
        databases.Database(database.app_dsn, limits=limits) as db,
        psycopg.connect(database.admin_dsn) as holder,
    ):
        holder.execute("SELECT 1 FROM ledger.ledger_head WHERE tenant_id = %s FOR UPDATE", (HELD,))
        app = main.create_app(main.assemble(db, settings.Settings(dsn=database.app_dsn)))
        waiting, free, refused, still_waiting = asyncio.run(_race(app, headers, stranger))
    assert free.status_code == 201, free.json()
    assert {answer.status_code for answer in refused} == {404}
    assert still_waiting == REQUESTS, "another pair was served only after the held one gave up"
    assert {answer.status_code for answer in waiting} == {503}
    assert all(answer.headers["Retry-After"] for answer in waiting)
    assert system.ledger.head(HELD) == before


async def _race(app, headers, stranger):
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:

        def unit(pair: str, key: str, **who: str):
            body = {"on": "2025-01-06", "name": "县财政局", "side": "government"}
            return client.post(f"/v1/pairs/{pair}/units", json=body, headers={"Idempotency-Key": key, **who})

        tasks = [asyncio.create_task(unit(HELD, f"held-{n:04d}")) for n in range(REQUESTS)]
        await asyncio.sleep(0.2)
        free = await unit(FREE, "free-0001")
        strangers = (unit(HELD, f"stranger-{n:04d}", **stranger) for n in range(REQUESTS))
        refused = await asyncio.gather(*strangers)
        still_waiting = sum(not task.done() for task in tasks)
        return await asyncio.gather(*tasks), free, refused, still_waiting


def test_r095_a_stranger_takes_none_of_a_pairs_places(http, system):
    """Nobody waits at the gate of a pair, or for its lock, who is not of it: the answer comes at once."""
    for pair in (HELD, FREE):
        http.become("admin", ("system_administrator", "140800"))
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        assert http.post("admin", "/v1/pairs", body).status_code == 201
    entered = []
    gate = http.client.app.state.gate
    enter = gate.enter
    gate.enter = lambda key: entered.append(key) or enter(key)
    http.become("neighbour", ("system_administrator", FREE))
    unit = {"on": "2025-01-06", "name": "县财政局", "side": "government"}
    answers = [http.post(each, f"/v1/pairs/{HELD}/units", unit) for each in ("stranger", "neighbour")]
    assert {each.status_code for each in answers} == {404}
    assert http.post("stranger", "/v1/pairs/140999/units", unit).json()["title"] == answers[0].json()["title"]
    assert entered == []
    assert http.post("admin", f"/v1/pairs/{HELD}/units", unit).status_code == 201
    assert entered == [HELD]
