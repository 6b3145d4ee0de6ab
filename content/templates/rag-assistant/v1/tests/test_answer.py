import unittest
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.answer import Assistant, OverCap
from assistant.bundle import WrongBundle, load
from assistant.guard import Refused
from assistant.index import Index, read_folder
from assistant.supplier import StandIn, Written

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = load(ROOT / "bundle" / "bundle.json", (ROOT / "bundle" / "bundle.json.sha256").read_text().split()[0])
INDEX = Index(read_folder(ROOT / "documents"))
ALL = frozenset({"all"})
DAY = date(2026, 11, 21)


class Says:
    """A supplier that says one thing and remembers what it was shown."""

    def __init__(self, text, tokens=10):
        self.text, self.tokens, self.seen = text, tokens, []

    def write(self, prompt, question, passages):
        self.seen.append((question, passages))
        return Written(self.text, self.tokens)


def ask(supplier, question="How long are traces kept?", groups=ALL, bundle=BUNDLE):
    return Assistant(bundle, INDEX, supplier).ask(question, "ola", groups, DAY)


class Answers(unittest.TestCase):
    def test_an_answer_names_its_source_and_its_trace_holds_no_words(self):
        answer = ask(StandIn())
        self.assertEqual((answer.outcome, answer.sources), ("answered", ("retention.md",)))
        self.assertEqual(answer.trace["bundle"], BUNDLE.digest)
        self.assertNotIn("kept", str(answer.trace))

    def test_without_a_passage_the_model_is_not_called(self):
        supplier = Says("Ulaanbaatar. [1]")
        self.assertEqual(ask(supplier, "What is the capital of Mongolia?").outcome, "not_found")
        self.assertEqual(ask(supplier, "How long are traces kept?", frozenset()).outcome, "not_found")
        self.assertEqual(supplier.seen, [])

    def test_a_secret_passage_is_never_shown_to_the_model(self):
        supplier = Says("NOT FOUND")
        ask(supplier, "What is the salary band of a principal engineer of the people team?")
        self.assertNotIn("kroner", str(supplier.seen))

    def test_an_attack_in_a_document_does_not_reach_the_model(self):
        supplier = Says("They are paid after 30 days. [1]")
        ask(supplier, "Notes of suppliers: when are invoices of suppliers paid?")
        self.assertIn("30 days", str(supplier.seen))
        self.assertNotIn("previous instructions", str(supplier.seen))
        self.assertNotIn("evil.example", str(supplier.seen))

    def test_what_rests_on_nothing_is_withheld_and_counted(self):
        for text in ["They are kept for ever.", "They are kept. [9]", BUNDLE.prompt + " [1]"]:
            with self.subTest(text):
                answer = ask(Says(text))
                self.assertEqual((answer.outcome, answer.text), ("ungrounded", BUNDLE.not_found))

    def test_the_model_may_decline(self):
        self.assertEqual(ask(Says("NOT FOUND")).outcome, "not_found")

    def test_the_model_sees_no_personal_data_of_the_question(self):
        supplier = Says("NOT FOUND")
        ask(supplier, "How long are traces of ola@example.com kept?")
        self.assertNotIn("ola@", str(supplier.seen))

    def test_a_person_has_a_cap_for_a_day_and_not_for_the_next(self):
        assistant = Assistant(replace(BUNDLE, tokens_per_person_and_day=15), INDEX, Says("For 90 days. [1]"))
        for _ in range(2):
            assistant.ask("How long are traces kept?", "ola", ALL, DAY)
        with self.assertRaises(OverCap):
            assistant.ask("How long are traces kept?", "ola", ALL, DAY)
        assistant.ask("How long are traces kept?", "kari", ALL, DAY)
        assistant.ask("How long are traces kept?", "ola", ALL, date(2026, 11, 22))

    def test_a_question_that_is_too_long_is_refused(self):
        with self.assertRaises(Refused):
            ask(StandIn(), "traces " * 200)


class Released(unittest.TestCase):
    def test_another_bundle_is_not_started(self):
        with self.assertRaisesRegex(WrongBundle, "released was 0000"):
            load(ROOT / "bundle" / "bundle.json", "0000")
