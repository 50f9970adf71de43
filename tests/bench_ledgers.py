"""Fill a database with many pairs' ledgers at once: copies of played histories, linked anew and copied into the tables.

This goes past ``ledger_append`` as a superuser, because a million appends would take minutes; what it writes is what the
appends would have written, and a replay of it finds no fault and no difference.
"""

import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from application import dossier as dossiers
from application import ports, views
from application.dossier import Dossier
from domain import catalogue, chain
from domain.chain import Entry, Head
from tests.bench_histories import Template

Made: TypeAlias = tuple[str, str, int, int, str]
EVENTS = (
    "tenant_id",
    "position",
    "originator_id",
    "originator_version",
    "topic",
    "state",
    "state_hash",
    "actor",
    "command_id",
    "recorded_at",
    "prev_hash",
    "hash",
)


def copies(template: Template, tenant: str) -> Iterator[Entry]:
    """Give a history's entries as another pair's, its code in place of the template's, each linked to the last."""
    head = Head()
    for entry in template.entries:
        state = entry.state.replace(template.code.encode(), tenant.encode())
        unlinked = replace(
            entry,
            tenant=tenant,
            stream=entry.stream.replace(template.code, tenant),
            state=state,
            state_hash=hashlib.sha256(state).digest(),
            actor=entry.actor.replace(template.code, tenant),
            prev_hash=head.hash,
        )
        linked = replace(unlinked, hash=chain.link(unlinked))
        head = Head(position=linked.position, hash=linked.hash)
        yield linked


def rows(dossier: Dossier) -> list[Made]:
    """Give all rows of a pair: view, id, version, position and the body's JSON."""
    return [
        (row.view, row.id, row.version, row.position, json.dumps(row.body, ensure_ascii=False))
        for row in views.all_rows(dossier)
    ]


def _own(folded: Dossier, template: Template, tenant: str) -> list[Made]:
    """Give the rows of the pair itself: they show a hash over its own code, which no replacement makes."""
    own = [each for each in copies(template, tenant) if each.stream == dossiers.PAIR_STREAM]
    facts = [(each.stream, catalogue.decode(each.topic, each.state)) for each in own]
    known = folded.subjects[dossiers.PAIR_STREAM]
    alone = dossiers.evolve(Dossier(tenant=tenant), facts).subjects[dossiers.PAIR_STREAM]
    subject = replace(alone, position=known.position)
    return rows(Dossier(tenant=tenant, subjects={dossiers.PAIR_STREAM: subject}))


def fill(admin_dsn: str, chosen: Sequence[Template], tenants: Sequence[str]) -> int:
    """Give the pairs copies of the templates, in turn, with their views. Returns: how many facts there are now."""
    written = 0
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        folded = {
            template.code: dossiers.advance(Dossier(tenant=template.code), template.entries)
            for template in chosen
        }
        made = {code: rows(dossier) for code, dossier in folded.items()}
        for tenant, template in zip(tenants, itertools.cycle(chosen), strict=False):
            entries = list(copies(template, tenant))
            written += len(entries)
            _copy(connection, "ledger_event", EVENTS, [_columns(each) for each in entries])
            _copy(connection, "ledger_command", COMMANDS, _commands(tenant, entries))
            last = entries[-1]
            head = (tenant, last.position, last.prev_hash, last.hash, last.recorded_at)
            _copy(
                connection,
                "ledger_head",
                ("tenant_id", "position", "prev_hash", "hash", "updated_at"),
                [head],
            )
            _fill_views(
                connection,
                tenant,
                template.code,
                made[template.code],
                _own(folded[template.code], template, tenant),
            )
        connection.execute("VACUUM ANALYZE")
    return written


COMMANDS = ("tenant_id", "command_id", "request_hash", "first_position", "last_position", "answer")
VIEW = ("tenant_id", "id", "version", "position", "body")


def _columns(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.tenant,
        entry.position,
        entry.stream,
        entry.version,
        entry.topic,
        entry.state,
        entry.state_hash,
        entry.actor,
        entry.command_id,
        entry.recorded_at,
        entry.prev_hash,
        entry.hash,
    )


def _commands(tenant: str, entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    together = [
        (command, [each.position for each in group])
        for command, group in itertools.groupby(entries, key=lambda each: each.command_id)
    ]
    return [
        (tenant, command, bytes(32), positions[0], positions[-1], "{}") for command, positions in together
    ]


def _fill_views(
    connection: psycopg.Connection[Any], tenant: str, code: str, made: Sequence[Made], own: Sequence[Made]
) -> None:
    alone = {(view, key) for view, key, *_ in own}
    listed = [
        (view, key.replace(code, tenant), version, position, body.replace(code, tenant))
        for view, key, version, position, body in made
    ]
    by_view: dict[str, list[tuple[Any, ...]]] = {view: [] for view in ports.VIEWS}
    for view, *row in (*own, *(each for each in listed if each[:2] not in alone)):
        by_view[view].append((tenant, *row))
    for view, found in by_view.items():
        if found:
            _copy(connection, f"view_{view}", VIEW, found)


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    statement = sql.SQL("COPY ledger.{} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
