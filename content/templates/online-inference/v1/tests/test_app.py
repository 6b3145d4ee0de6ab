"""A real server on a free port."""

import http.client
import json
import logging
import threading
import unittest

from service.app import Service, Settings, decide, server
from service.model import WrongModel, load
from service.__main__ import ROOT

GOOD = {"id": "p1", "features": {"amount_eur": 120, "minutes_since_last": 3, "foreign": 1}}
DIGEST = (ROOT / "model" / "model.json.sha256").read_text().split()[0]


class Held:
    """A model that answers when the test says so."""

    digest = "held"

    def __init__(self):
        self.entered = threading.Semaphore(0)
        self.go = threading.Event()

    def score(self, _features):
        self.entered.release()
        self.go.wait(30)
        return 0.9


class Says:
    digest = "says"

    def __init__(self, value):
        self.value = value

    def score(self, _features):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class App(unittest.TestCase):
    def start(self, model, **settings):
        # A busy machine is no fault of the service: only tests of the deadline set a short one.
        service = Service(model, Settings(**{"deadline": 30, **settings}))
        running = server(service, 0)
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.addCleanup(running.server_close)
        self.addCleanup(running.shutdown)
        self.port = running.server_port
        return service

    def call(self, method="POST", path="/v1/score", body=GOOD, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.addCleanup(connection.close)
        content = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection.request(method, path, content, headers or {})
        response = connection.getresponse()
        return response, response.read()

    def score(self, body=GOOD):
        response, content = self.call(body=body)
        return response.status, json.loads(content)

    def test_the_released_model_answers_and_says_which_it_is(self):
        self.start(load(ROOT / "model" / "model.json", DIGEST))
        status, answer = self.score()
        self.assertEqual((status, answer["source"], answer["model_sha256"]), (200, "model", DIGEST))
        self.assertEqual(answer["decision"], "review")
        self.assertAlmostEqual(answer["score"], 0.136, places=2)

    def test_another_artefact_or_none_named_does_not_load(self):
        for digest in ("0" * 64, ""):
            with self.assertRaises(WrongModel):
                load(ROOT / "model" / "model.json", digest)

    def test_thresholds_belong_to_the_stricter_side(self):
        s = Settings()
        self.assertEqual([decide(x, s) for x in (0.0999, 0.1, 0.4999, 0.5)], ["release", "review", "review", "hold"])

    def test_a_late_model_gives_the_default_and_is_counted_as_one(self):
        model = Held()
        service = self.start(model, deadline=0.01)
        status, answer = self.score()
        self.assertEqual((status, answer["source"], answer["decision"], answer["score"]), (200, "default", "review", None))
        self.assertIn('scoring_answers_total{source="default"} 1', service.metrics.text("x"))
        model.go.set()

    def test_a_failing_model_gives_the_default(self):
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        for value in (RuntimeError("no"), float("nan"), 1.5):
            with self.subTest(str(value)):
                self.start(Says(value))
                self.assertEqual(self.score()[1]["source"], "default")

    def test_one_more_than_it_can_hold_is_shed_at_once(self):
        model = Held()
        self.start(model, max_at_once=2)
        others = [threading.Thread(target=self.score) for _ in range(2)]
        for thread in others:
            thread.start()
        for _ in others:
            self.assertTrue(model.entered.acquire(timeout=30))
        response, _body = self.call()
        self.assertEqual((response.status, response.getheader("Retry-After")), (503, "1"))
        model.go.set()
        for thread in others:
            thread.join(30)
        self.assertEqual(self.score()[0], 200)

    def test_a_late_answer_gives_its_place_back_only_when_the_model_is_done(self):
        model = Held()
        self.start(model, deadline=0.01, max_at_once=1)
        self.assertEqual(self.score()[1]["source"], "default")
        self.assertEqual(self.score()[0], 503)
        model.go.set()

    def test_leaving_is_not_ready_and_still_answers(self):
        service = self.start(Says(0.2))
        self.assertEqual(self.call("GET", "/readyz", None)[0].status, 200)
        service.leaving = True
        self.assertEqual(self.call("GET", "/readyz", None)[0].status, 503)
        self.assertEqual(self.score()[0], 200)

    def test_drained_takes_no_more_and_is_still_alive(self):
        service = self.start(Says(0.2))
        service.drain()
        self.assertEqual(self.score()[0], 503)
        self.assertEqual(self.call("GET", "/healthz", None)[0].status, 200)

    def test_a_refusal_names_the_field(self):
        self.start(Says(0.2))
        status, answer = self.score({**GOOD, "features": {}})
        self.assertEqual((status, answer["field"]), (422, "features.amount_eur"))

    def test_a_body_too_large_is_refused_unread(self):
        self.start(Says(0.2))
        for length in (str(10**6), "9" * 5000):
            response, _body = self.call(body=b"", headers={"Content-Length": length})
            self.assertEqual((response.status, response.getheader("Connection")), (413, "close"))

    def test_lengths_that_are_no_numbers(self):
        self.start(Says(0.2))
        for length in ("-1", "1e3", "\u0661"):
            with self.subTest(length):
                response, _body = self.call(body=b"", headers={"Content-Length": length.encode()})
                self.assertEqual(response.status, 411)

    def test_metrics_count_what_happened_and_hold_no_features(self):
        self.start(Says(0.2))
        self.score()
        self.score({"id": "p2"})
        _response, content = self.call("GET", "/metrics", None)
        text = content.decode()
        for line in ('scoring_requests_total{status="200"} 1', 'scoring_requests_total{status="422"} 1', "scoring_seconds_count 1"):
            self.assertIn(line, text)
        self.assertNotIn("p2", text)

    def test_other_addresses_are_not_found(self):
        self.start(Says(0.2))
        self.assertEqual(self.call("GET", "/v1/score", None)[0].status, 404)
        self.assertEqual(self.call("POST", "/score")[0].status, 404)
