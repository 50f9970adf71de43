"""The attacks: what somebody does who is the superuser of the database, with the triggers off."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from application import rebuilding
from application.dossier import Dossier
from domain import chain
from tests.sweep import checks
from tests.sweep.stage import BACKUP, NOW, Copy, Stage, record

Change = Callable[[Copy], None]
EVIDENCE = frozenset({checks.CHECKPOINT, checks.WITNESS})


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One change of one class. ``must`` find it each of these checks; ``cannot`` each of those: they are the controls.

    One whose ``must`` is empty is known not to be found: it is tried to say so, and to notice should that change.
    """

    kind: str
    name: str
    change: Change
    of: str = NOW
    must: frozenset[str] = frozenset()
    cannot: frozenset[str] = frozenset()


def everything(stage: Stage, *, short: bool) -> Iterator[Attack]:
    """List every attack; in short, one or two of each class."""
    pair = stage.pairs[0]
    yield from _controls()
    yield from _single_entries(stage, pair, short=short)
    yield from _rewritten(stage, pair, short=short)
    yield from _backups(stage)
    yield from _whole_pairs(stage)
    yield from _views(pair)
    yield from _heads_and_commands(pair)
    yield from _checkpoints(pair)
    yield from _ddl()


def _controls() -> Iterator[Attack]:
    nothing = frozenset(checks.CHECKS)
    yield Attack(kind="control", name="untouched", change=lambda _: None, cannot=nothing)
    yield Attack(kind="control", name="one fact more", change=_one_more, cannot=nothing)


def _one_more(copy: Copy) -> None:
    """Append lawfully and seal: what is new must not be taken for tampering."""
    _gone_on(copy)
    assert copy.city.sealer.seal(copy.stage.pairs).ok


def _sql(*statements: str) -> Change:
    def change(copy: Copy) -> None:
        with copy.superuser() as connection:
            for statement in statements:
                changed = connection.execute(statement).rowcount
                assert changed > 0, f"nothing was attacked: {statement}"

    return change


def _single_entries(stage: Stage, pair: str, *, short: bool) -> Iterator[Attack]:
    sealed, head = stage.sealed[pair], stage.heads[pair]
    where = f"tenant_id = '{pair}' AND position"
    places = (1, sealed) if short else range(1, head + 1)
    for place in places:
        yield Attack(
            kind="delete",
            name=f"the entry {place}",
            change=_sql(f"DELETE FROM ledger.ledger_event WHERE {where} = {place}"),
            must=frozenset({checks.CHAIN, checks.CHECKPOINT}),
        )
        yield Attack(
            kind="insert",
            name=f"a copy of {place} at the end",
            change=_sql(_copied(pair, place, head + 1)),
            must=frozenset({checks.CHAIN}),
        )
    for place in (2,) if short else range(2, head + 1):
        yield Attack(
            kind="insert",
            name=f"a copy before {place}",
            change=_sql(*_moved(pair, place), _copied(pair, place - 1, place)),
            must=frozenset({checks.CHAIN, checks.CHECKPOINT}),
        )
        yield Attack(
            kind="swap",
            name=f"{place - 1} and {place}",
            change=_sql(*_swapped(pair, place - 1, place)),
            must=frozenset({checks.CHAIN, checks.CHECKPOINT}),
        )
    for keep in (sealed - 1,) if short else range(head):
        yield Attack(
            kind="truncate",
            name=f"after {keep}",
            change=_sql(f"DELETE FROM ledger.ledger_event WHERE {where} > {keep}"),
            must=frozenset({checks.CHAIN, checks.CHECKPOINT}),
        )


def _copied(pair: str, place: int, to: int) -> str:
    return (
        "INSERT INTO ledger.ledger_event SELECT tenant_id, "
        f"{to}, originator_id || '/copy', originator_version, topic, state, state_hash, actor, command_id, "
        f"recorded_at, prev_hash, hash FROM ledger.ledger_event WHERE tenant_id = '{pair}' AND position = {place}"
    )


def _moved(pair: str, place: int) -> tuple[str, ...]:
    where = f"tenant_id = '{pair}' AND position"
    return (
        f"UPDATE ledger.ledger_event SET position = -position - 1 WHERE {where} >= {place}",
        f"UPDATE ledger.ledger_event SET position = -position WHERE {where} < 0",
        f"UPDATE ledger.ledger_head SET position = position + 1 WHERE tenant_id = '{pair}'",
    )


def _swapped(pair: str, one: int, other: int) -> tuple[str, ...]:
    update = f"UPDATE ledger.ledger_event SET position = {{}} WHERE tenant_id = '{pair}' AND position = {{}}"
    return update.format(-1, one), update.format(one, other), update.format(other, -1)


def _rewritten(stage: Stage, pair: str, *, short: bool) -> Iterator[Attack]:
    """The chain made whole again after the change, and head, commands' records and views made to match."""
    sealed, head = stage.sealed[pair], stage.heads[pair]
    blind = frozenset({checks.CHAIN, checks.REPLAY, checks.SELFCHECK})
    for place in (sealed, head) if short else range(1, head + 1):
        inside = place <= sealed
        yield Attack(
            kind="full re-hash" if inside else "full re-hash of what is not sealed yet",
            name=f"from {place} on",
            change=lambda copy, place=place: _rehash(copy, pair, place),
            must=EVIDENCE if inside else frozenset(),
            cannot=blind if inside else blind | EVIDENCE,
        )
    for keep in (1, head - 1) if short else range(1, head):
        inside = keep < sealed
        yield Attack(
            kind="truncate and fit" if inside else "truncate and fit what is not sealed yet",
            name=f"after {keep}",
            change=lambda copy, keep=keep: _cut(copy, pair, keep),
            must=EVIDENCE if inside else frozenset(),
            cannot=blind if inside else blind | EVIDENCE,
        )
    for kind, spare in (
        ("full re-hash without any checkpoint", True),
        ("full re-hash by who has the key", False),
    ):
        yield Attack(
            kind=kind,
            name="from 1 on",
            change=lambda copy, spare=spare: _rehash_and_forget(copy, pair, key_too=spare),
            must=frozenset({checks.WITNESS}),
            cannot=blind | {checks.CHECKPOINT},
        )


def _rehash(copy: Copy, pair: str, place: int) -> None:
    with copy.superuser() as connection:
        _change_fact(connection, pair, place)
        _link_anew(connection, pair, place)
    _fit_views(copy, pair)


def _change_fact(connection: psycopg.Connection, pair: str, place: int) -> None:
    where = "WHERE tenant_id = %s AND position = %s"
    found = connection.execute(f"SELECT state FROM ledger.ledger_event {where}", (pair, place)).fetchone()
    assert found is not None
    fact = json.loads(found[0])
    fact["by"]["authority"] += "（改）"
    state = chain.canonical(fact)
    connection.execute(
        f"UPDATE ledger.ledger_event SET state = %s, state_hash = %s {where}",
        (state, chain.state_hash(state), pair, place),
    )


def _link_anew(connection: psycopg.Connection, pair: str, place: int) -> None:
    last = connection.execute(
        "SELECT hash FROM ledger.ledger_event WHERE tenant_id = %s AND position = %s", (pair, place - 1)
    ).fetchone()
    before, previous = (last[0] if last else chain.GENESIS), chain.GENESIS
    rows = connection.execute(
        "SELECT position FROM ledger.ledger_event WHERE tenant_id = %s AND position >= %s ORDER BY position",
        (pair, place),
    ).fetchall()
    for (position,) in rows:
        previous = before
        found = connection.execute(
            """
            UPDATE ledger.ledger_event e SET prev_hash = %(before)s, hash = ledger.ledger_link(
                e.tenant_id, e.position, e.originator_id, e.originator_version, e.topic, e.state_hash, e.actor,
                e.command_id, e.recorded_at, %(before)s)
            WHERE tenant_id = %(pair)s AND position = %(position)s RETURNING hash
            """,
            {"before": before, "pair": pair, "position": position},
        ).fetchone()
        assert found is not None
        before = found[0]
    connection.execute(
        "UPDATE ledger.ledger_head SET hash = %s, prev_hash = %s WHERE tenant_id = %s",
        (before, previous, pair),
    )


def _fit_views(copy: Copy, pair: str) -> None:
    copy.city.views.rebuild(pair, lambda entries: rebuilding.fold(pair, entries))


def _cut(copy: Copy, pair: str, keep: int) -> None:
    where = "WHERE tenant_id = %(pair)s AND"
    with copy.superuser() as connection:
        for statement in (
            f"DELETE FROM ledger.ledger_command {where} last_position > %(keep)s",
            f"DELETE FROM ledger.ledger_event {where} position > %(keep)s",
            """
            UPDATE ledger.ledger_head h SET position = e.position, hash = e.hash, prev_hash = e.prev_hash,
                updated_at = e.recorded_at
            FROM ledger.ledger_event e
            WHERE h.tenant_id = %(pair)s AND e.tenant_id = %(pair)s AND e.position = %(keep)s
            """,
        ):
            connection.execute(statement, {"pair": pair, "keep": keep})
    _fit_views(copy, pair)


def _rehash_and_forget(copy: Copy, pair: str, *, key_too: bool) -> None:
    _rehash(copy, pair, 1)
    with copy.superuser() as connection:
        connection.execute("DELETE FROM ledger.ledger_checkpoint")
        connection.execute("DELETE FROM ledger.ledger_sealed")
    for path in copy.city.vault.folder.iterdir():
        if key_too or path.suffix.startswith(".json"):
            path.unlink()


def _backups(stage: Stage) -> Iterator[Attack]:
    yield Attack(kind="old backup", name="as it was", of=BACKUP, change=lambda _: None, must=EVIDENCE)
    yield Attack(kind="old backup", name="and gone on from", of=BACKUP, change=_gone_on, must=EVIDENCE)
    yield Attack(
        kind="old backup with the seal directory",
        name="as it was",
        of=BACKUP,
        change=lambda copy: _old_seals(copy, stage),
        must=frozenset({checks.WITNESS}),
        cannot=frozenset({checks.CHECKPOINT}),
    )


def _gone_on(copy: Copy) -> None:
    for make in copy.stage.scenes:
        scene = make()
        pair = scene.dossier.tenant
        known = Dossier(tenant=pair)
        known = rebuilding.dossiers.advance(known, list(copy.city.ledger.entries(pair)))
        record(copy.city.ledger, scene, known, until=len(scene.history))


def _old_seals(copy: Copy, stage: Stage) -> None:
    shutil.rmtree(copy.city.vault.folder)
    shutil.copytree(stage.folder / "seals-backup", copy.city.vault.folder)


def _whole_pairs(stage: Stage) -> Iterator[Attack]:
    mandatory = {each.code for each in checks.DIVISIONS if each.mandatory}
    for pair in stage.pairs:
        chain_too = {checks.CHAIN, checks.REPLAY} if pair in mandatory else set[str]()
        yield Attack(
            kind="a whole pair deleted",
            name=f"{pair}, {'mandatory' if chain_too else 'voluntary'}",
            change=lambda copy, pair=pair: _without(copy, pair),
            must=EVIDENCE | chain_too,
        )


def _without(copy: Copy, pair: str) -> None:
    with copy.superuser() as connection:
        tables = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' "
            "WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'r'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"DELETE FROM ledger.{table} WHERE tenant_id = %s", (pair,))


def _views(pair: str) -> Iterator[Attack]:
    must = frozenset({checks.REPLAY})
    row = (
        f"(tenant_id, id) = (SELECT tenant_id, id FROM ledger.view_topic WHERE tenant_id = '{pair}' LIMIT 1)"
    )
    for name, statement in (
        ("body", f'UPDATE ledger.view_topic SET body = body || \'{{"title": "改"}}\' WHERE {row}'),
        ("version", f"UPDATE ledger.view_topic SET version = version + 1 WHERE {row}"),
        ("position", f"UPDATE ledger.view_topic SET position = position + 1 WHERE {row}"),
        ("removed", f"DELETE FROM ledger.view_topic WHERE {row}"),
        (
            "added",
            f"INSERT INTO ledger.view_topic SELECT tenant_id, 'x', 1, 1, body FROM ledger.view_topic WHERE {row}",
        ),
        ("moved", f"UPDATE ledger.view_topic SET tenant_id = '149999' WHERE {row}"),
        (
            "tally",
            (
                f"UPDATE ledger.view_tally SET body = body || '{{\"mandatory\": false}}' "
                f"WHERE tenant_id = '{pair}' AND body ->> 'of' = 'pair'"
            ),
        ),
    ):
        yield Attack(kind="view row", name=name, change=_sql(statement), must=must)


def _heads_and_commands(pair: str) -> Iterator[Attack]:
    head = f"UPDATE ledger.ledger_head SET {{}} WHERE tenant_id = '{pair}'"
    one = f"(tenant_id, command_id) = ('{pair}', 'act/3')"
    command = f"UPDATE ledger.ledger_command SET {{}} WHERE {one}"
    both = frozenset({checks.CHAIN, checks.CHECKPOINT})
    for name, change in (
        ("position + 1", "position = position + 1"),
        ("position - 1", "position = position - 1"),
        ("hash", "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"),
    ):
        yield Attack(kind="head", name=name, change=_sql(head.format(change)), must=both)
    for name, statement in (
        ("first position", command.format("first_position = first_position - 1")),
        ("last position", command.format("last_position = last_position + 1")),
        ("command id", command.format("command_id = 'act/x'")),
        ("removed", f"DELETE FROM ledger.ledger_command WHERE {one}"),
        (
            "added",
            (
                f"INSERT INTO ledger.ledger_command SELECT tenant_id, 'x', request_hash, 1, 1, answer "
                f"FROM ledger.ledger_command WHERE {one}"
            ),
        ),
    ):
        yield Attack(kind="command record", name=name, change=_sql(statement), must=both)
    for name, statement in (
        ("a command's request hash", command.format("request_hash = sha256('x')")),
        ("a command's answer", command.format("answer = '{}'")),
        (
            "a record of a command without facts",
            (
                f"INSERT INTO ledger.ledger_command SELECT tenant_id, 'x', request_hash, 2, 1, answer "
                f"FROM ledger.ledger_command WHERE {one}"
            ),
        ),
        ("the head's copy of prev_hash", head.format("prev_hash = sha256('x')")),
        ("the head's updated_at", head.format("updated_at = updated_at + interval '1 hour'")),
    ):
        yield Attack(kind="outside of the chain (known)", name=name, change=_sql(statement))


def _checkpoints(pair: str) -> Iterator[Attack]:
    must = frozenset({checks.CHECKPOINT})
    note, leaf = "ledger.ledger_checkpoint", "ledger.ledger_sealed"
    last = f"tenant_id = '{pair}' AND size = (SELECT max(size) FROM {note} WHERE tenant_id = '{pair}')"
    for name, statement in (
        ("note changed", f"UPDATE {note} SET note = replace(note, '1', '2') WHERE {last}"),
        ("leaf number changed", f"UPDATE {note} SET number = number + 1 WHERE {last}"),
        ("moment changed", f"UPDATE {note} SET at = at - interval '1 day' WHERE {last}"),
        ("the first one removed", f"DELETE FROM {note} WHERE tenant_id = '{pair}' AND NOT ({last})"),
        ("everyone's changed", f"UPDATE {note} SET note = replace(note, '1', '2') WHERE tenant_id = 'all'"),
        ("a leaf changed", f"UPDATE {leaf} SET body = body || 'x' WHERE number = 0"),
        ("a leaf removed", f"DELETE FROM {leaf} WHERE number = 0"),
        ("all removed", f"DELETE FROM {note}"),
    ):
        yield Attack(kind="checkpoint row", name=name, change=_sql(statement), must=must)


def _ddl() -> Iterator[Attack]:
    must = frozenset({checks.SELFCHECK})
    for name, statement in (
        ("trigger dropped", "DROP TRIGGER only_appended ON ledger.ledger_event"),
        ("trigger off", "ALTER TABLE ledger.ledger_checkpoint DISABLE TRIGGER only_appended"),
        ("policy dropped", "DROP POLICY pair ON ledger.ledger_event"),
        ("policy added", "CREATE POLICY open ON ledger.ledger_event USING (true)"),
        ("policy widened", "ALTER POLICY pair ON ledger.view_topic USING (true)"),
        ("row security off", "ALTER TABLE ledger.ledger_event DISABLE ROW LEVEL SECURITY"),
        ("row security not forced", "ALTER TABLE ledger.ledger_checkpoint NO FORCE ROW LEVEL SECURITY"),
        ("right granted", "GRANT UPDATE ON ledger.ledger_checkpoint TO lianxi_app"),
        (
            "fence replaced",
            (
                "CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql "
                "SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NULL; END $$"
            ),
        ),
        ("migration record changed", "UPDATE ledger.migration SET sha256 = 'x' WHERE name LIKE '0001%'"),
    ):
        yield Attack(
            kind="DDL", name=name, change=lambda copy, statement=statement: _plain(copy, statement), must=must
        )


def _plain(copy: Copy, statement: str) -> None:
    """Change the schema, with the fences left as they are."""
    with psycopg.connect(copy.stage.admin(copy.name)) as connection:
        connection.execute(statement)
