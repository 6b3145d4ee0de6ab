import unittest

from assistant.index import BrokenDocument, Index, read_document, words

ALL = frozenset({"all"})


def document(name, body, groups="all"):
    return read_document(name, f"---\ngroups: [{groups}]\n---\n{body}")


class Documents(unittest.TestCase):
    def test_a_passage_is_a_paragraph_with_its_heading(self):
        passages = document("a.md", "# Leave\n\nForty-nine weeks.\n\n## Part time\n\nOver three\nyears.")
        self.assertEqual([p.text for p in passages], ["Leave. Forty-nine weeks.", "Part time. Over three years."])
        self.assertEqual([p.number for p in passages], [1, 2])

    def test_a_heading_right_above_its_text_belongs_to_it(self):
        self.assertEqual([p.text for p in document("a.md", "# Leave\nForty-nine weeks.")], ["Leave. Forty-nine weeks."])

    def test_a_document_that_does_not_say_who_may_read_it_is_refused(self):
        for content in ["# Leave\n\nText.", "---\nowner: x\n---\nText.", "---\ngroups: []\n---\nText.", "---\ngroups: [ , ]\n---\nText."]:
            with self.subTest(content), self.assertRaisesRegex(BrokenDocument, "a.md"):
                read_document("a.md", content)

    def test_words_leave_out_what_says_nothing(self):
        self.assertEqual(words("How long are the Traces kept?"), ["long", "trace", "kept"])


class Search(unittest.TestCase):
    def setUp(self):
        self.index = Index(
            document("leave.md", "Parental leave is 49 weeks.")
            + document("pay.md", "Parental leave of directors is paid twice.", "board")
            + document("tea.md", "Tea is served at three.")
        )

    def test_the_passage_that_holds_most_of_the_rare_words_comes_first(self):
        found = self.index.search("How many weeks is parental leave?", ALL, 3)
        self.assertEqual([f.passage.source for f in found], ["leave.md"])
        self.assertAlmostEqual(found[0].share, 3 / 4)

    def test_what_the_asker_may_not_read_changes_nothing(self):
        without = Index(document("leave.md", "Parental leave is 49 weeks.") + document("tea.md", "Tea is served at three."))
        for question in ["parental leave", "directors", "tea at three"]:
            with self.subTest(question):
                self.assertEqual(self.index.search(question, ALL, 3), without.search(question, ALL, 3))

    def test_groups_open_what_they_name_and_none_open_nothing(self):
        board = self.index.search("parental leave", frozenset({"board"}), 3)
        self.assertEqual([f.passage.source for f in board], ["pay.md"])
        self.assertEqual(self.index.search("parental leave", frozenset(), 3), [])

    def test_a_question_of_common_words_finds_nothing(self):
        self.assertEqual(self.index.search("What is it of the?", ALL, 3), [])

    def test_equal_scores_come_in_the_order_of_names(self):
        same = Index(document("b.md", "Coffee at four.") + document("a.md", "Coffee at four."))
        self.assertEqual([f.passage.source for f in same.search("coffee", ALL, 3)], ["a.md", "b.md"])
