"""One run: check, score, write aside, publish."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import contract
from .model import Model


@dataclass(frozen=True)
class Outcome:
    partition: Path
    rows: int
    quarantined: int
    # False: the partition was there already, with the same bytes.
    published: bool


class Differs(Exception):
    """The partition is there with other bytes. Somebody must look before one of the two is used."""


def run(day: date, source: Path, out: Path, model: Model) -> Outcome:
    """Scores `source` and publishes `out/day=YYYY-MM-DD`. Raises BrokenExtract or Differs and then publishes nothing."""
    content = source.read_bytes()
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    contract.check_header(list(reader.fieldnames) if reader.fieldnames else None)
    scored: dict[str, float] = {}
    quarantine: list[tuple[int, str]] = []
    for number, row in enumerate(reader, start=2):
        parsed = contract.parse(row)
        if isinstance(parsed, str):
            quarantine.append((number, parsed))
        elif parsed[0] in scored:
            quarantine.append((number, f"{contract.KEY} occurs twice"))
        else:
            scored[parsed[0]] = model.score(parsed[1])
    contract.insist_on_share(len(quarantine), len(scored) + len(quarantine))

    # Sorted and rounded, so that the same input gives the same bytes whatever order the extract came in.
    files = {
        "scores.csv": table(["customer_id", "score"], [(key, f"{scored[key]:.6f}") for key in sorted(scored)]),
        # Line and reason only: the quarantine is read by more people than the extract.
        "quarantine.csv": table(["line", "reason"], quarantine),
    }
    manifest = {
        "day": day.isoformat(),
        "input_sha256": digest(content),
        "model_sha256": model.digest,
        "rows": len(scored),
        "quarantined": len(quarantine),
        "files": {name: digest(data) for name, data in files.items()},
    }
    files["manifest.json"] = (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()
    partition = out / f"day={day.isoformat()}"
    return Outcome(partition, len(scored), len(quarantine), publish(partition, files))


def publish(partition: Path, files: dict[str, bytes]) -> bool:
    """Writes aside, forces it to disk, then renames: readers see all of it or nothing."""
    if partition.exists():
        there = {p.name: p.read_bytes() for p in partition.iterdir()}
        if there == files:
            return False
        raise Differs(f"{partition} is published with other contents; keep one of the two aside and say why")
    partition.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=partition.parent))
    try:
        # mkdtemp makes it private to us; the consumer reads it as somebody else.
        aside.chmod(0o755)
        for name, data in files.items():
            with open(aside / name, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        os.rename(aside, partition)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return True


def table(header: list[str], rows: list[tuple]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
