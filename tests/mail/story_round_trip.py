"""Ten turns from a customer's mailbox to an agent and back, as every mail program keeps a thread."""

from support.letters import letter, plain, post, quoting, rich
from support.stage import DRAFTS, Story, inbox
from support.wait import until

DOCUMENTED = [
    "How long do I have to return something?",
    "How can I check my gift card balance?",
    "How do I wash merino?",
    "How do I cancel a course?",
    "Which payment methods do you accept?",
]
OWN = [f"Here is number {number}: your parcel leaves on day {number}." for number in range(6, 11)]


class RoundTrip(Story):
    def test_ten_turns_stay_one_thread_in_both_directions(self):
        customer, shop = self.mailbox("cora@customer.test"), self.mailbox("shop@shop.test")
        program = self.sureply(DRAFTS + inbox(shop.address, from_name="Hollow Oak")).begin()
        conversation, answer, sent, received = None, None, [], []
        for turn in range(1, 11):
            is_documented = turn <= len(DOCUMENTED)
            text = DOCUMENTED[turn - 1] if is_documented else f"And what about number {turn}?"
            body = text if answer is None else quoting(text, answer, "Hollow Oak")
            markup = f"<p>{text}</p>" if answer is None else None
            subject = "A few questions" if answer is None else answer["Subject"]
            sent.append(post(letter("Cora <cora@customer.test>", shop.address, subject, body, answer, markup)))
            until(f"turn {turn} arrives", lambda: len(self._said(program, "customer")) == turn)
            conversation = conversation or program.conversation_with(text)
            if is_documented:
                words = program.desk.approve(conversation)
            else:
                words = OWN[turn - len(DOCUMENTED) - 1]
                program.desk.reply(conversation, words)
            answer = customer.await_mails(turn, f"after turn {turn}")[-1]
            received.append(answer)
            self._is_an_answer(answer, sent[-1], words, shop)
            # Which mail was answered is told by its number in the thread, too.
            ids = [it["Message-ID"] for pair in zip(sent, received) for it in pair][:-1]
            self.assertEqual(answer["References"].split()[-1], sent[-1]["Message-ID"])
            self.assertLessEqual(set(answer["References"].split()), set(ids))
        self._are_one_conversation(program, conversation, sent, received)
        self.figure(f"10 turns, {len(sent) + len(received)} mails, one conversation, no quote among the new words")

    def test_files_that_an_agent_attaches_arrive_as_they_are(self):
        customer, shop = self.mailbox("files@customer.test"), self.mailbox("files@shop.test")
        program = self.sureply(DRAFTS + inbox(shop.address)).begin()
        post(letter(customer.address, shop.address, "A label", "Please send me the label."))
        conversation = program.conversation_with("send me the label")
        # Every byte there is, and lines that a mail must not break.
        picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300
        text = ("Größe 42\r\n.\r\nFrom here on\n" + "x" * 5000).encode()
        files = [("label.png", picture, "image/png"), ("Rücksendung 1.txt", text, "text/plain")]
        ids = [program.desk.attach(conversation, name, content) for name, content, _ in files]
        program.desk.reply(conversation, "Here is the label.", ids)
        mail = customer.await_mails(1)[0]
        self.assertIn("Here is the label.", plain(mail))
        self.assertEqual(mail.get_content_type(), "multipart/mixed")
        arrived = [(it.get_filename(), it.get_payload(decode=True), it.get_content_type()) for it in mail.iter_attachments()]
        self.assertEqual(arrived, files)
        self.assertEqual({it.get_content_disposition() for it in mail.iter_attachments()}, {"attachment"})

    def _said(self, program, author):
        return [it["body"] for it in program.messages() if it["author"] == author]

    def _is_an_answer(self, answer, question, words, shop):
        self.assertEqual(answer["In-Reply-To"], question["Message-ID"])
        self.assertEqual(answer["Subject"], "Re: A few questions")
        self.assertEqual(answer["To"].addresses[0].addr_spec, "cora@customer.test")
        self.assertEqual(answer["From"].addresses[0].addr_spec, shop.address)
        self.assertEqual(answer["From"].addresses[0].display_name, "Hollow Oak")
        self.assertTrue(answer["Message-ID"].endswith("@shop.test>"), answer["Message-ID"])
        self.assertIsNotNone(answer["Date"])
        self.assertEqual(answer.get_content_type(), "multipart/alternative")
        # A person approved or wrote it, so that it is no automatic mail.
        self.assertIsNone(answer["Auto-Submitted"])
        self.assertIsNone(answer["Cc"])
        first = " ".join(words.split()[:4]).replace("*", "")
        self.assertIn(first, " ".join(plain(answer).replace("*", "").split()))
        self.assertIn("<html", rich(answer).lower())
        self.assertNotIn("http://", rich(answer).split("<body")[-1])

    def _are_one_conversation(self, program, conversation, sent, received):
        messages = program.messages()
        self.assertEqual({it["conversation_id"] for it in messages}, {conversation})
        ids = [it["Message-ID"] for it in received]
        self.assertEqual(len(set(ids)), len(ids), "each answer has a Message-ID of its own")
        for mail, words in zip(sent, self._said(program, "customer")):
            new = plain(mail).split("\n")[0]
            self.assertEqual(words.strip(), new, "only the new words, without what they quote")
        states = [it["delivery"] for it in messages if it["author"] in ("agent", "bot") and it["delivery"]]
        self.assertEqual(set(states), {"sent"})
        page = program.desk.reads(conversation)
        self.assertIn(OWN[-1], page)
