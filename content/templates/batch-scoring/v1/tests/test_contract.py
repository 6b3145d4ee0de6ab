import unittest

from scoring import contract

GOOD = {"customer_id": "c1", "months_active": "12", "logins_30d": "4", "balance_change_90d": "0.1", "complaints_365d": "0"}


class Contract(unittest.TestCase):
    def test_a_good_row_is_read(self):
        key, features = contract.parse(GOOD)
        self.assertEqual(key, "c1")
        self.assertEqual(features["months_active"], 12.0)

    def test_what_a_row_may_not_hold_is_named(self):
        for change, reason in [
            ({"customer_id": " "}, "customer_id is empty"),
            ({"logins_30d": ""}, "logins_30d is not a number"),
            ({"logins_30d": "nan"}, "logins_30d is not a number"),
            ({"logins_30d": "inf"}, "logins_30d is not a number"),
            ({"months_active": "2"}, "months_active is outside 3 to 900"),
            ({"balance_change_90d": "-1.5"}, "balance_change_90d is outside -1 to 100"),
        ]:
            with self.subTest(change):
                self.assertEqual(contract.parse({**GOOD, **change}), reason)

    def test_a_short_row_is_refused_and_does_not_raise(self):
        self.assertEqual(contract.parse({**GOOD, "complaints_365d": None}), "complaints_365d is not a number")

    def test_missing_columns_are_all_named(self):
        with self.assertRaisesRegex(contract.BrokenExtract, "logins_30d, complaints_365d"):
            contract.check_header(["customer_id", "months_active", "balance_change_90d"])

    def test_more_columns_are_no_fault(self):
        contract.check_header([*GOOD, "segment"])

    def test_two_in_a_hundred_pass_and_three_do_not(self):
        contract.insist_on_share(2, 100)
        with self.assertRaises(contract.BrokenExtract):
            contract.insist_on_share(3, 100)

    def test_an_empty_extract_is_a_broken_one(self):
        with self.assertRaises(contract.BrokenExtract):
            contract.insist_on_share(0, 0)
