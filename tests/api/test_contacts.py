"""Contact data: each person's own, read by the offices of his pairs, noted, and erased for good."""

import base64
import gzip
import io
import json
import os
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg import sql
from typer.testing import CliRunner

from api import cli, main
from application import audit
from domain.contacts import Contact
from domain.decider import Capacity
from infrastructure import database as databases
from infrastructure import directory, embedded, migrate, people_keys, settings
from tests.api.harness import Client, appoint

PAIR, OTHER = "140830", "140823"
TELEPHONE, EMAIL, NOTE = "13987654321", "canary-7f3a@example.cn", "金丝雀八七六"
CANARIES = (TELEPHONE, EMAIL, NOTE, "139-8765-4321")
CONTACT = {"telephone": TELEPHONE, "email": EMAIL, "note": NOTE}
CONTROL = "对照雀九九"


def staffed(http: Client) -> Client:
    """Two pairs; in the first both offices and a department, in the second its government's office."""
    http.become("admin", ("system_administrator", "140800"))
    for pair in (PAIR, OTHER):
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        assert http.post("admin", "/v1/pairs", body).status_code == 201
    for pair, person, capacity in (
        (PAIR, "go", Capacity.GOVERNMENT_OFFICE),
        (PAIR, "uo", Capacity.UNION_OFFICE),
        (PAIR, "dep", Capacity.DEPARTMENT),
        (PAIR, "dep2", Capacity.DEPARTMENT),
        (OTHER, "go-other", Capacity.GOVERNMENT_OFFICE),
    ):
        appoint(http, pair, person, capacity)
    return http


def put(http: Client, person: str, body=None, **more):
    headers = http.become(person)
    return http.checked(
        http.client.put("/v1/me/contact", headers=headers, **({"json": body} if body else more))
    )


def delete(http: Client, person: str):
    return http.checked(http.client.delete("/v1/me/contact", headers=http.become(person)))


def of(http: Client, reader: str, person: str, pair: str = PAIR):
    return http.get(reader, f"/v1/pairs/{pair}/people/{person}/contact")


def acts(system, person: str) -> list[tuple[str, str]]:
    return [(actor, what) for _, actor, what in system.directory.acts(person)]


def test_r095_a_person_gives_reads_and_takes_back_his_own(http, system):
    staffed(http)
    assert http.get("dep", "/v1/me/contact").status_code == 404
    assert put(http, "dep", CONTACT).status_code == 204
    found = http.get("dep", "/v1/me/contact")
    assert (found.json(), found.headers["cache-control"]) == (CONTACT, "no-store")
    assert put(http, "dep", {"telephone": "0359-3022222"}).status_code == 204
    assert http.get("dep", "/v1/me/contact").json() == {"telephone": "0359-3022222", "email": "", "note": ""}
    assert [delete(http, "dep").status_code for _ in range(2)] == [204, 204]
    assert http.get("dep", "/v1/me/contact").status_code == 404
    # What he does to his own is noted, that he reads it is not; erasing what is not there is nothing.
    assert acts(system, "dep") == [("dep", "set"), ("dep", "set"), ("dep", "erased")]


def test_r095_the_offices_of_a_pair_read_its_people_and_are_noted(http, system):
    staffed(http)
    put(http, "dep", CONTACT)
    http.become("city", ("city_reader", "140800"))
    http.become("auditor", ("auditor", "140800"))
    for reader in ("go", "uo"):
        assert of(http, reader, "dep").json() == CONTACT
        # In the access log before the answer, which otherwise gathers its entries for half a second.
        last = system.access_log.listed(limit=1)[0].access
        assert (last.person, last.matter, last.pair, last.status) == (reader, "contacts", PAIR, 200)
    # Of the pair, but no office; of the city, with a mandate, with an administrator's role; of another pair; of none.
    for reader, status in (
        ("dep2", 404),
        ("city", 404),
        ("auditor", 404),
        ("admin", 404),
        ("go-other", 404),
        ("stranger", 404),
    ):
        answer = of(http, reader, "dep")
        assert (reader, answer.status_code) == (reader, status)
        assert not any(each in answer.text for each in CANARIES)
    # Not of this pair, not known at all, and of this pair without contact data: one and the same answer.
    answers = [of(http, "go", each).json() for each in ("go-other", "nobody", "dep2")]
    assert len({json.dumps({**each, "instance": "", "trace_id": ""}) for each in answers}) == 1
    assert of(http, "go-other", "dep", OTHER).status_code == 404
    assert acts(system, "dep") == [("dep", "set"), ("go", "read"), ("uo", "read")]


def test_a_row_moved_to_another_person_opens_nothing(http, system, database):
    """The person is part of what is authenticated, and the key is his own: neither a moved row nor a moved key helps."""
    staffed(http)
    put(http, "dep", CONTACT)
    put(http, "dep2", {"note": "另一人"})
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(
            "UPDATE ledger.directory t SET nonce = s.nonce, sealed = s.sealed FROM ledger.directory s"
            " WHERE t.person_id = 'dep2' AND s.person_id = 'dep'"
        )
    keys = people_keys.PeopleKeys(system.settings.people)
    assert http.get("dep2", "/v1/me/contact").status_code == 404
    keys._path("dep2").write_bytes(keys.load("dep"))
    assert http.get("dep2", "/v1/me/contact").status_code == 404
    assert http.get("dep", "/v1/me/contact").json() == CONTACT


def test_the_keys_are_their_owners_alone(http, system):
    staffed(http)
    put(http, "dep", CONTACT)
    folder = system.settings.people
    (key,) = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, key.stat().st_mode & 0o777) == (0o700, 0o600)
    assert (len(key.read_bytes()), "dep" in key.name) == (32, False)
    first = key.read_bytes()
    put(http, "dep", {"note": "x"})
    assert key.read_bytes() == first
    delete(http, "dep")
    assert list(folder.iterdir()) == []
    put(http, "dep", CONTACT)
    assert key.read_bytes() != first


def test_the_console_sets_shows_and_erases(database, tmp_path, monkeypatch):
    monkeypatch.setenv("LIANXI_DSN", database.app_dsn)
    monkeypatch.setenv("LIANXI_DATA_DIR", str(tmp_path / "data"))
    run = CliRunner().invoke
    made = run(cli.app, ["people", "set", "--person", "p1"], input=f"{TELEPHONE}\n{EMAIL}\n{NOTE}\n")
    assert made.exit_code == 0, made.output
    shown = run(cli.app, ["people", "show", "--person", "p1"])
    assert all(each in shown.stdout for each in CONTACT.values())
    bad = run(cli.app, ["people", "set", "--person", "p1"], input="139x\n\n\n")
    assert bad.exit_code == 2
    assert "格式不对：电话。" in bad.output
    erased = [run(cli.app, ["people", "erase", "--person", "p1"]) for _ in range(2)]
    assert [(each.exit_code, each.stderr.strip()) for each in erased] == [
        (0, "已删除 p1 的联系方式。"),
        (0, "没有 p1 的联系方式，无须删除。"),
    ]
    assert run(cli.app, ["people", "show", "--person", "p1"]).exit_code == 2
    told = run(cli.app, ["people", "show", "--person", "p1", "--acts"]).stdout.splitlines()
    # The last look found nothing and was a look all the same.
    assert [line.split("  ")[2] for line in told] == ["登记", "查看", "删除", "查看"]


# --- after erasing, the canary is nowhere ---------------------------------------------------------------------------


def spellings(text: str) -> list[bytes]:
    """Give the bytes that a text may be found as: plain, escaped in JSON, in hex, and in each phase of Base64."""
    plain = text.encode()
    phases = [base64.b64encode(b"\0" * skip + plain)[4 * (skip > 0) : -4] for skip in range(3)]
    return [
        plain,
        json.dumps(text)[1:-1].encode(),
        plain.hex().encode(),
        *(each for each in phases if len(each) > 7),
    ]


def hits(places: dict[str, bytes], texts) -> list[str]:
    wanted = [each for text in texts for each in spellings(text)]
    return [name for name, content in places.items() if any(each in content for each in wanted)]


def unpacked(name: str, content: bytes) -> dict[str, bytes]:
    """Give what is inside of archives too: a workbook is one, and so is what leaves for an auditor."""
    found = {name: content}
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                found |= unpacked(f"{name}/{each}", archive.read(each))
    elif content[:2] == b"\x1f\x8b":
        found |= unpacked(f"{name}!", gzip.decompress(content))
    return found


def tables(dsn: str) -> dict[str, bytes]:
    """Every row of every table and view, every column as text."""
    found = {}
    with psycopg.connect(dsn) as connection:
        query = """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname = 'ledger'"""
        for schema, name in connection.execute(query).fetchall():
            rows = connection.execute(
                sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, name))
            )
            found[f"table {name}"] = "\n".join(row[0] for row in rows).encode()
            # A byte string is shown in hex; what it says is searched too.
            found[f"table {name}, bytes"] = b"\n".join(
                bytes.fromhex(part)
                for row in found[f"table {name}"].split(b"\\x")[1:]
                if (part := _hex(row.decode()))
            )
    return found


def _hex(text: str) -> str:
    length = next((at for at, char in enumerate(text) if char not in "0123456789abcdef"), len(text))
    return text[: length - length % 2]


def files(folder: Path) -> dict[str, bytes]:
    return {
        f"file {each.relative_to(folder)}": each.read_bytes() for each in folder.rglob("*") if each.is_file()
    }


def exports(http: Client) -> dict[str, bytes]:
    """Whatever leaves the system, each as its reader gets it."""
    paths = {
        f"/v1/pairs/{PAIR}/history": {},
        f"/v1/pairs/{PAIR}/history/bundle": {},
        "/v1/audit/bundle": {"scope": "140800"},
        "/v1/events/batch": {"scope": "140800"},
        f"/v1/pairs/{PAIR}/reports/2025": {},
        f"/v1/pairs/{PAIR}/reports/2025/workbook": {},
        f"/v1/pairs/{PAIR}/reports/2025/csv": {"table": "ledger"},
        "/v1/reports/city/2025/workbook": {"scope": "140800"},
        "/v1/reports/city/2025/csv": {"scope": "140800", "table": "ledger"},
        f"/v1/pairs/{PAIR}/units": {},
        f"/v1/pairs/{PAIR}/posts": {},
    }
    found = {}
    for path, parameters in paths.items():
        answer = http.get("auditor", path, **parameters)
        assert answer.status_code == 200, (path, answer.text)
        found |= unpacked(path, answer.content)
    return found


def dump(server: embedded.Server) -> dict[str, bytes]:
    """A new backup, as pg_dump makes it."""
    done = subprocess.run(
        [server.bin / "pg_dump", "--inserts", server.admin_dsn], capture_output=True, check=True
    )
    return {"pg_dump": done.stdout}


@pytest.fixture
def alone(scratch, tmp_path):
    """A server of its own, whose whole data directory can be searched, and the application on it."""
    with embedded.server(scratch / "canary", durable=False) as server:
        migrate.migrate(server.admin_dsn, app_password=server.app_password)
        chosen = settings.Settings(dsn=server.app_dsn, data_dir=tmp_path / "data")
        with databases.Database(server.app_dsn) as db:
            system = main.assemble(db, chosen)
            with TestClient(main.create_app(system), raise_server_exceptions=False) as client:
                expires = datetime.now(UTC) + timedelta(days=1)
                yield server, system, Client(client, system.credentials, expires_at=expires)


def test_after_erasing_the_canary_is_nowhere(alone, capfd, tmp_path):
    """Not in a table, view, log, export, event, new backup or file of the database; and every chain verifies.

    Controls: the same search finds what was written as the name of a unit in each kind of place, and in the log what
    was logged; and before the erasure it finds the canary where the person himself reads it.
    """
    server, system, http = alone
    staffed(http)
    http.become("auditor", ("auditor", "140800"))
    unit = {"on": "2025-01-06", "name": CONTROL, "side": "government"}
    assert http.post("admin", f"/v1/pairs/{PAIR}/units", unit).status_code == 201
    assert put(http, "dep", CONTACT).status_code == 204
    assert put(http, "dep2", {"note": "留下的人"}).status_code == 204
    assert hits({"own": http.get("dep", "/v1/me/contact").content}, CANARIES) == ["own"]
    assert of(http, "go", "dep").status_code == 200
    refusals = misuse(http)
    main.log.info("control", said=CONTROL)
    old = dump(server)["pg_dump"]
    sealed = _sealed(server, "dep")
    assert sealed.hex().encode() in old

    assert system.directory.erase("dep", actor="console") is True
    assert system.directory.erase("dep", actor="console") is False
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        relation = admin.execute("SELECT pg_relation_filepath('ledger.directory')").fetchone()[0]
    logs = capfd.readouterr()
    places = {
        **tables(server.admin_dsn),
        **exports(http),
        **dump(server),
        **files(server.data_dir),
        "log": (logs.out + logs.err).encode(),
        **refusals,
        **files(system.settings.people),
    }
    assert hits(places, CANARIES) == []
    # The control: each kind of place is one where something can be found.
    found = hits(places, [CONTROL])
    for kind in (
        "table ledger_event, bytes",
        "table view_unit",
        "pg_dump",
        "log",
        f"/v1/pairs/{PAIR}/history",
    ):
        assert kind in found, (kind, found)
    for kind in ("/v1/audit/bundle", f"/v1/pairs/{PAIR}/units", "/v1/events/batch", "file postgres/base"):
        assert any(each.startswith(kind) for each in found), (kind, found)
    # Not even the ciphertext is in the table's file, where the other person's row still is.
    content = (server.data_dir / "postgres" / relation).read_bytes()
    assert sealed not in content
    assert _sealed(server, "dep2") in content
    assert http.get("dep2", "/v1/me/contact").json()["note"] == "留下的人"
    assert acts(system, "dep")[-1] == ("console", "erased")
    for pair in (PAIR, OTHER):
        end = system.ledger.head(pair)
        assert audit.verify(system.ledger.entries(pair), tenant=pair, end=end).ok
    restored(server, old, tmp_path, sealed)


def misuse(http: Client) -> dict[str, bytes]:
    """Offer contact data where they are refused; what is answered must not repeat them. Returns: the answers."""
    head = {"Content-Type": "application/json"}
    answers = {
        "a wrong field": put(http, "dep", {**CONTACT, "mobile": TELEPHONE}),
        "a wrong kind": put(http, "dep", {"telephone": [TELEPHONE, EMAIL], "note": {"a": NOTE}}),
        "a wrong form": put(http, "dep", {"telephone": f"{TELEPHONE}x", "email": f"{EMAIL} {NOTE}"}),
        "no JSON": http.client.put(
            "/v1/me/contact",
            headers={**http.become("dep"), **head},
            content=f'{{"telephone": "{TELEPHONE}", {EMAIL}'.encode(),
        ),
        "a fact's text": http.post(
            "admin",
            f"/v1/pairs/{PAIR}/units",
            {"on": "2025-01-06", "name": f"{NOTE} {TELEPHONE}", "side": "x"},
        ),
    }
    for what, answer in answers.items():
        assert answer.status_code in {400, 422}, (what, answer.text)
    return {f"answer to {what}": answer.content for what, answer in answers.items()}


def _sealed(server: embedded.Server, person: str) -> bytes:
    with psycopg.connect(server.admin_dsn) as admin:
        found = admin.execute("SELECT sealed FROM ledger.directory WHERE person_id = %s", [person]).fetchone()
    return bytes(found[0])


def restored(server: embedded.Server, old: bytes, tmp_path: Path, sealed: bytes) -> None:
    """An old backup brings the ciphertext back and nothing that opens it, and erasing again removes it."""
    admin = server.dsn(user=embedded.ADMIN, password=server.admin_password, database="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored TEMPLATE template0")
    dsn = server.dsn(user=embedded.ADMIN, password=server.admin_password, database="restored")
    environment = {**os.environ, "PGOPTIONS": "-c session_replication_role=replica"}
    subprocess.run(
        [server.bin / "psql", "--quiet", "-v", "ON_ERROR_STOP=1", dsn],
        input=old,
        capture_output=True,
        check=True,
        env=environment,
    )
    app = server.dsn(user=embedded.APP, password=server.app_password, database="restored")
    migrate.secure(dsn)
    assert sealed.hex().encode() in tables(dsn)["table directory"]
    with databases.Database(app) as db:
        again = directory.PostgresDirectory(db, people_keys.PeopleKeys(tmp_path / "data-people"))
        assert again.show("dep", reader="dep") is None
        assert again.show("dep2", reader="dep2") == Contact(note="留下的人")
        assert again.erase("dep", actor="console") is True
    assert sealed.hex().encode() not in tables(dsn)["table directory"]
