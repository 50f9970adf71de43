"""Long lawful histories, and on every state they reach a completely arbitrary command.

Whatever is asked of whatever state, the answer is facts or one of the refusals that the doors know. What the
ledger's bytes fold to is what was decided; what the views hold is what the dossier says; and no way leads
around a gate.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from application import commands, handlers, views
from application import dossier as dossiers
from application.dossier import Dossier
from application.ports import Row
from domain import access, catalogue, corrections, decisions, meetings, minutes, refusals, suggestions, topics
from domain.chain import Head
from tests import arbitrary, memory
from tests import builders as b
from tests.properties import histories, invariants, rules, topic_ways, yearly

HISTORIES = 48
STEPS = 420
EXPECTED = (refusals.Refusal, commands.VersionRequired, commands.VersionConflict, commands.UnknownPair)
STATUSES: dict[str, type[StrEnum]] = {
    "topic": topics.Status,
    "proposal": suggestions.Status,
    "meeting": meetings.Status,
    "minutes": minutes.Status,
    "decision": decisions.Status,
    "correction": corrections.Status,
}
WORLDS = (b.COUNTY, b.COUNTY, b.COUNTY, b.ZONE, b.TOWN, b.INDUSTRY, b.CITY)
NUMBERS = ("运政办发〔2024〕7号", "芮政办纪〔2025〕1号")
ROLES = (*b.POSTS, b.BOTH, "ADMIN", "CLOCK", "stranger")


@dataclass
class Coverage:
    """What all histories together have reached."""

    facts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    def note(self, after: Dossier, facts: handlers.Facts) -> None:
        for stream, fact in facts:
            self.facts[type(fact).topic] += 1
            kind = stream.partition(":")[0]
            if kind in STATUSES:
                self.statuses[kind, after.state(stream).status] += 1

    def missing(self) -> list[str]:
        """List the facts and statuses that nothing reached."""
        # A blank subject is where every one of its kind begins; no fact leads back to it.
        wanted = {(kind, each) for kind, known in STATUSES.items() for each in known if each != "unborn"}
        never = [f"{kind} {status}" for kind, status in sorted(wanted - set(self.statuses))]
        return [*never, *sorted(set(catalogue.FACTS) - set(self.facts))]


class History:
    """One pair, decided live, folded again from bytes, and shown in views, all at once."""

    def __init__(self, coverage: Coverage, world: int, boldness: float = 0.08) -> None:
        division = WORLDS[world % len(WORLDS)]
        if division is not b.COUNTY:
            b.DIVISIONS[division.code] = division
        self.coverage = coverage
        self.live = Dossier(tenant=division.code)
        self.folded = Dossier(tenant=division.code)
        self.rows: dict[tuple[str, str], Row] = {}
        self.told: handlers.Facts = []
        self.walk = histories.Walk(self.live, histories.START, random.Random(world), boldness)
        for proposal in histories.setting(division):
            assert self.attempt(proposal.role, proposal.command, proposal.subject)

    def decide(self, role: str, command: b.Command, subject: str, seen: int | None) -> handlers.Facts:
        request = commands.Request(
            tenant=self.live.tenant,
            command=command,
            subject=subject or self.live.tenant,
            caller=commands.Caller(person=role, administrator=role == "ADMIN", clock=role == "CLOCK"),
            key="key",
            seen=seen,
        )
        beyond = handlers.HANDLERS[type(command)].look(command, self.live.tenant, self)
        return commands.decide(self.live, request, today=self.walk.today, beyond=beyond)

    working_days = b.DAYS

    def division(self, code: str) -> b.pairs.Division | None:
        return b.DIVISIONS.get(code)

    def dossier_of(self, tenant: str) -> Dossier:
        return topic_ways.below(tenant) or rules.beside(yearly.neighbour(tenant), self.walk.today)

    def attempt(self, role: str, command: b.Command, subject: str) -> bool:
        """Try an act as its sender would, on the version that stands. Returns: whether it was accepted."""
        stream = handlers.HANDLERS[type(command)].stream(subject)
        self.walk.today = max(self.walk.today, command.on)
        try:
            facts = self.decide(role, command, subject, self.live.version(stream) or None)
        except EXPECTED as refusal:
            self.coverage.answers[type(refusal).__name__] += 1
            return False
        self.take(facts)
        return True

    def take(self, facts: handlers.Facts) -> None:
        before, after = self.live, dossiers.evolve(self.live, facts)
        invariants.check(before, after, facts)
        read = []
        for stream, fact in facts:
            assert fact.on <= self.walk.today
            kept = catalogue.encode(fact)
            again = catalogue.decode(type(fact).topic, kept)
            assert catalogue.encode(again) == kept
            read.append((stream, again))
        self.folded = dossiers.evolve(self.folded, read)
        for stream, _ in facts:
            assert self.folded.subjects[stream] == after.subjects[stream]
        for row in views.changed(before, after, {stream for stream, _ in facts}):
            self.rows[row.view, row.id] = row
        self.live = self.walk.dossier = after
        if any(stream.partition(":")[0] in {dossiers.PAIR_STREAM, "unit"} for stream, _ in facts):
            # Rows of other subjects repeat what the pair and its units are called; a later act would hide that one was forgotten.
            self.compare_rows()
        self.told += facts
        self.coverage.note(after, facts)

    def step(self, number: int) -> None:
        """Go on by one plausible act, then try one arbitrary one."""
        dice = self.walk.dice = random.Random(number)
        self.walk.today += histories.timedelta(days=dice.choice((0, 0, 0, 0, 1)))
        proposal = self.walk.next()
        self.attempt(proposal.role, proposal.command, proposal.subject)
        self.provoke(dice)

    def provoke(self, dice: random.Random) -> None:
        """Send anything at all, as anybody, to anything; whatever is accepted must keep every promise."""
        kind = dice.choice(access.TABLE).command
        command = arbitrary.command(kind, dice, self.pool())
        kin = [each for each in self.live.subjects if each.partition(":")[0] == handlers.HANDLERS[kind].kind]
        ids = [stream.partition(":")[2] for stream in kin] if dice.random() < 0.8 else self.ids()
        subject = dice.choice([*ids, "new"] if ids else ["government", "union", "new", "", "a:b"])
        names = handlers.HANDLERS[kind].names
        subject = names(command) if names is not None and dice.random() < 0.9 else subject
        stream = handlers.HANDLERS[kind].stream(subject or self.live.tenant)
        seen = dice.choice((self.live.version(stream) or None,) * 8 + (None, 1))
        try:
            facts = self.decide(self.anybody(kind, dice), command, subject, seen)
        except EXPECTED as refusal:
            self.coverage.answers[type(refusal).__name__] += 1
            return
        self.coverage.answers["accepted"] += 1
        after = dossiers.evolve(self.live, facts)
        invariants.check(self.live, after, facts)
        views.changed(self.live, after, {stream for stream, _ in facts})

    def anybody(self, kind: type[b.Command], dice: random.Random) -> str:
        """Choose who sends it: half the time somebody who may, so that the rules behind the table are met."""
        able = access.BY_COMMAND[kind].capacities
        may = [role for role, (_, capacity, _) in b.POSTS.items() if capacity in able]
        return dice.choice(may) if may and dice.random() < 0.7 else dice.choice(ROLES)

    def ids(self) -> list[str]:
        return [stream.partition(":")[2] for stream in self.live.subjects]

    def pool(self) -> arbitrary.Pool:
        hashes = [each.content_hash for each in self.live.topics]
        hashes += [each.report.report_hash for each in self.live.topics if each.report]
        hashes += [each.content_hash for each in self.live.minutes]
        hashes += [
            known.consents(what).content_hash for known in self.live.meetings for what in meetings.Subject
        ]
        hashes.append(self.live.pair.history_hash)
        codes = [each for each in (*self.ids(), *hashes) if each]
        return arbitrary.Pool(codes=codes, texts=NUMBERS, around=self.walk.today)

    def compare_rows(self) -> None:
        assert self.rows == {(row.view, row.id): row for row in views.all_rows(self.live)}

    def end(self) -> None:
        """Compare at the end what was kept on the way with what the whole ledger gives."""
        assert self.folded == self.live
        self.compare_rows()
        ledger = memory.MemoryLedger()
        empty = Dossier(tenant=self.live.tenant)
        with ledger.session(empty.tenant, command_id="all", after=Head()) as session:
            made = dossiers.drafts(empty, self.told)
            session.append(made, actor="x", request_hash=b"", answer={}, rows=())
        refolded = dossiers.advance(empty, ledger.entries(empty.tenant))
        assert refolded.subjects == self.live.subjects


def test_r093_every_lawful_history_keeps_every_promise():
    """Facts or a refusal on every state; bytes, views and gates agree; and nothing of the catalogue is dead."""
    coverage = Coverage()

    @settings(
        max_examples=HISTORIES,
        derandomize=True,
        database=None,
        deadline=None,
        # A history is told by its seed; a smaller seed is no shorter history, so there is nothing to shrink.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        world=st.integers(0, len(WORLDS) - 1),
        seed=st.integers(0, 2**32 - 1),
        boldness=st.sampled_from((0.0, 0.1, 0.6)),
    )
    def run(world: int, seed: int, boldness: float) -> None:
        history = History(coverage, world, boldness)
        numbers = random.Random(seed)
        for step in range(STEPS):
            try:
                history.step(numbers.randrange(2**32))
            except BaseException:
                note(f"at step {step}, after {[type(fact).topic for _, fact in history.told[-5:]]}")
                raise
        history.end()

    run()
    assert coverage.missing() == []
    # Some arbitrary commands must be accepted, or they would prove nothing but refusals.
    assert coverage.answers["accepted"] > 0
