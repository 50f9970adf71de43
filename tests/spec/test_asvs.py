"""The table of OWASP ASVS 5.0 is whole: every requirement of level 1 and 2 once, every test that it names exists."""

import ast
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "deploy" / "asvs.md"
MET, NOT_MET, NOT_APPLICABLE = "符合", "不符合", "不适用"
TOTAL = "合计"
# Section: the level of its requirements 1, 2, 3 … (those of level 3 at the end are left out).
LEVELS = {
    "1.1": "22",
    "1.2": "111112222",
    "1.3": "11222222222",
    "1.4": "222",
    "1.5": "12",
    "2.1": "122",
    "2.2": "112",
    "2.3": "1222",
    "2.4": "2",
    "3.2": "11",
    "3.3": "1222",
    "3.4": "112222",
    "3.5": "11122",
    "3.7": "22",
    "4.1": "122",
    "4.2": "2",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112",
    "5.3": "11",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "1122",
    "6.4": "1122",
    "6.5": "22222",
    "6.6": "222",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "22",
    "7.6": "22",
    "8.1": "12",
    "8.2": "112",
    "8.3": "1",
    "8.4": "2",
    "9.1": "111",
    "9.2": "1222",
    "10.1": "22",
    "10.2": "22",
    "10.3": "2222",
    "10.4": "11111222222",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
    "11.1": "22",
    "11.2": "222",
    "11.3": "112",
    "11.4": "1222",
    "11.5": "2",
    "11.6": "2",
    "12.1": "122",
    "12.2": "11",
    "12.3": "2222",
    "13.1": "2",
    "13.2": "22222",
    "13.3": "22",
    "13.4": "12222",
    "14.1": "22",
    "14.2": "1222",
    "14.3": "122",
    "15.1": "122",
    "15.2": "122",
    "15.3": "1222222",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "222",
    "17.1": "2",
    "17.2": "2222",
    "17.3": "22",
}
NUMBERS = {
    f"V{section}.{number}": level
    for section, levels in LEVELS.items()
    for number, level in enumerate(levels, start=1)
}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    number: str
    level: str
    verdict: str
    said: str
    tests: tuple[str, ...]
    why: str


def cells(line: str) -> list[str]:
    return [each.strip() for each in line.strip().strip("|").split("|")]


def lines(text: str) -> list[Line]:
    found = [cells(each) for each in text.splitlines() if each.startswith("| V")]
    return [
        Line(
            number, level, verdict, said, tuple(each.strip("`") for each in tests.split("<br>") if each), why
        )
        for number, level, verdict, said, tests, why in found
    ]


@cache
def existing(path: str) -> frozenset[str]:
    """Name the tests of a file, without running it."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    return frozenset(
        each.name
        for each in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    )


def counted(found: list[Line]) -> list[list[str]]:
    """Give the table of the head as it must be."""
    verdicts = (MET, NOT_MET, NOT_APPLICABLE)
    number = Counter((each.level, each.verdict) for each in found)
    rows = [[level, *(number[level, verdict] for verdict in verdicts)] for level in ("1", "2")]
    rows.append([TOTAL, *(sum(row[column] for row in rows) for column in (1, 2, 3))])
    return [[str(each) for each in (*row, sum(row[1:]))] for row in rows]


def faults(text: str) -> list[str]:
    """Tell what is wrong with the table."""
    found = lines(text)
    levels = [(each.number, each.level) for each in found]
    wrong = [
        f"{number}: not once, or of another level"
        for number in NUMBERS
        if levels.count((number, NUMBERS[number])) != 1
    ]
    wrong += [
        f"{number}: no requirement of level 1 or 2"
        for number, level in levels
        if NUMBERS.get(number) != level
    ]
    wrong += [f"{each.number}: {fault}" for each in found if (fault := _fault(each))]
    shown = [cells(each) for each in text.splitlines() if each.startswith(("| 1 |", "| 2 |", f"| {TOTAL} |"))]
    return wrong + ([] if shown == counted(found) else [f"the head is {shown}, not {counted(found)}"])


def _fault(line: Line) -> str:
    missing = [
        each for each in line.tests if each.rpartition("::")[2] not in existing(each.partition("::")[0])
    ]
    if missing:
        return f"no such test: {', '.join(missing)}"
    if not line.said:
        return "it does not say what it is about"
    match line.verdict:
        case "符合":
            return "" if line.tests else "met by no test"
        case "不符合" | "不适用":
            return "" if line.why else "without a reason"
    return "no verdict"


def test_the_table_is_whole_and_every_test_that_it_names_exists():
    assert faults(TABLE.read_text(encoding="utf-8")) == []


def test_there_are_as_many_requirements_as_the_standard_has():
    """70 of level 1 and 183 of level 2 (ASVS 5.0.0)."""
    assert Counter(NUMBERS.values()) == {"1": 70, "2": 183}


def _first(text: str, verdict: str) -> str:
    return next(each for each in text.splitlines() if each.startswith("| V") and cells(each)[2] == verdict)


PLANTS = {
    "a missing line": lambda text, met: text.replace(met + "\n", ""),
    "a line twice": lambda text, met: text.replace(met, met + "\n" + met),
    "another level": lambda text, met: text.replace(met, met.replace(f"| {cells(met)[1]} |", "| 3 |", 1)),
    "a misspelt test": lambda text, met: text.replace(met, met.replace("::test_", "::test_x_", 1)),
    "a misspelt file": lambda text, met: text.replace(met, met.replace("/test_", "/test_x_", 1)),
    "no test": lambda text, met: text.replace(met, "| " + " | ".join([*cells(met)[:4], "", "why"]) + " |"),
    "no verdict": lambda text, met: text.replace(met, met.replace(f"| {MET} |", "| 大致符合 |", 1)),
    "no reason": lambda text, met: text.replace(
        other := _first(text, NOT_MET), "| " + " | ".join([*cells(other)[:5], ""]) + " |"
    ),
    "another count": lambda text, met: text.replace(f"| {TOTAL} | ", f"| {TOTAL} | 1", 1),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_each_planted_fault_is_seen(plant):
    text = TABLE.read_text(encoding="utf-8")
    assert len(faults(PLANTS[plant](text, _first(text, MET)))) > len(faults(text))
