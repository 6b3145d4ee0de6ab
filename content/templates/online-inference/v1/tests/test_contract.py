import json
import unittest

from service.contract import Refused, parse

GOOD = {"id": "p1", "features": {"amount_eur": 120, "minutes_since_last": 3, "foreign": 1}}


class Contract(unittest.TestCase):
    def refused(self, body):
        with self.assertRaises(Refused) as caught:
            parse(body if isinstance(body, bytes) else json.dumps(body).encode())
        return str(caught.exception)

    def test_a_good_request_is_read(self):
        self.assertEqual(parse(json.dumps(GOOD).encode()).features["amount_eur"], 120.0)

    def test_what_is_no_request_at_all(self):
        for body in (b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000):
            with self.subTest(body[:12]):
                self.assertEqual(self.refused(body), "send one JSON object")

    def test_a_missing_feature_is_refused_and_never_zero(self):
        features = {k: v for k, v in GOOD["features"].items() if k != "foreign"}
        self.assertEqual(self.refused({**GOOD, "features": features}), "features.foreign: is missing")

    def test_an_unknown_feature_is_refused(self):
        self.assertIn("renamed", self.refused({**GOOD, "features": {**GOOD["features"], "amount": 1}}))

    def test_ranges_and_types(self):
        for value in (-1, 60_000, 10**400, "12", True, None, [1]):
            with self.subTest(value):
                message = self.refused({**GOOD, "features": {**GOOD["features"], "amount_eur": value}})
                self.assertTrue(message.startswith("features.amount_eur: "), message)

    def test_fields_that_nobody_asked_for(self):
        self.assertEqual(self.refused({**GOOD, "debug": True}), "debug: is not a field of a request")

    def test_an_id_that_would_break_a_log_line(self):
        self.assertIn("printable", self.refused({**GOOD, "id": "p1\nstatus=200"}))
