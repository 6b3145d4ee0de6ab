"""What happens to a question, in order: its shape, the passages, the cap, the model, the check of what it wrote."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from . import guard
from .bundle import Bundle
from .index import Index
from .supplier import Supplier


class OverCap(Exception):
    """The asker has used what a day holds."""


@dataclass(frozen=True)
class Answer:
    # answered, not_found or ungrounded: the model wrote something that rests on no passage, and it was withheld.
    outcome: str
    text: str
    sources: tuple[str, ...]
    # For the trace: identifiers only, never the words of the question or the answer.
    trace: dict[str, object]


class Assistant:
    def __init__(self, bundle: Bundle, index: Index, supplier: Supplier):
        self._bundle, self._index, self._supplier = bundle, index, supplier
        self._spent: Counter[tuple[str, date]] = Counter()

    def ask(self, text: str, person: str, groups: frozenset[str], day: date) -> Answer:
        """Raises guard.Refused, OverCap or supplier.Unavailable; every other way out is an Answer."""
        bundle = self._bundle
        question = guard.question(text, bundle.longest_question)
        found = [
            f
            for f in self._index.search(question, groups, bundle.passages)
            if f.score >= bundle.least_score and f.share >= bundle.least_share
        ]
        # Guarded before they are counted, so that a passage of nothing but an attack is no passage.
        shown = [(f.passage, clean) for f in found if (clean := guard.passage(f.passage.text))]
        trace: dict[str, object] = {
            "bundle": bundle.digest,
            "passages": [f"{p.source}#{p.number}" for p, _ in shown],
        }
        if not shown:
            return Answer("not_found", bundle.not_found, (), {**trace, "outcome": "not_found"})
        if self._spent[person, day] >= bundle.tokens_per_person_and_day:
            raise OverCap("You have used what a day holds. Ask again tomorrow, or ask a person.")
        texts = [clean for _, clean in shown]
        written = self._supplier.write(bundle.prompt, question, texts)
        self._spent[person, day] += written.tokens
        trace["tokens"] = written.tokens
        if written.text.startswith("NOT FOUND"):
            return Answer("not_found", bundle.not_found, (), {**trace, "outcome": "not_found"})
        used = guard.answer(written.text, texts, bundle.prompt)
        if used is None:
            return Answer("ungrounded", bundle.not_found, (), {**trace, "outcome": "ungrounded"})
        sources = tuple(dict.fromkeys(shown[n - 1][0].source for n in used))
        return Answer("answered", written.text, sources, {**trace, "outcome": "answered"})
