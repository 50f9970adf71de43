"""The audit: what was tampered with is found, where it is; what was can be seen again."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from application import audit
from application import dossier as dossiers
from application.dossier import Dossier
from application.ports import Row
from domain import chain
from domain.chain import Head
from tests.application.ledgers import late_city, model_county, record
from tests.memory import MemoryLedger

PAIR, CITY = "140830", "140800"
POSITION = 20


@pytest.fixture
def ledger() -> MemoryLedger:
    ledger = MemoryLedger()
    record(ledger, model_county())
    record(ledger, late_city())
    return ledger


def relinked(entries):
    """Link entries anew from the first changed one on, as somebody who knows the algorithm would."""
    head, made = Head(), []
    for entry in entries:
        linked = replace(entry, prev_hash=head.hash)
        linked = replace(linked, hash=chain.link(linked))
        made.append(linked)
        head = Head(position=linked.position, hash=linked.hash)
    return made


# --- history -------------------------------------------------------------------------------------------------


def test_r093_history_shows_everything_the_ledger_keeps_of_a_fact(ledger):
    entry = ledger.pairs[PAIR].entries[POSITION]
    line = audit.line(entry)
    assert line.payload == json.loads(entry.state)
    assert (line.state_hash, line.prev_hash, line.hash) == (
        entry.state_hash.hex(),
        entry.prev_hash.hex(),
        entry.hash.hex(),
    )
    assert line.on.isoformat() == line.payload["on"]
    assert line.by.title == line.payload["by"]["title"]
    assert (line.position, line.stream, line.version, line.actor, line.command_id, line.recorded_at) == (
        entry.position,
        entry.stream,
        entry.version,
        entry.actor,
        entry.command_id,
        entry.recorded_at,
    )
    assert line.label


def test_r093_history_is_paged_without_gaps(ledger):
    seen, after = [], 0
    while after is not None:
        page = audit.history(ledger, PAIR, after=after, limit=7)
        assert len(page.lines) <= 7
        seen += [line.position for line in page.lines]
        after = page.next_after
    assert seen == [entry.position for entry in ledger.pairs[PAIR].entries]


def test_r093_history_is_filtered_by_time_actor_kind_and_subject(ledger):
    entries = ledger.pairs[PAIR].entries
    middle = entries[POSITION].recorded_at

    def positions(**only):
        return [
            line.position
            for line in audit.history(ledger, PAIR, only=audit.Filter(**only), limit=10_000).lines
        ]

    assert positions(since=middle) == [each.position for each in entries if each.recorded_at >= middle]
    assert positions(until=middle) == [each.position for each in entries if each.recorded_at < middle]
    assert positions(actor="GL") == [each.position for each in entries if each.actor == "GL"] != []
    assert positions(topic="topic.approved") == [
        each.position for each in entries if each.topic == "topic.approved"
    ]
    assert positions(stream="decision:M1-01", actor="HR")


def test_r094_history_shows_even_what_cannot_be_read(ledger):
    entry = replace(ledger.pairs[PAIR].entries[0], topic="pair.unheard_of", state=b"\xff\xfe")
    line = audit.line(entry)
    assert (line.payload, line.by, line.on) == (None, None, None)


# --- verification --------------------------------------------------------------------------------------------

TAMPERED = {
    "tenant": lambda entry: replace(entry, tenant="140829"),
    "position": lambda entry: replace(entry, position=entry.position + 1),
    "stream": lambda entry: replace(entry, stream=entry.stream + "x"),
    "version": lambda entry: replace(entry, version=entry.version + 1),
    "topic": lambda entry: replace(entry, topic="topic.rejected"),
    "state": lambda entry: replace(entry, state=entry.state.replace(b"2", b"3", 1)),
    "state_hash": lambda entry: replace(
        entry, state_hash=bytes([entry.state_hash[0] ^ 1]) + entry.state_hash[1:]
    ),
    "actor": lambda entry: replace(entry, actor="GL2"),
    "command_id": lambda entry: replace(entry, command_id="other"),
    "recorded_at": lambda entry: replace(entry, recorded_at=entry.recorded_at + timedelta(microseconds=1)),
    "prev_hash": lambda entry: replace(
        entry, prev_hash=bytes([entry.prev_hash[0] ^ 1]) + entry.prev_hash[1:]
    ),
    "hash": lambda entry: replace(entry, hash=bytes([entry.hash[0] ^ 1]) + entry.hash[1:]),
}


def test_r094_an_untouched_ledger_verifies_to_its_end(ledger):
    outcome = audit.verify_pair(ledger, ledger, PAIR)
    assert outcome.ok
    assert (outcome.position, outcome.hash) == (
        ledger.pairs[PAIR].head.position,
        ledger.pairs[PAIR].head.hash.hex(),
    )


@pytest.mark.parametrize("field", TAMPERED)
@pytest.mark.parametrize("position", [1, POSITION, -1])
def test_r094_each_tampered_field_is_found_at_its_position(ledger, field, position):
    entries = ledger.pairs[PAIR].entries
    index = position - 1 if position > 0 else len(entries) - 1
    end = ledger.pairs[PAIR].head
    changed = TAMPERED[field](entries[index])
    assert changed != entries[index]
    entries[index] = changed
    outcome = audit.verify_pair(ledger, ledger, PAIR, end=end)
    assert (outcome.bad_position, outcome.position) == (index + 1, index)
    assert outcome.reason
    assert audit.verify_pair(ledger, ledger, CITY).ok


def test_r094_whole_entries_deleted_inserted_or_swapped_are_found_at_the_first_place(ledger):
    entries = list(ledger.pairs[PAIR].entries)
    end = ledger.pairs[PAIR].head
    cases = {
        POSITION: entries[: POSITION - 1] + entries[POSITION:],
        POSITION + 1: [*entries[:POSITION], entries[POSITION - 1], *entries[POSITION:]],
        POSITION - 1: [
            *entries[: POSITION - 2],
            entries[POSITION - 1],
            entries[POSITION - 2],
            *entries[POSITION:],
        ],
        len(entries): entries[:-1],
    }
    for bad, forged in cases.items():
        assert audit.verify(forged, tenant=PAIR, end=end).bad_position == bad


def test_r094_a_ledger_linked_anew_shows_at_its_end(ledger):
    entries = ledger.pairs[PAIR].entries
    end = ledger.pairs[PAIR].head
    forged = relinked([*entries[:-2], replace(entries[-2], actor="GL2"), entries[-1]])
    assert audit.verify(forged, tenant=PAIR).ok
    outcome = audit.verify(forged, tenant=PAIR, end=end)
    assert (outcome.bad_position, "末端" in outcome.reason) == (end.position, True)


def test_r094_an_end_that_was_kept_must_lie_on_the_chain(ledger):
    """A whole chain rewritten, head included, shows against what somebody wrote down before."""
    pair = ledger.pairs[PAIR]
    kept = Head(position=POSITION, hash=pair.entries[POSITION - 1].hash)
    assert audit.verify_pair(ledger, ledger, PAIR, kept=kept).ok
    assert audit.verify_pair(ledger, ledger, PAIR, kept=pair.head).ok
    pair.entries[:] = relinked([replace(pair.entries[0], actor="GL2"), *pair.entries[1:]])
    assert audit.verify_pair(ledger, ledger, PAIR).ok
    outcome = audit.verify_pair(ledger, ledger, PAIR, kept=kept)
    assert (outcome.bad_position, "留存" in outcome.reason) == (POSITION, True)
    beyond = replace(pair.head, position=pair.head.position + 1)
    outcome = audit.verify_pair(ledger, ledger, PAIR, kept=beyond)
    assert (outcome.bad_position, "短于" in outcome.reason) == (pair.head.position + 1, True)


def test_r094_entries_past_the_registered_end_are_found(ledger):
    entries = ledger.pairs[PAIR].entries
    end = Head(position=entries[-2].position, hash=entries[-2].hash)
    assert audit.verify(entries, tenant=PAIR, end=end).bad_position == end.position + 1


def test_r094_a_ledger_that_vanished_is_a_finding_and_an_unknown_pair_is_not(ledger):
    ledger.pairs[PAIR].entries.clear()
    assert audit.verify_pair(ledger, ledger, PAIR).reason == "台账缺失"
    assert PAIR in audit.pairs_of(ledger, "14")
    with pytest.raises(audit.UnknownPair):
        audit.verify_pair(ledger, ledger, "140899")


def test_r094_a_commands_record_must_agree_with_its_facts(ledger):
    pair = ledger.pairs[PAIR]
    command = pair.entries[POSITION - 1].command_id
    for places in (range(POSITION, POSITION + 2), range(POSITION, POSITION), None):
        kept = pair.places.pop(command)
        if places is not None:
            pair.places[command] = places
        outcome = audit.verify_pair(ledger, ledger, PAIR)
        assert (outcome.bad_position, command in outcome.reason) == (POSITION, True)
        pair.places[command] = kept
    assert audit.verify_pair(ledger, ledger, PAIR).ok
    pair.places["forged"] = range(POSITION, POSITION + 1)
    assert audit.verify_pair(ledger, ledger, PAIR).bad_position == POSITION


def test_r094_progress_is_told(ledger, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 10)
    told = []
    audit.verify_pair(ledger, ledger, PAIR, progress=told.append)
    assert told == list(range(10, ledger.pairs[PAIR].head.position + 1, 10))


# --- replay --------------------------------------------------------------------------------------------------


def test_r093_views_equal_what_the_ledger_folds_to(ledger):
    for pair in (PAIR, CITY):
        outcome = audit.replay(ledger, ledger, pair)
        assert outcome.ok
        assert outcome.rows == len(ledger.pairs[pair].rows) > 20
        assert outcome.position == ledger.pairs[pair].head.position


def plant(ledger, view, key, change):
    row = ledger.pairs[PAIR].rows[(view, key)]
    ledger.pairs[PAIR].rows[(view, key)] = change(row)


def test_r094_a_changed_row_is_found_at_its_place(ledger):
    plant(ledger, "decision", "M1-01", lambda row: replace(row, body={**row.body, "deadline": "2026-12-31"}))
    (found,) = audit.replay(ledger, ledger, PAIR).differences
    assert (found.kind, found.view, found.id, found.path) == (
        audit.DifferenceKind.CHANGED,
        "decision",
        "M1-01",
        "/body/deadline",
    )
    assert (found.expected, found.found) == ("2025-11-28", "2026-12-31")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda body: {**body, "percent": 100.0}, "/body/percent"),
        (lambda body: {**body, "extra/field": 1}, "/body/extra~1field"),
        (lambda body: {key: value for key, value in body.items() if key != "text"}, "/body/text"),
        (lambda body: {**body, "progress": []}, "/body/progress/0"),
        (
            lambda body: {**body, "progress": [{**body["progress"][0], "text": "改过"}]},
            "/body/progress/0/text",
        ),
        (lambda body: {**body, "long_term": 0}, "/body/long_term"),
    ],
)
def test_r094_differences_are_named_down_to_the_value(ledger, change, path):
    plant(ledger, "decision", "M1-01", lambda row: replace(row, body=change(dict(row.body))))
    assert [each.path for each in audit.replay(ledger, ledger, PAIR).differences] == [path]


def test_r094_a_wrong_version_or_position_is_found(ledger):
    plant(ledger, "topic", "T1", lambda row: replace(row, version=row.version + 1))
    plant(ledger, "tally", "topic:T1", lambda row: replace(row, position=1))
    paths = {(each.view, each.path) for each in audit.replay(ledger, ledger, PAIR).differences}
    assert paths == {("topic", "/version"), ("tally", "/position")}


def test_r094_a_missing_and_an_extra_row_are_found(ledger):
    del ledger.pairs[PAIR].rows[("minutes", "M1")]
    ledger.pairs[PAIR].rows[("topic", "T99")] = Row(view="topic", id="T99", version=1, position=1, body={})
    found = {(each.kind.value, each.view, each.id) for each in audit.replay(ledger, ledger, PAIR).differences}
    assert found == {("missing", "minutes", "M1"), ("extra", "topic", "T99")}


def test_r094_a_ledger_that_does_not_verify_is_not_refolded(ledger):
    entries = ledger.pairs[PAIR].entries
    entries[POSITION - 1] = replace(entries[POSITION - 1], actor="GL2")
    outcome = audit.replay(ledger, ledger, PAIR)
    assert (outcome.ok, outcome.bad_position) == (False, POSITION)
    assert "哈希" in outcome.fault


@pytest.mark.parametrize(
    "forge",
    [
        lambda entry: replace(entry, topic="topic.unheard_of"),
        lambda entry: replace(entry, stream="nothing:1"),
        lambda entry: replace(entry, stream="decision:1"),
    ],
)
def test_r094_facts_linked_well_that_no_rule_made_are_found(ledger, forge):
    entries = ledger.pairs[PAIR].entries
    index = next(number for number, entry in enumerate(entries) if entry.topic == "topic.approved")
    entries[index] = forge(entries[index])
    entries[:] = relinked(entries)
    assert audit.verify_pair(ledger, ledger, PAIR).ok
    outcome = audit.replay(ledger, ledger, PAIR)
    assert (outcome.ok, outcome.bad_position) == (False, index + 1)
    assert "无法解读" in outcome.fault


def test_r094_rows_without_a_ledger_are_extra(ledger):
    ledger.pairs[PAIR].entries.clear()
    outcome = audit.replay(ledger, ledger, PAIR)
    assert {each.kind for each in outcome.differences} == {audit.DifferenceKind.EXTRA}
    with pytest.raises(audit.UnknownPair):
        audit.replay(ledger, ledger, "140899")


# --- earlier states ------------------------------------------------------------------------------------------

STREAMS = ("topic:T1", "meeting:M1", "minutes:M1", "decision:M1-01", "pair", "post:post-GL", "numbers")


@pytest.mark.parametrize("stream", STREAMS)
def test_r093_an_earlier_state_equals_the_row_that_stood_then(stream):
    scene = model_county()
    ledger = MemoryLedger()
    kind, _, key = stream.partition(":")
    known = Dossier(tenant=PAIR)
    at = {0: None}
    # The rows are kept after each fact, as a reader at that time saw them.
    for position in range(1, len(scene.history) + 1, 9):
        record_until(ledger, scene, known, position)
        known = dossiers.advance(known, ledger.entries(PAIR, after=known.head.position))
        at[position] = ledger.row(PAIR, kind, key or PAIR) if kind != "numbers" else known.register
    for position, row in at.items():
        then = audit.state_at(ledger, PAIR, stream, position=position)
        if kind == "numbers":
            assert (then is None) == (row is None or not row.allocations)
        else:
            assert then == row
        if position:
            moment = ledger.pairs[PAIR].entries[position - 1].recorded_at
            assert audit.state_at(ledger, PAIR, stream, at=moment) == then
    assert audit.state_at(ledger, PAIR, stream) is not None


def record_until(ledger, scene, known, position):
    part = replace(scene, history=scene.history[:position])
    fresh = MemoryLedger()
    record(fresh, part)
    ledger.pairs[PAIR] = fresh.pairs[PAIR]
    assert known.head.position < position


def test_r093_what_did_not_exist_yet_has_no_state(ledger):
    established = next(
        entry.position for entry in ledger.pairs[PAIR].entries if entry.stream == "decision:M1-01"
    )
    assert audit.state_at(ledger, PAIR, "decision:M1-01", position=established - 1) is None
    then = audit.state_at(ledger, PAIR, "decision:M1-01", position=established)
    assert (then.version, then.position, then.body["status"]) == (1, established, "established")
    assert audit.state_at(ledger, PAIR, "decision:M9-01") is None
    assert audit.state_at(ledger, PAIR, "pair", at=datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_r094_an_earlier_state_is_not_built_on_a_broken_ledger(ledger):
    entries = ledger.pairs[PAIR].entries
    entries[POSITION - 1] = replace(entries[POSITION - 1], actor="GL2")
    assert audit.state_at(ledger, PAIR, "pair", position=POSITION - 1) is not None
    with pytest.raises(dossiers.LedgerBroken):
        audit.state_at(ledger, PAIR, "pair", position=POSITION)
