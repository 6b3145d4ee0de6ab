"""Documents as passages, and the search over those that an asker may read."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

# Words that say nothing about what is asked for.
COMMON = frozenset(
    "a an and are as at be by can do does for from how i if in is it its of on or our that the their them they this to was we what "
    "when where which who whom will with you your".split()
)
# Saturation of a word's count, and how much a long passage is held against it (Robertson and Zaragoza, 2009).
K1, B = 1.2, 0.75


class BrokenDocument(Exception):
    """A document that does not say who may read it."""


@dataclass(frozen=True)
class Passage:
    source: str
    number: int
    text: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Found:
    passage: Passage
    score: float
    # Share of the question's words that the passage holds.
    share: float


def words(text: str) -> list[str]:
    """Lower-case words without the common ones and without a plural s."""
    found = re.findall(r"[^\W_]+", text.lower())
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found if w not in COMMON]


def read_document(name: str, content: str) -> list[Passage]:
    """One passage for each paragraph, with the heading above it. Without groups nobody would know who may read it."""
    head = re.match(r"---\ngroups: \[([^\]\n]+)\]\n---\n", content)
    groups = frozenset(g.strip() for g in head.group(1).split(",")) - {""} if head else frozenset()
    if not head or not groups:
        raise BrokenDocument(f"{name}: begin it with the groups that may read it")
    heading = ""
    passages: list[Passage] = []
    for block in re.split(r"\n\s*\n", content[head.end() :].strip()):
        if block.startswith("#"):
            heading, _, block = block.partition("\n")
            heading = heading.lstrip("# ").strip()
        text = " ".join(block.split())
        if text:
            passages.append(Passage(name, len(passages) + 1, f"{heading}. {text}" if heading else text, groups))
    return passages


def read_folder(folder: Path) -> list[Passage]:
    """Everything that is there now: a document that was deleted is gone with the next index."""
    return [p for path in sorted(folder.glob("*.md")) for p in read_document(path.name, path.read_text(encoding="utf-8"))]


class Index:
    def __init__(self, passages: list[Passage]):
        self._entries = [(passage, Counter(words(passage.text))) for passage in passages]

    def search(self, question: str, groups: frozenset[str], most: int) -> list[Found]:
        """
        The best passages among those that one of the groups may read. Others take no part, not even in how rare a word is:
        otherwise a score would tell what they hold.
        """
        open_to = [(p, c) for p, c in self._entries if p.groups & groups]
        asked = set(words(question))
        if not open_to or not asked:
            return []
        mean = sum(sum(c.values()) for _, c in open_to) / len(open_to)
        found: list[Found] = []
        for passage, counts in open_to:
            held = [w for w in asked if counts[w]]
            length = sum(counts.values()) / mean
            score = 0.0
            for word in held:
                holding = sum(1 for _, c in open_to if c[word])
                rarity = math.log(1 + (len(open_to) - holding + 0.5) / (holding + 0.5))
                score += rarity * counts[word] * (K1 + 1) / (counts[word] + K1 * (1 - B + B * length))
            if held:
                found.append(Found(passage, score, len(held) / len(asked)))
        # By name where scores are equal, so that the same question finds the same passages.
        return sorted(found, key=lambda f: (-f.score, f.passage.source, f.passage.number))[:most]
