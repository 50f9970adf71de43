"""The README's walk-through: exactly its curl lines are sent, in order, to a running application."""

import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from api import bootstrap
from application import ids
from application.demonstration import ruicheng
from application.stage import OfficeStage

README = Path(__file__).parents[2] / "README.md"
TODAY = "2026-12-31"
LINE = re.compile(r"^(?:(?P<name>[A-Z]+)=\$\()?(?P<curl>curl .*?)(?: \| get (?P<get>[\w.]+)\))?$")
REFUSED = "walk-approve-1"


def curl_lines() -> list[re.Match[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if "curl " in line]
    return [match for line in lines if (match := LINE.match(line))]


class Shell:
    """As much of a shell as the README uses: variables, ``$(token …)``, ``curl`` and ``get``."""

    def __init__(self, http, tokens: dict[str, str]) -> None:
        self.http = http
        self.tokens = tokens
        self.variables = {"API": "", "TODAY": TODAY}

    def run(self, line: re.Match[str]):
        text = re.sub(r"\$\(token ([\w.]+)\)", lambda found: self.tokens[found[1]], line["curl"])
        text = re.sub(r"\$([A-Z]+)", lambda found: self.variables[found[1]], text)
        answer = self.send(shlex.split(text)[1:])
        if line["get"]:
            value = answer.json()
            for key in line["get"].split("."):
                value = value[int(key) if key.isdigit() else key]
            self.variables[line["name"]] = value
        return answer

    def send(self, words: list[str]):
        headers, body, url = {}, None, ""
        while words:
            word = words.pop(0)
            if word == "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            elif word == "--json":
                body = json.loads(words.pop(0))
            elif word != "-s":
                url = word
        return self.http.client.request("GET" if body is None else "POST", url, headers=headers, json=body)


def test_the_walk_through_can_be_walked_again_another_day():
    keys = re.findall(r"Idempotency-Key: ([^\"]+)\"", README.read_text(encoding="utf-8"))
    assert len(keys) > 5
    assert all(key.endswith("-$TODAY") for key in keys)


@pytest.fixture
def shell(http, system, tmp_path) -> Shell:
    stage = OfficeStage(system.office, "140830", people=ruicheng.CAST.people(), new_id=ids.new_id)
    ruicheng.play(stage, date(2026, 12, 31))
    path = bootstrap.write_tokens(system, bootstrap.holders(), tmp_path / "tokens.txt")
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return Shell(http, {row[0]: row[1] for row in rows if len(row) > 1})


def test_the_walk_through_does_what_it_says(shell):
    """Every line is answered; one approval is refused, by the requirement that the text names."""
    lines = curl_lines()
    assert len(lines) == sum("curl -s" in line for line in README.read_text(encoding="utf-8").splitlines())
    answers = {}
    for line in lines:
        answer = shell.run(line)
        expected = {422} if REFUSED in line["curl"] else {200, 201}
        assert answer.status_code in expected, (line["curl"], answer.text)
        answers[line["curl"]] = answer
    refused = next(answer for curl, answer in answers.items() if REFUSED in curl).json()
    assert (refused["requirement"], refused["clause"]) == ("R-042", "二(二)")
    *_, history, verification, replay, report = answers.values()
    assert [item["topic"] for item in history.json()["items"]] == [
        "topic.proposed",
        "topic.research_attached",
        "topic.submitted",
        "topic.consulted",
        "topic.consulted",
        "topic.approved",
    ]
    assert verification.json()["ok"]
    assert replay.json()["ok"]
    assert report.json()["report"]["year"] == 2025
