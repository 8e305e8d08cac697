"""More than two in one thread: others join, nobody is answered who did not ask."""

import email.policy

from support.letters import letter, post, quoting
from support.stage import DRAFTS, Story, inbox
from support.wait import stays, until


class People(Story):
    def setUp(self):
        super().setUp()
        name = self.id().split("_")[-1]
        self.shop = self.mailbox(f"people-{name}@shop.test")
        self.cora, self.carl = self.mailbox(f"cora-{name}@customer.test"), self.mailbox(f"carl-{name}@customer.test")
        self.program = self.sureply(DRAFTS + inbox(self.shop.address)).begin()

    def _thread(self, cc=None):
        """Cora asks, and is answered; returns the conversation and her answer."""
        self.question = letter(self.cora.address, self.shop.address, "Two tents", "I want to ask about two tents.", Cc=cc)
        post(self.question)
        conversation = self.program.conversation_with("about two tents")
        self.program.desk.reply(conversation, "What do you want to know about the tents?")
        return conversation, self.cora.await_mails(1)[0]

    def _turns(self):
        return self.program.value("select count(*) from turn")

    def test_only_who_asked_is_answered_alone(self):
        conversation, answer = self._thread(cc=f"{self.carl.address}, boss@else.test")
        self.assertEqual([it.addr_spec for it in answer["To"].addresses], [self.cora.address])
        self.assertIsNone(answer["Cc"])
        stays("the others get nothing of ours", lambda: len(self.carl.mails()) == 1, 2)
        self.assertEqual(len(self.servers.sink.to("boss@else.test")), 1, "only what Cora wrote herself")

    def test_somebody_else_joins_and_asks_nothing_of_the_bot_third(self):
        conversation, answer = self._thread(cc=self.carl.address)
        self.program.desk.post(f"/conversations/{conversation}/give-back", queue="all")
        until("nothing is considered any more", lambda: not self.program.rows("select 1 from turn where state = 'open'"))
        turns = self._turns()
        text = "How long do I have to return something? Carl asks that."
        post(letter(self.carl.address, self.shop.address, f"Re: {answer['Subject']}", quoting(text, answer, "the shop"), answer))
        until("Carl is heard", lambda: self.program.rows("select 1 from message where body like '%Carl asks that%'"))
        self.assertEqual(self.program.conversation_with("Carl asks that"), conversation)
        said = self.program.rows("select author from message where body like '%Carl asks that%'")
        self.assertEqual([it["author"] for it in said], ["participant"])
        stays("it opens no turn", lambda: self._turns() == turns, 3)
        self.assertFalse(self.program.rows("select 1 from draft where state = 'proposed'"))
        page = self.program.desk.reads(conversation)
        self.assertIn(self.carl.address, page)
        # What is answered now still goes to Cora alone.
        self.program.desk.reply(conversation, "Thank you both.")
        self.assertEqual([it.addr_spec for it in self.cora.await_mails(2)[-1]["To"].addresses], [self.cora.address])
        self.assertFalse([it for it in self.carl.mails() if it["From"].addresses[0].addr_spec == self.shop.address])

    def test_a_number_in_the_subject_helps_only_whoever_it_was_given_stranger(self):
        conversation, answer = self._thread()
        # Somebody who knows the subject, and no Message-ID of ours.
        post(letter("eve@customer.test", self.shop.address, answer["Subject"], "Eve wants to read along."))
        self.assertNotEqual(self.program.conversation_with("Eve wants to read along"), conversation)

    def test_people_answer_where_reply_to_says_and_who_wrote_stays_the_contact_reply(self):
        post(letter(self.cora.address, self.shop.address, "A form", "Written by a form.", Reply_To=self.carl.address))
        conversation = self.program.conversation_with("Written by a form")
        self.assertIn(f"goes to {self.carl.address}", self.program.desk.reads(conversation))
        self.program.desk.reply(conversation, "This goes where the form says.")
        answer = self.carl.await_mails(1)[0]
        self.assertEqual([it.addr_spec for it in answer["To"].addresses], [self.carl.address])
        contact = self.program.value("select i.value from identity i join conversation c on c.contact_id = i.contact_id")
        self.assertEqual(contact, self.cora.address)
        self.assertFalse(self.cora.mails())
        # Her next mail asks for nothing of the kind, and is answered to herself.
        post(letter(self.cora.address, self.shop.address, "Re: A form", "Written by Cora herself.", answers=answer))
        self.assertEqual(self.program.conversation_with("Written by Cora herself"), conversation)
        self.assertNotIn(f"goes to {self.carl.address}", self.program.desk.reads(conversation))
        self.program.desk.reply(conversation, "This goes to Cora.")
        self.cora.await_mails(1)
        self.assertEqual(len(self.carl.mails()), 1)

    def test_a_reply_to_of_our_own_is_none_own(self):
        own = self.shop.address.replace("@", "+anything@")
        post(letter(self.cora.address, self.shop.address, "A ring", "Answer yourselves.", Reply_To=own))
        conversation = self.program.conversation_with("Answer yourselves")
        self.program.desk.reply(conversation, "This goes to Cora.")
        self.cora.await_mails(1)
        self.assertEqual(len(self.shop.mails()), 1, "nothing came back to ourselves")

    def test_a_new_subject_without_references_begins_anew(self):
        post(letter(self.cora.address, self.shop.address, "Two tents", "I want to ask about two tents."))
        conversation = self.program.conversation_with("about two tents")
        post(letter(self.cora.address, self.shop.address, "Something else", "This is about a kayak."))
        self.assertNotEqual(self.program.conversation_with("about a kayak"), conversation)

    def test_programs_that_drop_references_are_followed_by_what_is_left(self):
        conversation, answer = self._thread()
        for name, headers in (("only", {"In_Reply_To": answer["Message-ID"]}), ("older", {"References": answer["Message-ID"]})):
            post(letter(self.cora.address, self.shop.address, "Re: whatever", f"Here is {name} header.", **headers))
            self.assertEqual(self.program.conversation_with(f"Here is {name} header"), conversation)
        # As Python writes it: =?utf-8?q?=3C…?=
        post(letter(self.cora.address, self.shop.address, "Re: whatever", "Here is an encoded header.",
                    In_Reply_To=answer["Message-ID"]), policy=email.policy.SMTP)
        self.assertEqual(self.program.conversation_with("Here is an encoded header"), conversation)
