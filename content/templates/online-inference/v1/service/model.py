"""The model behind two functions. Replace what is inside; keep that a file with another digest is refused."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path


class WrongModel(Exception):
    """The artefact is not the one that was released."""


@dataclass(frozen=True)
class Model:
    digest: str
    intercept: float
    coefficients: dict[str, float]

    def score(self, features: dict[str, float]) -> float:
        """Probability between 0 and 1."""
        z = self.intercept + sum(weight * features[name] for name, weight in self.coefficients.items())
        # Both forms are the same function; each overflows where the other does not.
        return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def load(path: Path, expected: str) -> Model:
    """Reads the artefact once and parses the bytes that were hashed, so that nobody can swap the file in between."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected.lower().removeprefix("sha256:"):
        raise WrongModel(f"{path.name} has digest {digest}, released was {expected or 'none'}")
    parsed = json.loads(content)
    return Model(digest, float(parsed["intercept"]), {k: float(v) for k, v in parsed["coefficients"].items()})
