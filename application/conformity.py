"""Conformity sheets: clause by clause, what a meeting and a pair's year show of the regulation, with the proof.

Every verdict is found again in the facts, independently of the gates that let them in; the positions of the facts
that prove it stand beside it, so that an auditor can look them up. Source: 三(三), R-091.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from application import dossier as dossiers
from application.dossier import Dossier
from domain import catalogue, regulation
from domain.chain import Entry, Head, content_hash
from domain.decider import Fact, Value

FORMAT: Final = "lianxi-conformity/v1"


class Verdict(StrEnum):
    """What a clause comes to."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password.
    DEVIATION = "deviation"
    FAIL = "fail"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS: Final = {
    Verdict.PASS: "符合",
    Verdict.DEVIATION: "有偏离（已说明原因）",
    Verdict.FAIL: "不符合",
    Verdict.PENDING: "尚未到期或尚未办理",
    Verdict.NOT_APPLICABLE: "不适用",
}


class Check(Value):
    """One clause: the verdict, why, and the positions in the pair's ledger that prove it."""

    requirement: str
    clause: str
    what: str
    verdict: Verdict
    verdict_label: str
    reason: str = ""
    positions: tuple[int, ...] = ()


class Sheet(Value):
    """A conformity sheet. ``sha256`` is that of the canonical JSON of all the rest: same facts, same bytes."""

    format: str = FORMAT
    title: str
    pair: str
    subject: str
    rule_version: str
    on: date
    counts: dict[str, int]
    checks: tuple[Check, ...]
    position: int
    hash: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A fact with its place."""

    position: int
    stream: str
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A pair's verified facts in order, and what they fold to."""

    dossier: Dossier
    facts: tuple[Recorded, ...]

    @property
    def head(self) -> Head:
        return self.dossier.head

    def of(self, stream: str, *kinds: type[Fact]) -> list[Recorded]:
        """List a subject's facts of some kinds, in order."""
        return [each for each in self.facts if each.stream == stream and isinstance(each.fact, kinds)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    verdict: Verdict
    reason: str = ""
    proof: tuple[Recorded, ...] = ()


def trail(tenant: str, entries: Iterable[Entry]) -> Trail:
    """Read and verify a pair's ledger for a sheet. Raises: LedgerBroken."""
    kept = list(entries)
    dossier = dossiers.advance(Dossier(tenant=tenant), kept)
    facts = (
        Recorded(position=each.position, stream=each.stream, fact=catalogue.decode(each.topic, each.state))
        for each in kept
    )
    return Trail(dossier=dossier, facts=tuple(facts))


def passed(proof: Iterable[Recorded], reason: str = "") -> Finding:
    return Finding(verdict=Verdict.PASS, reason=reason, proof=tuple(proof))


def deviates(reason: str, proof: Iterable[Recorded] = ()) -> Finding:
    return Finding(verdict=Verdict.DEVIATION, reason=reason, proof=tuple(proof))


def fails(reason: str, proof: Iterable[Recorded] = ()) -> Finding:
    return Finding(verdict=Verdict.FAIL, reason=reason, proof=tuple(proof))


def pending(reason: str, proof: Iterable[Recorded] = ()) -> Finding:
    return Finding(verdict=Verdict.PENDING, reason=reason, proof=tuple(proof))


def not_applicable(reason: str) -> Finding:
    return Finding(verdict=Verdict.NOT_APPLICABLE, reason=reason)


def worst(findings: Sequence[Finding]) -> Finding:
    """Put findings on several subjects together: the worst verdict, every reason, all proof."""
    order = (Verdict.FAIL, Verdict.PENDING, Verdict.DEVIATION, Verdict.PASS, Verdict.NOT_APPLICABLE)
    verdict = min((each.verdict for each in findings), key=order.index)
    reasons = [each.reason for each in findings if each.reason and each.verdict is verdict]
    return Finding(
        verdict=verdict,
        reason="；".join(dict.fromkeys(reasons)),
        proof=tuple(proof for each in findings for proof in each.proof),
    )


def check(requirement: str, what: str, finding: Finding) -> Check:
    """Write a finding down under its requirement and clause."""
    return Check(
        requirement=requirement,
        clause=regulation.CLAUSES[requirement],
        what=what,
        verdict=finding.verdict,
        verdict_label=finding.verdict.label,
        reason=finding.reason,
        positions=tuple(sorted({each.position for each in finding.proof})),
    )


def sheet(
    known: Trail, *, title: str, subject: str, rule_version: str, on: date, checks: Sequence[Check]
) -> Sheet:
    """Close a sheet: count the verdicts, name what it rests on, and hash it."""
    made = Sheet(
        title=title,
        pair=known.dossier.tenant,
        subject=subject,
        rule_version=rule_version,
        on=on,
        counts={each.value: sum(check.verdict is each for check in checks) for each in Verdict},
        checks=tuple(checks),
        position=known.head.position,
        hash=known.head.hash.hex(),
    )
    return made.model_copy(update={"sha256": content_hash(made.model_dump(mode="json", exclude={"sha256"}))})
