import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assistant.supplier import Gateway, Unavailable, as_message

QUESTION, PASSAGES = "How long?", ["Kept for 90 days."]


class Desk(BaseHTTPRequestHandler):
    """A gateway that answers what the test has put on the server."""

    def do_POST(self):
        length = int(self.headers["content-length"])
        self.server.asked.append((dict(self.headers), json.loads(self.rfile.read(length))))
        if self.server.hold:
            # Until the test is over; by then nobody listens.
            self.server.release.wait(5)
            return
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


class Gateways(unittest.TestCase):
    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        self.server.asked, self.server.hold, self.server.release = [], False, threading.Event()
        self.answer(model="exact-model-1")
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.server.release.set)

    def answer(self, status=200, **fields):
        body = {"choices": [{"message": {"content": " For 90 days. [1]\n"}}], "usage": {"total_tokens": 42}, **fields}
        self.server.status, self.server.body = status, json.dumps(body).encode()

    def write(self, seconds=2.0):
        url = f"http://127.0.0.1:{self.server.server_port}/v1/chat/completions"
        return Gateway(url, "token-1", "exact-model-1", seconds).write("The prompt.", QUESTION, PASSAGES)

    def test_it_asks_for_the_exact_model_and_counts_tokens(self):
        written = self.write()
        self.assertEqual((written.text, written.tokens), ("For 90 days. [1]", 42))
        headers, body = self.server.asked[0]
        self.assertEqual(headers["authorization" if "authorization" in headers else "Authorization"], "Bearer token-1")
        self.assertEqual((body["model"], body["temperature"]), ("exact-model-1", 0))
        self.assertIn("<<passage 1>>\nKept for 90 days.\n<<end>>", body["messages"][1]["content"])

    def test_another_model_than_the_evaluated_one_is_no_answer(self):
        self.answer(model="exact-model-2")
        with self.assertRaisesRegex(Unavailable, "answered by exact-model-2"):
            self.write()

    def test_errors_and_nonsense_are_no_answer(self):
        for change in [{"status": 503}, {"status": 429}, {"choices": []}, {"usage": None}, {"model": None}]:
            with self.subTest(change):
                self.answer(**{"model": "exact-model-1", **change})
                with self.assertRaises(Unavailable):
                    self.write()
        self.server.status, self.server.body = 200, b"<html>"
        with self.assertRaises(Unavailable):
            self.write()

    def test_the_deadline_holds(self):
        self.server.hold = True
        with self.assertRaises(Unavailable):
            self.write(seconds=0.2)

    def test_passages_are_numbered_from_one(self):
        self.assertIn("<<passage 2>>\nb\n<<end>>", as_message("q", ["a", "b"]))
