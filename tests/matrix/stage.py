"""What is looked at: four pairs with a year or two of business each, on a PostgreSQL of its own, and two that are not.

Own is the county that most actors belong to; the city above it, a zone below it and a county beside it are the others.
Each pair's texts hold a word of its own, which nobody else may ever be told.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
from fastapi import FastAPI
from psycopg.types.json import Jsonb
from pwdlib.hashers.argon2 import Argon2Hasher

from api import examples, main
from application import ids, ports, webhooks
from application.demonstration import cast as casts
from application.demonstration import counties, ruicheng, townships, wenxi
from application.stage import OfficeStage
from domain import (
    contacts,
    corrections,
    delegations,
    leader_reports,
    people,
    practices,
    schemes,
    suggestions,
    supporting_rules,
    topics,
    years,
)
from domain.decider import Capacity, Command, Side
from infrastructure import database, embedded, migrate, passwords, settings

NOW: Final = datetime(2026, 12, 31, 4, tzinfo=UTC)
OWN, PARENT, CHILD, SIBLING = "140830", "140800", "140830402", "140823"
# A division that has no ledger, and a code that is no division's.
UNREGISTERED, UNKNOWN = "140821", "149999"
RELATIONS: Final = {OWN: "own", PARENT: "parent", CHILD: "child", SIBLING: "sibling"}
NOWHERE: Final = (UNREGISTERED, UNKNOWN)
WORDS: Final = {OWN: "鹤鸣九皋", PARENT: "丹凤朝阳", CHILD: "渔舟唱晚", SIBLING: "寒江独钓"}
CITY: Final = casts.county(
    PARENT,
    "运城市",
    prefix="运",
    bureaus=tuple(each for each in wenxi.WENXI.cast.units if each in casts.BUREAUS),
)
SEASONS: Final = {
    SIBLING: wenxi.WENXI,
    CHILD: townships.FENGLINGDU,
    PARENT: dataclasses.replace(wenxi.WENXI, cast=CITY),
}
BEGUN: Final = date(2026, 2, 2)
ENDED: Final = date(2026, 6, 30)
DATABASE, COPY = "lianxi", "built"
WATCHING: Final = "matrix-0123456789-0123456789-0123456789"
TARGET: Final = "https://oa.example.cn/lianxi"


@dataclass(kw_only=True)
class Stage:
    """The running system, and what of each pair can be asked for."""

    server: embedded.Server
    system: main.System
    app: FastAPI
    plays: Mapping[str, OfficeStage]
    casts: Mapping[str, casts.Cast]
    # Ids of subjects, by pair and kind; a first checkpoint's size, by pair.
    subjects: dict[str, dict[str, str]] = field(default_factory=dict)
    sealed: dict[str, int] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def subject(self, pair: str, kind: str) -> str:
        """Give the id of something that a pair has; of one that is not there, what the own pair has."""
        return self.subjects.get(pair, self.subjects[OWN])[kind]

    def person(self, pair: str, role: str) -> str:
        return self.casts[pair].person(role)

    def unit(self, pair: str, side: Side = Side.UNION) -> str:
        """Give a unit of a pair, of those that its offices are in."""
        found = self.system.office.dossier(pair).posts.values()
        capacity = Capacity.UNION_OFFICE if side is Side.UNION else Capacity.GOVERNMENT_OFFICE
        return next(each.unit for each in found if each.capacity is capacity)

    @property
    def admin_dsn(self) -> str:
        return self.server.admin_dsn

    def execute(self, statement: str) -> None:
        """Do something as the superuser that takes no transaction."""
        dsn = self.server.dsn(user=embedded.ADMIN, password=self.server.admin_password, database="postgres")
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # Ours.

    @contextmanager
    def copy(self) -> Iterator[tuple[str, str]]:
        """Give a copy of the database as it was built: the superuser's DSN and the application's."""
        name = f"planted_{next(self.keys)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {COPY} STRATEGY FILE_COPY")
        admin = self.server.dsn(user=embedded.ADMIN, password=self.server.admin_password, database=name)
        try:
            # Rights on the database itself are not cloned with it.
            migrate.secure(admin)
            yield admin, self.server.dsn(user=embedded.APP, password=self.server.app_password, database=name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def fresh_key(self) -> str:
        return f"matrix-{next(self.keys):07d}"


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Start a server in a folder, build the stage on it, and keep a copy of its database for plants."""
    folder.chmod(0o711)
    with embedded.server(folder / "server", durable=False, options={"max_connections": "60"}) as server:
        migrate.migrate(server.admin_dsn, app_password=server.app_password)
        with opened(server.app_dsn, folder) as system:
            stage = Stage(
                server=server,
                system=system,
                app=main.create_app(system),
                plays={pair: _play(system, pair) for pair in (OWN, PARENT, CHILD, SIBLING)},
                casts={OWN: ruicheng.CAST, **{pair: season.cast for pair, season in SEASONS.items()}},
            )
            _build(stage)
        stage.execute(f"CREATE DATABASE {COPY} TEMPLATE {DATABASE} STRATEGY FILE_COPY")
        with opened(server.app_dsn, folder) as system:
            yield dataclasses.replace(stage, system=system, app=main.create_app(system))


@contextmanager
def opened(dsn: str, folder: Path, *, limits: database.Limits | None = None) -> Iterator[main.System]:
    """Open the system over a database, on the last day of 2026 and with passwords that cost next to nothing."""
    cheap = passwords.Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    unhurried = {f"rate_{each}": 0 for each in ("person", "address", "anonymous", "login")}
    chosen = settings.Settings(
        dsn=dsn, data_dir=folder / "data", webhook_targets="*.example.cn", metrics_token=WATCHING, **unhurried
    )
    with database.Database(dsn, limits=limits) as db:
        system = main.assemble(db, chosen, clock=lambda: NOW, passwords=cheap)
        system.office._today = lambda _: NOW.date()
        yield system


def _play(system: main.System, pair: str) -> OfficeStage:
    cast = ruicheng.CAST if pair == OWN else SEASONS[pair].cast
    played = OfficeStage(system.office, pair, people=cast.people(), new_id=ids.new_id)
    if pair == OWN:
        ruicheng.play(played, NOW.date())
    else:
        counties.play(played, SEASONS[pair], NOW.date())
    return played


def _build(stage: Stage) -> None:
    known = tuple(stage.plays)
    assert stage.system.sealer.seal(known).ok
    for pair in known:
        stage.sealed[pair] = stage.system.ledger.head(pair).position
    for pair in known:
        _enrich(stage, pair)
        send_out(stage, pair)
        served = stage.person(pair, "served")
        stage.system.directory.set(served, contacts.Contact(note=WORDS[pair]), actor=served)
    assert stage.system.sealer.seal(known).ok
    _fill_up(stage)
    for pair in known:
        stage.subjects[pair] |= _subjects(stage, pair)


def example(command: type[Command], **said: Any) -> Command:
    """Give a command's example with some of it said otherwise."""
    return command.model_validate({**examples.EXAMPLES[command], "on": NOW.date().isoformat(), **said})


def _enrich(stage: Stage, pair: str) -> None:
    """Record what the demonstration does not, each text with the word that is this pair's own."""
    play, word, today = stage.plays[pair], WORDS[pair], NOW.date()
    known = stage.system.office.dossier(pair)
    posts = {each.person: each for each in known.posts.values()}
    roles = ("go", "gl", "leader", "up")
    office, leader, deputy, principal = (posts[stage.person(pair, role)] for role in roles)
    lent = delegations.RecordDelegation(
        on=today,
        from_post=leader.id,
        to_post=deputy.id,
        matters=("topics",),
        valid_from=today,
        valid_until=date(2027, 6, 30),
        number="〔2026〕9号",
        reason=f"出国访问（{word}）",
    )
    play.act("go", lent)
    unit = play.act("admin", people.RegisterUnit(on=BEGUN, name=f"{word}办公室", side=Side.GOVERNMENT))
    for role, until in (("ended", ENDED), ("foreign", None), ("served", None)):
        post = people.AppointToPost(
            on=BEGUN,
            person=stage.person(pair, role),
            title=f"{word}科员",
            capacity=Capacity.GOVERNMENT_OFFICE if until else Capacity.DEPARTMENT,
            unit=office.unit if until else unit,
            valid_from=BEGUN,
        )
        made = play.act("admin", post)
        if until is not None:
            play.act("admin", people.EndPost(on=until, last_day=until, reason="调任"), subject=made)
    play.act(
        "uo", practices.RecordPractice(on=today, title=f"{word}工作法", text=f"{word}：三张清单，逐项销号。")
    )
    said = {"to": [office.unit], "title": f"{word}站点", "text": f"建议设立{word}休息站点十二处。"}
    play.act("uo", example(suggestions.RecordProposal, **said))
    content = {**examples.CONTENT, "title": f"{word}课题", "summary": f"{word}：研究户外劳动者歇脚避暑。"}
    play.act("uo", example(topics.ProposeTopic, unit=stage.unit(pair), content=content))
    play.act("uo", example(supporting_rules.RegisterSupportingRule, title=f"{word}征集办法"))
    plan = example(years.RecordPlanInclusion, title=f"{word}工作安排", reason="更正文号")
    play.act("go", plan, subject="2026")
    decision = next(each for each in known.decisions)
    reported = {
        "recipients": [leader.id, principal.id],
        "decisions": [decision.id],
        "text": f"{word}：已按期办理。",
    }
    play.act("sup_g", example(leader_reports.ReportToLeaders, **reported))
    issued = {each.id for each in known.of("minutes") if each.issued_on is not None}
    first = next((each for each in known.decisions if each.meeting in issued and each.open), None)
    if first is not None:
        clauses = [{"decision": first.id, "text": f"{word}：组织体检一千二百五十人。"}]
        said = {"minutes": first.meeting, "subject": f"{word}人数", "clauses": clauses}
        play.act("go", example(corrections.DraftCorrection, **said))
    play.act("uo", example(schemes.FixScheme, title=f"{word}方案"), subject="2026")


def send_out(stage: Stage, pair: str) -> None:
    """Register a webhook of a pair, whatever became of the one before."""
    key = ids.id_of(pair, stage.person(pair, "go"), stage.fresh_key())
    made = webhooks.Webhook(
        tenant=pair,
        id=key,
        reach=None,
        url=TARGET,
        label=f"{WORDS[pair]}推送",
        sponsor=stage.person(pair, "go"),
        generation=1,
        key_id=webhooks.key_id(stage.system.outlet.key()),
        rotated_at=NOW,
        created_at=NOW,
        ended_at=None,
        request_hash=hashlib.sha256(b"matrix").digest(),
    )
    begin = {pair: stage.system.ledger.head(pair)}
    stage.system.webhooks.register(made, begin=begin, actor=made.sponsor)
    stage.subjects.setdefault(pair, {})["webhook"] = key


def _fill_up(stage: Stage) -> None:
    """Give every pair a row of every view: what its business has not led to is taken from one that has it."""
    with psycopg.connect(stage.admin_dsn) as connection:
        for view in ports.VIEWS:
            rows = {pair: stage.system.views.rows(pair, view, limit=1).rows for pair in stage.plays}
            given = next((found[0] for found in rows.values() if found), None)
            for pair, found in rows.items():
                if found or view in {"standards", "rulebook", "tally"}:
                    continue
                body = dict(given.body) if given else {"id": "r1"}
                connection.execute(
                    f"INSERT INTO ledger.view_{view} (tenant_id, id, version, position, body)"
                    " VALUES (%s, %s, 1, 1, %s)",
                    (pair, given.id if given else "r1", Jsonb(body)),
                )


def _subjects(stage: Stage, pair: str) -> dict[str, str]:
    views = stage.system.views
    found = {}
    for view in ports.VIEWS:
        rows = views.rows(pair, view, limit=200).rows
        if rows:
            found[view] = rows[0].id
    # Meetings whose minutes were issued have everything that can be asked of a meeting.
    found["meeting"] = found["minutes"]
    found["office"] = stage.unit(pair)
    return found
