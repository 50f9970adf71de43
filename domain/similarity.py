"""How alike two texts are: shares of common pairs of characters, the same on every machine and in every year.

PostgreSQL's pg_trgm is not in the embedded server, and its words depend on the locale, in most of which Chinese text
has none. So likeness is a pure function here. Source: R-051, a hint and never a refusal.
"""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from domain.decider import Value

# A longer text says nothing new about likeness, and must not make the comparison dear.
MOST: Final = 1000
# Percent. Of the 561 pairs of titles and texts of the demonstration, 9 reach 35, 7 of them on the same matter (36 to
# 90) and 2 on the like of it; those on different matters end at 33, nine in ten of them below 15.
THRESHOLD: Final = 35
HITS: Final = 10
SHORTEST: Final = 2


class Earlier(Value):
    """An earlier topic or decision: its name, where it has one, and its text."""

    id: str
    kind: str
    title: str
    text: str = ""
    status: str = ""


class Hint(Value):
    """One earlier matter that looks alike: how much, in percent, and which words are common."""

    id: str
    kind: str
    title: str
    status: str
    score: int
    why: tuple[str, ...]


def plain(text: str) -> str:
    """Give what of a text is compared: letters, digits and characters in one form, no more than MOST of them."""
    folded = unicodedata.normalize("NFKC", text[: 2 * MOST]).casefold()
    return "".join(char for char in folded if char.isalnum())[:MOST]


def pairs(text: str) -> frozenset[str]:
    """Give all pairs of neighbouring characters of a plain text; of a single character, itself."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset(filter(None, [text]))


def percent(one: frozenset[str], other: frozenset[str]) -> int:
    """Give Sørensen and Dice's share of what is common, in whole percent, rounded half up; 0 where one is empty."""
    both = len(one) + len(other)
    return (400 * len(one & other) + both) // (2 * both) if one and other else 0


def common(one: str, other: str) -> tuple[str, ...]:
    """Give the words that two plain texts share, longest first: runs of two characters or more, three at most."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    runs = {one[each.a : each.a + each.size] for each in blocks if each.size >= SHORTEST}
    return tuple(sorted(runs, key=lambda run: (-len(run), run))[:3])


def hints(title: str, text: str, earlier: Iterable[Earlier], *, threshold: int = THRESHOLD) -> list[Hint]:
    """List what looks like a matter with this title and text, most alike first, at most HITS.

    The title is compared with the title, or with the text where there is none; and all with all. The better counts.
    """
    mine, whole = plain(title), plain(f"{title} {text}")
    my_pairs, whole_pairs = pairs(mine), pairs(whole)
    found = []
    for each in earlier:
        name, all_of_it = plain(each.title or each.text), plain(f"{each.title} {each.text}")
        score = max(percent(my_pairs, pairs(name)), percent(whole_pairs, pairs(all_of_it)))
        if score >= threshold:
            found.append((score, each, name))
    found.sort(key=lambda hit: (-hit[0], hit[1].kind, hit[1].id))
    return [
        Hint(
            id=each.id,
            kind=each.kind,
            title=each.title or each.text[:100],
            status=each.status,
            score=score,
            why=common(mine[:200], name[:200]) or common(whole[:200], plain(each.text)[:200]),
        )
        for score, each, name in found[:HITS]
    ]
