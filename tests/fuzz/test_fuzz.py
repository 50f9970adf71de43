"""Bad input, in the short form; and the controls: a fault that is planted in each counter's way is counted."""

import json

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from api import problems
from tests.fuzz import commands, fuzzing, stage
from tests.fuzz.__main__ import quiet, show
from tests.fuzz.inputs import UNITS, Maker, Must, named, send
from tests.fuzz.tally import Count
from tests.properties import test_lawful_histories


@pytest.fixture
def on(database, tmp_path):
    """Open a stage, with a fault in it where one is planted."""
    quiet()
    return lambda plant=None: stage.on(database.app_dsn, database.admin_dsn, tmp_path, plant=plant)


def test_bad_input_breaks_nothing(on):
    """R-093: no 5xx, nothing wrongly accepted, nothing changed by a refusal, in every class of bad input."""
    with on() as tried:
        result = fuzzing.run(tried, fuzzing.short(), tell=lambda _: None)
    assert tried.tally.bad() == []
    totals = result["totals"]
    assert totals["inputs"] > 500
    assert totals["controls"] > 30
    assert {*fuzzing.CORPORA, "commands", "openapi as go"} <= set(result["classes"])
    assert all(each["inputs"] for each in result["classes"].values())


def test_each_counter_counts_what_is_planted(on, tmp_path):
    """A route that fails, one that takes anything, one that writes and refuses, one whose error is no problem."""

    def plant(app: FastAPI, admin) -> None:
        @app.post("/planted/fault")
        def fault() -> None:
            raise RuntimeError

        @app.post("/planted/taken")
        def taken() -> dict[str, str]:
            return {}

        @app.post("/planted/written")
        def written() -> JSONResponse:
            admin.execute(
                "INSERT INTO ledger.principal SELECT 'planted', label FROM ledger.principal LIMIT 1"
            )
            return JSONResponse({}, status_code=422)

        @app.post("/planted/hidden")
        def hidden() -> JSONResponse:
            admin.execute("UPDATE ledger.principal SET label = 'planted'")
            return JSONResponse({}, status_code=422)

    with on(plant) as tried:
        make = Maker(tried.tokens)
        for name in ("fault", "taken", "written", "hidden"):
            send(tried, name, [named(name, make.post(f"/planted/{name}", b"{}"))])
        send(tried, "control", [named("refused", make.post(UNITS, b"{}"), Must.ACCEPTED)])
        found = tried.tally.classes
        counted = {
            name: {kind for kind in ("faults", "wrong", "changed", "failed", "unlike") if getattr(each, kind)}
            for name, each in found.items()
        }
        result = {
            "classes": {name: each.plain() for name, each in found.items()},
            "totals": tried.tally.totals(),
        }
    assert counted == {
        "setting up": set(),
        "fault": {"faults"},
        "taken": {"wrong"},
        "written": {"changed", "unlike"},
        # The number of rows is the same: the comparison of every row at the end of the class sees it.
        "hidden": {"changed", "unlike"},
        "control": {"failed"},
    }
    assert result["totals"]["5xx"] == result["totals"]["wrongly_accepted"] == 1
    assert result["totals"]["state_changes_on_refusal"] == 2
    told = {**result, "seed": 1, "seconds": 0.0}
    assert show(told, tmp_path) == 1
    assert show({**told, "classes": {"setting up": told["classes"]["setting up"]}}, tmp_path) == 0


def test_the_openapi_counts_what_is_planted(on):
    """A route that takes what its own description refuses, and one that answers what it does not describe."""

    def plant(app: FastAPI, admin) -> None:
        number = {"in": "query", "name": "n", "required": True, "schema": {"type": "integer", "maximum": 5}}
        described = {"parameters": [number], "responses": {"200": {"description": ""}}}

        @app.get("/planted/lenient", openapi_extra=described, responses=problems.declared(422))
        def lenient() -> dict[str, str]:
            return {}

        @app.get("/planted/undeclared")
        def undeclared() -> JSONResponse:
            return JSONResponse({}, status_code=299)

        schema = app.openapi()
        schema["paths"] = {
            path: each for path, each in schema["paths"].items() if path.startswith("/planted")
        }

    plan = fuzzing.Plan(
        seed=1,
        every={},
        seconds=20,
        examples=5,
        histories=0,
        roles=("go",),
        phases=("coverage",),
        only=("openapi",),
    )
    with on(plant) as tried:
        fuzzing.run(tried, plan, tell=lambda _: None)
    count = tried.tally.classes["openapi as go"]
    assert any("lenient" in each for each in count.wrong)
    assert any("undeclared" in each for each in count.unlike)


def test_the_commands_count_what_is_planted(monkeypatch):
    """An exception that no door knows, and an act that is recorded although it is refused."""
    quiet()
    real = commands.commands.decide

    def failing(dossier, request, **more):
        if request.key.startswith("key-") and request.command.on.day % 2:
            raise ZeroDivisionError
        return real(dossier, request, **more)

    monkeypatch.setattr(commands.commands, "decide", failing)
    count = Count()
    commands.provoke(count, seed=1, histories=1, steps=12)
    assert any("ZeroDivisionError" in each for each in count.faults)
    monkeypatch.undo()

    def writing(dossier, request, **more):
        try:
            return real(dossier, request, **more)
        except test_lawful_histories.EXPECTED:
            pair = kept[0].ledger.pair(request.tenant)
            pair.commands[f"planted/{len(pair.commands)}"] = None
            raise

    kept = []
    made = commands.Submitted.__init__

    def keeping(self, *arguments):
        kept[:] = [self]
        made(self, *arguments)

    monkeypatch.setattr(commands.Submitted, "__init__", keeping)
    monkeypatch.setattr(commands.commands, "decide", writing)
    count = Count()
    commands.provoke(count, seed=1, histories=1, steps=12)
    assert count.changed
    assert json.dumps(count.plain())
