"""How far a reader of many pairs has come: cursors that hold it, and batches that leave nobody waiting."""

import base64
import random
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application import events, ports
from domain.chain import Head
from tests.application import ledgers

MINE = {"kind": "events", "scope": "140800", "person": "p"}
PAIRS = st.from_regex(r"[0-9]{6}([0-9]{3}|-[0-9A-Z]{2,6})?", fullmatch=True)


@given(st.dictionaries(PAIRS, st.integers(1, 2**53), max_size=40))
def test_a_cursor_holds_every_position(positions):
    assert events.unseal(events.seal(positions, bound_to=MINE), bound_to=MINE) == positions


@given(st.dictionaries(PAIRS, st.integers(1, 2**53), min_size=1, max_size=5), st.sampled_from(sorted(MINE)))
def test_r095_a_cursor_opens_for_what_it_was_bound_to_alone(positions, part):
    with pytest.raises(events.BadCursor):
        events.unseal(events.seal(positions, bound_to=MINE), bound_to={**MINE, part: "other"})


@given(st.binary(max_size=200))
def test_whatever_is_sealed_by_another_hand_is_told_so(held):
    """A cursor is no secret, so anybody can seal anything under the right binding."""
    right = events._bound(MINE)
    for raw in (held, right + held, right + zlib.compress(held), right + zlib.compress(b"a140830\0" + held)):
        cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        try:
            positions = events.unseal(cursor, bound_to=MINE)
        except events.BadCursor:
            continue
        assert events.seal(positions, bound_to=MINE) == cursor


def test_a_cursor_that_swells_is_not_unpacked():
    bomb = events._bound(MINE) + zlib.compress(b"a140830" * 500_000)
    cursor = base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    assert len(cursor) < events.CURSOR_LENGTH
    tracemalloc.start()
    try:
        with pytest.raises(events.BadCursor):
            events.unseal(cursor, bound_to=MINE)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def province(count: int) -> dict[str, int]:
    """Pairs with codes as the register gives them, and as many facts as years of work leave: 900,000 in 3,000."""
    dice = random.Random(7)
    codes = [
        f"14{city:02d}{county:02d}{town}"
        for city in range(1, 12)
        for county in range(2, 40)
        for town in ("", *(f"{number:03d}" for number in (1, 2, 3, *range(100, 112))))
    ]
    return {code: int(dice.lognormvariate(5.2, 1.0)) + 3 for code in codes[:count]}


def test_a_cursor_of_3000_pairs_fits_into_a_header():
    """8 KiB is what common proxies let pass in one line; the measured length stands in the decisions."""
    cursor = events.seal(province(3000), bound_to=MINE)
    assert len(cursor) < 8000
    assert events.unseal(cursor, bound_to=MINE) == province(3000)
    with pytest.raises(events.CursorTooLong):
        events.seal(province(6600), bound_to=MINE)


def read(ledger, *, limit: int):
    heads = {tenant: pair.head for tenant, pair in ledger.pairs.items()}
    after: dict[str, Head] = {}
    first, found = "", []
    while True:
        batch = events.following_many(ledger, heads, after=after, limit=limit, first=first)
        assert len(batch.entries) <= limit
        found.append(batch.entries)
        after = batch.heads
        if not batch.more:
            return found, heads, after
        first = f"{batch.entries[-1].tenant}\0"


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_batches_tell_every_fact_once_and_in_order(limit):
    ledger = ledgers.city_ledger()
    found, heads, after = read(ledger, limit=limit)
    told = [entry for batch in found for entry in batch]
    for tenant, head in heads.items():
        assert [each.position for each in told if each.tenant == tenant] == list(range(1, head.position + 1))
        assert after[tenant] == head


def test_a_busy_pair_keeps_no_other_waiting():
    """Each batch begins with the pair after the one that was told of last."""
    found, heads, _ = read(ledgers.city_ledger(), limit=3)
    first_batches = [batch[0].tenant for batch in found[: len(heads)]]
    assert sorted(first_batches) == sorted(heads)


def test_r094_a_ledger_that_ends_before_what_was_seen_is_an_alarm():
    ledger = ledgers.city_ledger()
    tenant, pair = next(iter(ledger.pairs.items()))
    seen = {tenant: Head(position=pair.head.position, hash=events.UNKNOWN)}
    shorter = {tenant: Head(position=pair.head.position - 1, hash=pair.entries[-2].hash)}
    for heads, after in (
        (shorter, seen),
        ({}, seen),
        ({tenant: pair.head}, {tenant: Head(position=pair.head.position, hash=b"x")}),
    ):
        with pytest.raises(ports.LedgerRewound):
            events.following_many(ledger, heads, after=after, limit=10)
    assert events.following_many(ledger, {tenant: pair.head}, after=seen, limit=10).entries == []
    with pytest.raises(ports.LedgerRewound):
        events.locate(ledger, tenant, pair.head.position + 1)
    assert events.locate(ledger, tenant, pair.head.position) == pair.head
    assert events.locate(ledger, tenant, 0) == Head()
