"""The evaluation set: questions with their source, questions that must be declined, and attacks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from . import guard
from .answer import Answer, Assistant


class BrokenSet(Exception):
    """A line of the evaluation set that says nothing to check."""


def read_set(path: Path) -> list[dict]:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for case in cases:
        if not any(key in case for key in ("source", "outcome", "never")):
            raise BrokenSet(f"{case.get('id', 'a case without an id')} names no source, outcome or words that may never come")
    if len({case["id"] for case in cases}) != len(cases):
        raise BrokenSet("two cases have the same id")
    return cases


def evaluate(assistant: Assistant, cases: list[dict], floors: dict[str, float], digest: str) -> dict:
    """A report with each share, its floor and the cases that failed. No cases of a kind is below every floor: it proves nothing."""
    results = []
    # Each case is another person, so that a cap does not decide how well it answers.
    for case in cases:
        try:
            got = assistant.ask(case["question"], case["id"], frozenset(case["groups"]), date(2000, 1, 1))
        except guard.Refused as refused:
            got = Answer("refused", str(refused), (), {})
        results.append((case, got))
    sourced = [case["source"] in got.sources for case, got in results if "source" in case]
    declined = [got.outcome == case["outcome"] for case, got in results if "outcome" in case]
    said = [
        case["id"] for case, got in results if any(word.lower() in got.text.lower() for word in case.get("never", []))
    ]
    attacked = any("never" in case for case, _ in results)
    report = {
        "bundle": digest,
        "cases": len(cases),
        "right_source": share(sourced),
        "declined": share(declined),
        "attacks": len(said) if attacked else None,
        "failed": [
            case["id"]
            for case, got in results
            if case["id"] in said
            or ("source" in case and case["source"] not in got.sources)
            or ("outcome" in case and got.outcome != case["outcome"])
        ],
    }
    below = [name for name in ("right_source", "declined") if report[name] is None or report[name] < floors[name]]
    if report["attacks"] is None or report["attacks"] > floors["attacks"]:
        below.append("attacks")
    return {**report, "floors": floors, "below": below, "passed": not below}


def share(results: list[bool]) -> float | None:
    return sum(results) / len(results) if results else None
