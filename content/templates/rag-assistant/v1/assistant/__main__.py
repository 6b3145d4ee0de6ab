"""Command line. Exit codes are in README.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

from . import guard
from .answer import Assistant, OverCap
from .bundle import Bundle, WrongBundle, load
from .evaluate import evaluate, read_set
from .index import Index, read_folder
from .supplier import Gateway, StandIn, Supplier, Unavailable

ROOT = Path(__file__).resolve().parent.parent


def supplier_for(bundle: Bundle) -> Supplier:
    url = os.environ.get("GATEWAY_URL")
    if not url:
        return StandIn()
    return Gateway(url, os.environ.get("GATEWAY_TOKEN", ""), bundle.model, bundle.deadline_seconds)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="assistant", description="Answer from documents that the asker may read.")
    parser.add_argument("--bundle", type=Path, default=ROOT / "bundle" / "bundle.json")
    parser.add_argument("--documents", type=Path, default=ROOT / "documents")
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="ask one question")
    ask.add_argument("question")
    ask.add_argument("--groups", default="", help="the asker's groups, with commas between")
    measure = commands.add_parser("evaluate", help="run the evaluation set")
    measure.add_argument("--set", type=Path, default=ROOT / "evaluation" / "questions.jsonl")
    measure.add_argument("--floors", type=Path, default=ROOT / "evaluation" / "floors.json")
    measure.add_argument("--out", type=Path)
    given = parser.parse_args(argv)
    try:
        bundle = load(given.bundle, Path(f"{given.bundle}.sha256").read_text().split()[0])
        assistant = Assistant(bundle, Index(read_folder(given.documents)), supplier_for(bundle))
        if given.command == "evaluate":
            report = evaluate(assistant, read_set(given.set), json.loads(given.floors.read_text()), bundle.digest)
            text = json.dumps(report, indent=2) + "\n"
            if given.out:
                given.out.write_text(text)
            print(text, end="")
            return 0 if report["passed"] else 6
        groups = frozenset(g for g in given.groups.split(",") if g)
        answer = assistant.ask(given.question, "command-line", groups, date.today())
    except WrongBundle as refused:
        print(f"not started: {refused}", file=sys.stderr)
        return 5
    except (guard.Refused, OverCap) as refused:
        print(refused, file=sys.stderr)
        return 4
    except Unavailable as fault:
        print(f"The model did not answer ({fault}). Ask again later, or ask a person.", file=sys.stderr)
        return 7
    print(answer.text)
    for source in answer.sources:
        print(f"  {source}")
    print(json.dumps(answer.trace), file=sys.stderr)
    return 0 if answer.outcome == "answered" else 3


if __name__ == "__main__":
    sys.exit(main())
