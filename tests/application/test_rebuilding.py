"""A version that makes rows of another shape refolds every pair once, and only then."""

from dataclasses import replace

from application import audit, rebuilding
from tests.application.ledgers import city_ledger

SCOPES = ["14"]


def outdated(ledger):
    """Give every pair the rows of an older version: a field is missing, and one row too many."""
    for pair in ledger.pairs.values():
        pair.rows = {
            key: replace(row, body={name: each for name, each in row.body.items() if name != "status"})
            for key, row in pair.rows.items()
        }
    ledger.reshaped("older")
    return ledger


def refreshed(ledger):
    said = []
    return rebuilding.refresh(ledger, SCOPES, progress=said.append), said


def test_r093_rows_of_an_older_version_are_refolded_from_the_ledgers():
    ledger = outdated(city_ledger())
    assert any(audit.replay(ledger, ledger, tenant).differences for tenant in ledger.pairs)
    broken, said = refreshed(ledger)
    assert broken == []
    assert len(said) == len(ledger.pairs)
    assert not any(audit.replay(ledger, ledger, tenant).differences for tenant in ledger.pairs)
    assert refreshed(ledger) == ([], [])


def test_r093_a_new_database_only_notes_its_shape():
    ledger = type(city_ledger())()
    assert refreshed(ledger) == ([], [])
    assert ledger.shape() == rebuilding.shape()


def test_r094_a_broken_ledger_keeps_its_rows_and_is_tried_again():
    """Nothing is built on a ledger that was changed, and the other pairs do not wait for it."""
    ledger = outdated(city_ledger())
    tenant = sorted(ledger.pairs)[1]
    pair = ledger.pairs[tenant]
    kept = dict(pair.rows)
    pair.entries[5] = replace(pair.entries[5], state=pair.entries[5].state + b" ")
    broken, _ = refreshed(ledger)
    assert broken == [tenant]
    assert pair.rows == kept
    assert not any(audit.replay(ledger, ledger, each).differences for each in ledger.pairs if each != tenant)
    assert ledger.shape() == "older"
    assert refreshed(ledger)[0] == [tenant]
