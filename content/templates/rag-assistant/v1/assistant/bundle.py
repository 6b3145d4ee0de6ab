"""What is released: model, prompt and settings under one digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


class WrongBundle(Exception):
    """The bundle is not the one that was released."""


@dataclass(frozen=True)
class Bundle:
    digest: str
    model: str
    prompt: str
    not_found: str
    # Passages that the model sees at most.
    passages: int
    # Below this no passage answers the question, and the model is not called.
    least_score: float
    # Share of the question's words that a passage must hold: one shared rare word is no answer.
    least_share: float
    # Characters.
    longest_question: int
    deadline_seconds: float
    tokens_per_person_and_day: int
    traces_kept_days: int


def load(path: Path, expected: str) -> Bundle:
    """Reads the file once and parses the bytes that were hashed, so that nobody can swap it in between."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        raise WrongBundle(f"{path.name} has digest {digest}, released was {expected}")
    return Bundle(digest=digest, **json.loads(content))
