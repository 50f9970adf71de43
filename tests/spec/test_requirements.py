"""The list of requirements is whole: every row, every command, every fact, and tests that name each."""

from types import SimpleNamespace

from api import main
from application import handlers
from domain import catalogue, regulation
from domain.requirements import REQUIREMENTS
from tests import requirement_table as rules


def test_every_requirement_has_one_row_in_order():
    assert [each.number for each in REQUIREMENTS] == list(regulation.CLAUSES)


def test_every_command_and_fact_serves_a_requirement_and_exists():
    commands = {name for each in REQUIREMENTS for name in each.commands}
    facts = {name for each in REQUIREMENTS for name in each.facts}
    assert commands == {each.__name__ for each in handlers.HANDLERS}
    assert facts == set(catalogue.FACTS)


def test_every_operation_named_exists():
    paths = main.create_app(SimpleNamespace(per_pair=1, healthy=list)).openapi()["paths"]
    known = {each["operationId"] for found in paths.values() for each in found.values()}
    named = {name for each in REQUIREMENTS for name in each.seen}
    assert named <= known, named - known


def test_at_least_one_test_names_each_requirement():
    tested = rules.tests_by_requirement()
    assert [each.number for each in REQUIREMENTS if not tested.get(each.number)] == []


def test_the_committed_table_is_what_would_be_written():
    """`make rules` writes it anew."""
    assert rules.TABLE.read_text(encoding="utf-8") == rules.table()
