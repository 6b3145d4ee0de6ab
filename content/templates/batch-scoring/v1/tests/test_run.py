"""The nights that go wrong, and the one that does not."""

import contextlib
import io
import json
import tempfile
import unittest
from datetime import date
from pathlib import Path

from scoring.__main__ import ROOT, main
from scoring.contract import BrokenExtract
from scoring.model import WrongModel, load
from scoring.run import Differs, publish, run

DAY = date(2026, 11, 1)
HEADER = "customer_id,months_active,logins_30d,balance_change_90d,complaints_365d"
MODEL = load(ROOT / "model" / "model.json", (ROOT / "model" / "model.json.sha256").read_text().split()[0])


def extract(rows):
    return "\n".join([HEADER, *rows]) + "\n"


ROWS = [f"c{n:03},{12 + n},{n % 30},0.1,{n % 3}" for n in range(100)]


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name) / "out"
        self.source = Path(folder.name) / "in.csv"

    def score(self, rows, day=DAY):
        self.source.write_text(extract(rows))
        return run(day, self.source, self.out, MODEL)

    def listing(self):
        return sorted(p.name for p in self.out.iterdir()) if self.out.exists() else []

    def test_a_good_night(self):
        outcome = self.score(ROWS)
        self.assertEqual((outcome.rows, outcome.quarantined, outcome.published), (100, 0, True))
        self.assertEqual(self.listing(), ["day=2026-11-01"])
        manifest = json.loads((outcome.partition / "manifest.json").read_text())
        self.assertEqual(manifest["model_sha256"], MODEL.digest)
        self.assertEqual(manifest["rows"], 100)

    def test_the_same_input_gives_the_same_bytes_in_whatever_order_it_came(self):
        first = self.score(ROWS)
        before = (first.partition / "scores.csv").read_bytes()
        other = self.score(list(reversed(ROWS)), date(2026, 11, 2))
        self.assertEqual((other.partition / "scores.csv").read_bytes(), before)

    def test_a_rerun_changes_nothing_and_says_so(self):
        self.score(ROWS)
        self.assertFalse(self.score(ROWS).published)

    def test_a_rerun_with_other_data_does_not_overwrite(self):
        first = self.score(ROWS)
        before = (first.partition / "manifest.json").read_bytes()
        with self.assertRaises(Differs):
            self.score(ROWS[:90])
        self.assertEqual((first.partition / "manifest.json").read_bytes(), before)

    def test_bad_rows_are_set_aside_with_their_line_and_reason(self):
        outcome = self.score([*ROWS[:99], "c999,oops,1,0.1,0"])
        self.assertEqual(outcome.quarantined, 1)
        self.assertEqual(
            (outcome.partition / "quarantine.csv").read_text(), "line,reason\n101,months_active is not a number\n"
        )

    def test_a_customer_who_occurs_twice_is_scored_once(self):
        outcome = self.score([*ROWS, ROWS[0]])
        self.assertEqual((outcome.rows, outcome.quarantined), (100, 1))

    def test_a_broken_extract_publishes_nothing(self):
        with self.assertRaises(BrokenExtract):
            self.score([*ROWS[:90], *(f"x{n},oops,1,0.1,0" for n in range(10))])
        self.assertEqual(self.listing(), [])

    def test_a_disk_that_fails_leaves_nothing_that_looks_like_a_result(self):
        with self.assertRaises(TypeError):
            publish(self.out / "day=2026-11-01", {"scores.csv": b"ok", "manifest.json": None})
        self.assertEqual(self.listing(), [])

    def test_a_model_that_was_not_released_is_refused(self):
        with self.assertRaises(WrongModel):
            load(ROOT / "model" / "model.json", "0" * 64)

    def test_extreme_features_do_not_overflow(self):
        far = dict.fromkeys(MODEL.coefficients, 0.0)
        self.assertEqual(MODEL.score({**far, "complaints_365d": 1e6}), 1.0)
        self.assertAlmostEqual(MODEL.score({**far, "logins_30d": 1e6}), 0.0)

    def test_the_command_line_says_how_it_ended(self):
        def call():
            arguments = ["--day", "2026-11-01", "--input", str(self.source), "--out", str(self.out)]
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                return main(arguments)

        self.source.write_text(extract(ROWS))
        self.assertEqual([call(), call()], [0, 3])
        self.source.write_text("customer_id\nc1\n")
        self.assertEqual(call(), 4)
