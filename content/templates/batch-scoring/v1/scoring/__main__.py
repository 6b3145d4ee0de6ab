"""Command line. Exit codes are in README.md."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from .contract import BrokenExtract
from .model import WrongModel, load
from .run import Differs, run

ROOT = Path(__file__).resolve().parent.parent


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scoring", description="Score one dated partition.")
    parser.add_argument("--day", type=date.fromisoformat, required=True, help="business day, such as 2026-11-01")
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=ROOT / "model" / "model.json")
    given = parser.parse_args(argv)
    try:
        expected = Path(f"{given.model}.sha256").read_text().split()[0]
        outcome = run(given.day, given.input, given.out, load(given.model, expected))
    except (BrokenExtract, Differs) as refused:
        print(f"nothing published: {refused}", file=sys.stderr)
        return 4
    except WrongModel as refused:
        print(f"nothing published: {refused}", file=sys.stderr)
        return 5
    word = "published" if outcome.published else "was published already"
    print(f"{outcome.partition} {word}: {outcome.rows} rows, {outcome.quarantined} quarantined")
    return 0 if outcome.published else 3


if __name__ == "__main__":
    sys.exit(main())
