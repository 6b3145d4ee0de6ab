"""What is checked before the model and after it. The model is trusted with neither."""

from __future__ import annotations

import re

# What a question may hold that a supplier must not get. Yours has more; each line has its test.
PERSONAL = [
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), "[account]"),
    (re.compile(r"\b(?:\d[ -]?){13,19}\b"), "[card]"),
    (re.compile(r"(?<![\w.])\+\d(?:[ -]?\d){7,13}\b"), "[phone]"),
]
# What in a document talks to a model instead of to a reader. It is left out: a mark around it is no proof against it.
TALKS_TO_MODEL = re.compile(
    r"\b(ignore|disregard|forget)\b.{0,40}\b(instruction|prompt|rule)s?\b|\bsystem prompt\b|\byou are now\b", re.IGNORECASE
)
CITATION = re.compile(r"\[(\d{1,2})\]")
LINK = re.compile(r"https?://\S+", re.IGNORECASE)


class Refused(Exception):
    """A question that is not answered, in words for the person who asked."""


def question(text: str, longest: int) -> str:
    """The question as it may leave the house."""
    tidy = " ".join(text.split())
    if not tidy:
        raise Refused("Ask a question.")
    if len(tidy) > longest:
        raise Refused(f"Ask in at most {longest} characters.")
    for pattern, word in PERSONAL:
        tidy = pattern.sub(word, tidy)
    return tidy


def passage(text: str) -> str:
    """A passage as the model may see it: without links, without sentences that talk to it, without our marks."""
    kept = [s for s in re.split(r"(?<=[.!?])\s+", text.replace("<<", "«").replace(">>", "»")) if not TALKS_TO_MODEL.search(s)]
    return " ".join(s for s in kept if not LINK.search(s)).strip()


def answer(text: str, shown: list[str], prompt: str) -> list[int] | None:
    """
    The numbers of the passages that an answer rests on; None if a sentence rests on none, names one that was not shown, repeats the
    prompt, or holds a link. `shown` are the passages in the order of their numbers.
    """
    if LINK.search(text) or any(part in text for part in prompt.split(". ") if len(part) > 20):
        return None
    used: list[int] = []
    sentences = [s.strip() for s in re.split(r"(?<=\])\s+|(?<=[.!?])\s+(?!\[)", text.strip()) if s.strip()]
    for sentence in sentences:
        named = [int(n) for n in CITATION.findall(sentence)]
        if not named or any(n < 1 or n > len(shown) for n in named):
            return None
        used.extend(n for n in named if n not in used)
    return used or None
