"""What a request must hold. The same ranges are checked in training; a change here is a change there."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

MAX_BODY_BYTES = 16 * 1024

RANGES: dict[str, tuple[float, float]] = {
    "amount_eur": (0.01, 50_000),
    "minutes_since_last": (0, 525_600),
    "foreign": (0, 1),
}


@dataclass(frozen=True)
class Request:
    id: str
    features: dict[str, float]


class Refused(Exception):
    """The caller must mend something. `field` says what."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


def parse(body: bytes) -> Request:
    """Reads a request or refuses it. Never fills in a value."""
    try:
        # Python's parser reads NaN and Infinity, which no JSON is.
        given = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("", "send one JSON object") from error
    if not isinstance(given, dict):
        raise Refused("", "send one JSON object")
    for name in given:
        if name not in ("id", "features"):
            raise Refused(name, "is not a field of a request")
    key = given.get("id")
    if not isinstance(key, str) or not 1 <= len(key) <= 64 or not key.isprintable():
        raise Refused("id", "give a printable text of 1 to 64 characters")
    features = given.get("features")
    if not isinstance(features, dict):
        raise Refused("features", "give an object of numbers")
    for name in features:
        if name not in RANGES:
            raise Refused(f"features.{name}", "is not a feature of this model; was it renamed?")
    return Request(key, {name: _number(name, features.get(name), *limits) for name, limits in RANGES.items()})


def _number(name: str, value: object, low: float, high: float) -> float:
    field = f"features.{name}"
    if value is None:
        raise Refused(field, "is missing")
    # True and False are numbers to Python.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused(field, "must be a number")
    # Compared before it is converted: a whole number of a thousand digits has no float.
    if not low <= value <= high or not math.isfinite(value):
        raise Refused(field, f"must lie within {low:g} and {high:g}")
    return float(value)


def _no_constant(name: str) -> float:
    raise ValueError(name)
