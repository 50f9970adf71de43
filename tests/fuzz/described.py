"""The whole OpenAPI, by schemathesis: good and bad data for every operation, every check, and chains of calls by links."""

from collections import Counter
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from schemathesis import engine
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events

from api.limits import XLSX
from tests.fuzz.stage import Stage

ROLES: Final = ("go", "uo", "leader", "administrator", "auditor", "reader", "stranger")

# What well-formed data may be answered besides success, each with its reason.
VALID: Final[dict[str, str]] = {
    "400": "A cursor, a Last-Event-ID and an Idempotency-Key are opaque texts to the schema; If-Match is an ETag.",
    "401": "Who is no longer who he was: a token that was revoked on the way.",
    "403": "The sender's post does not entitle him to this act (R-097).",
    "404": "The subject does not exist, or the sender may not know that it does.",
    "409": "A position of a stream lies past the end of the ledger, or what is asked for is there already.",
    "412": "Another version stands than the one that If-Match names (R-071).",
    "422": "The rules of the procedure: no schema can say what the ledger's present state allows.",
    "428": "If-Match is optional in the schema, since only an existing subject has a version (R-071).",
    "429": "More requests than one sender is let make in a while.",
}
# What ill-formed data may be answered, each with its reason; 400 and 422 need none.
INVALID: Final[dict[str, str]] = {
    "401": "Who is calling is asked first where the credential itself was spoilt.",
    "403": "Who may not act at all is not told what is wrong with his data.",
    "404": "Who may not know of a pair is not told what is wrong with his data; a spoilt path leads nowhere.",
    "405": "A spoilt method.",
    "412": "An If-Match that names another version is told so.",
    "413": "More than the limit.",
    "415": "A body of another type is not read at all.",
    "428": "Without If-Match the rest of a command is not judged.",
    "429": "More requests than one sender is let make in a while.",
}
# Findings that are right as they are: check, then a part of the operation, then the reason.
ACCEPTED: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "allow_header_conformance",
        "/liaison/gaps",
        "GET /liaison/{id} also matches the path, and Allow says so.",
    ),
    ("allow_header_conformance", "/topics/mergers", "GET /topics/{id} also matches the path."),
    ("allow_header_conformance", "/imports/", "GET /imports/{id} also matches the path."),
    (
        "missing_required_header",
        "/imports",
        "The type of a workbook is judged before who sends it: 415 tells nothing.",
    ),
    (
        "response_schema_conformance",
        "/events",
        "OpenAPI 3.1 has no word for the events of a stream; asyncapi.json describes them, tests/api/test_events.py holds them.",
    ),
)
# Checks whose failure means that something was let in which should not have been.
WRONG: Final = frozenset(
    {"negative_data_rejection", "ignored_auth", "use_after_free", "object_level_authorization"}
)


def expected() -> dict[str, Any]:
    """Give the tables of what is right as it is, for build/fuzz.json."""
    return {"valid": VALID, "invalid": INVALID, "accepted": [list(each) for each in ACCEPTED]}


def explore(stage: Stage, role: str, plan: Any) -> None:
    """Try every operation as one role, for so many seconds."""
    count = stage.watch.begin(f"openapi as {role}")
    load_all_checks()
    schemathesis.openapi.media_type(XLSX, st.binary(max_size=200))
    schema = schemathesis.openapi.from_url(f"{stage.root}/openapi.json", config=_config(stage, role, plan))
    said: Counter[str] = Counter()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for name, failure in _failures(event):
                told = f"{event.recorder.label}: {name}: {failure.title}: {failure.message}"[:600]
                if _right(name, event.recorder.label):
                    continue
                said[told] += 1
                if said[told] == 1:
                    (count.wrong if name in WRONG else count.unlike).append(told)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            count.failed.append(
                f"schemathesis: {getattr(event, 'label', '')}: {getattr(event, 'value', event)}"[:600]
            )
    # Each run of the engine is a control as well: it has been let in where it should be.
    count.controls += sum(number for status, number in count.statuses.items() if status < 300)
    stage.watch.end()


def _config(stage: Stage, role: str, plan: Any) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": plan.seed,
            "max-time": plan.seconds,
            "headers": {"Authorization": f"Bearer {stage.tokens[role]}"},
            "continue-on-failure": True,
            "request-timeout": 30,
            "max-stream-events": 1,
            "generation": {"max-examples": plan.examples, "no-shrink": True, "database": "none"},
            "phases": {
                name: {"enabled": name in plan.phases}
                for name in ("examples", "coverage", "fuzzing", "stateful")
            },
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "304", *VALID]},
                "negative_data_rejection": {"expected-statuses": ["400", "422", *INVALID]},
            },
        }
    )


def _failures(event: events.ScenarioFinished) -> list[tuple[str, Failure]]:
    return [
        (check.name, check.failure_info.failure)
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]


def _right(name: str, label: str) -> bool:
    return any(name == check and part in label for check, part, _ in ACCEPTED)
