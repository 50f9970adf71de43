"""The AsyncAPI document is whole: its parts, its references, and every fact that was ever released fits it.

No kept package brings the schema of AsyncAPI 3 to Python, so what the specification requires is asked for here.
"""

import copy
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from application import asyncapi, events
from domain import catalogue, chain
from tests.application import ledgers

FILES = sorted((Path(__file__).parent.parent / "samples" / "v1").glob("*.json"))
SAMPLES = {name: kept for file in FILES for name, kept in json.loads(file.read_text("utf-8")).items()}
NAME = re.compile(r"^[\w\d.\-_]+$")
CHINESE = re.compile("[\u4e00-\u9fff]")
# Of drafts later than 07, whose superset AsyncAPI's own schemas are.
LATER = {"prefixItems", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "$dynamicRef"}


def found(document, reference: str):
    at = document
    for step in reference.removeprefix("#/").split("/"):
        at = at[step]
    return at


def nodes(node):
    yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(each)


def faults(document) -> list[str]:
    """List what is wrong by the rules of AsyncAPI 3.0 for the parts that are used here."""
    wrong = []
    for node in nodes(document):
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            try:
                found(document, node["$ref"])
            except (KeyError, TypeError):
                wrong.append(f"dangling {node['$ref']}")
    if not document["asyncapi"].startswith("3."):
        wrong.append("asyncapi")
    wrong += [f"info {name}" for name in ("title", "version") if not document["info"].get(name)]
    for name, channel in document["channels"].items():
        wanted = set(re.findall(r"\{(\w+)\}", channel["address"] or ""))
        if set(channel.get("parameters", {})) != wanted or not channel["messages"]:
            wrong.append(f"channel {name}")
    for name, operation in document["operations"].items():
        channel = operation["channel"]["$ref"]
        if operation["action"] not in {"send", "receive"} or not channel.startswith("#/channels/"):
            wrong.append(f"operation {name}")
    for kind, parts in document["components"].items():
        wrong += [f"name {kind} {name}" for name in parts if not NAME.fullmatch(name)]
    wrong += [
        f"message {name}"
        for name, message in document["components"]["messages"].items()
        if "payload" not in message or not CHINESE.search(message["title"])
    ]
    return wrong


def test_the_document_has_all_its_parts_and_no_dangling_reference():
    document = json.loads(json.dumps(asyncapi.document()))
    assert faults(document) == []
    used = {
        key for node in nodes(document["components"]["schemas"]) if isinstance(node, dict) for key in node
    }
    assert used & LATER == set()
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft7Validator.check_schema(schema), name


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("components", "schemas", "Event"), None),
        (("components", "messages", "topic.approved"), {"title": "x"}),
        (("channels", "pair", "parameters"), {}),
        (("operations", "stream_events", "action"), "publish"),
        (("info", "title"), ""),
    ],
)
def test_a_document_with_a_fault_is_not_whole(where, what):
    """The control of the test above."""
    document = copy.deepcopy(asyncapi.document())
    *path, last = where
    at = document
    for step in path:
        at = at[step]
    if what is None:
        del at[last]
    else:
        at[last] = what
    assert faults(document)


def test_every_fact_is_a_message_of_the_stream_and_of_the_webhooks():
    document = asyncapi.document()
    for channel in ("pair", "webhook"):
        assert set(document["channels"][channel]["messages"]) - {"problem"} == set(catalogue.FACTS)
    for topic, fact in catalogue.FACTS.items():
        message = document["components"]["messages"][topic]
        assert (message["name"], message["title"]) == (f"lianxi.{topic}", fact.label)


def validator(topic: str) -> jsonschema.Draft7Validator:
    document = asyncapi.document()
    payload = document["components"]["messages"][topic]["payload"]
    return jsonschema.Draft7Validator({"allOf": [payload], "components": document["components"]})


def event(topic: str) -> dict:
    """The event of an entry with a fact as it was first written."""
    entry = next(iter(ledgers.city_ledger().entries("140830")))
    state = SAMPLES[topic].encode()
    entry = replace(entry, topic=topic, state=state, state_hash=bytes(32))
    return json.loads(events.cloud_event(replace(entry, hash=chain.link(entry))))


def test_every_released_fact_fits_its_message_and_no_other():
    blank = event(next(iter(SAMPLES)))
    for topic, kept in SAMPLES.items():
        told = {**blank, "type": f"lianxi.{topic}", "data": json.loads(kept)}
        validator(topic).validate(told)
        assert not validator(topic).is_valid({**told, "type": "lianxi.topic.teleported"}), topic
        assert not validator(topic).is_valid({**told, "data": {**told["data"], "surplus": 1}}), topic
        assert not validator(topic).is_valid({**told, "data": {}}), topic


def test_an_event_has_the_attributes_that_are_described():
    told = event("topic.approved")
    assert {*asyncapi.ATTRIBUTES, "data"} == told.keys()
    for name in told.keys() - {"data"}:
        assert not validator("topic.approved").is_valid({**told, name: None}), name
        assert re.fullmatch("[a-z0-9]{1,20}", name)
