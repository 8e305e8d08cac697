"""A server that fails in the middle: what certainly did not arrive is sent again, what may have is not."""

import email
import imaplib

from support.dovecot import PASSWORD
from support.letters import letter, post
from support.sink import ABORT, BUSY, LATER, SLOW
from support.stage import DRAFTS, Story, inbox
from support.wait import stays, until


# A delivery that is left behind is settled after so many seconds.
LEASE = "[worker]\nlease_seconds = 8\n"


class Faults(Story):
    def _ask(self, name, *faults, **settings):
        """A customer elsewhere asks; the answer to them will meet these faults."""
        sink, shop = self.servers.sink, self.mailbox(f"{name}@shop.test")
        customer = f"{name}@else.test"
        sink.plan(customer, *faults)
        settings = {"smtp": {"port": sink.port, "timeout_seconds": 10}, **settings}
        program = self.sureply(DRAFTS + LEASE + inbox(shop.address, **settings)).begin()
        post(letter(customer, shop.address, "My order", f"Where is the order of {name}?"))
        conversation = program.conversation_with(f"order of {name}")
        program.desk.reply(conversation, f"It is on its way, {name}.")
        return program, conversation, customer

    def _state(self, program):
        return program.value("select state from outbox")

    def test_what_was_put_off_arrives_once(self):
        for name, fault in (("later", LATER), ("busy", BUSY), ("slow", SLOW)):
            with self.subTest(fault):
                program, _, customer = self._ask(name, fault)
                until(lambda: f"it is sent: {program.log()[-1500:]}", lambda: self._state(program) == "sent")
                stays("it arrives once", lambda: len(self.servers.sink.to(customer)) == 1, 2)
                self.figure(f"{fault}: {self.servers.sink.attempts[customer]} attempts, one mail")
                program.kill()

    def test_what_may_have_arrived_waits_for_a_person(self):
        sink = self.servers.sink
        program, conversation, customer = self._ask("lost", ABORT)
        until(lambda: f"nobody knows its end: {program.log()[-1500:]}", lambda: self._state(program) == "uncertain")
        stays("it is not repeated blindly", lambda: len(sink.to(customer)) == 1, 12)
        self.assertRegex(program.desk.reads(conversation), r"(?i)may have been sent|may or may not|unknown|uncertain")
        message = program.value("select message_id from outbox")
        program.desk.settle(conversation, message, was_sent=False)
        until("a person has it sent again", lambda: len(sink.to(customer)) == 2)
        ids = {self._message_id(it.content) for it in sink.to(customer)}
        self.assertEqual(len(ids), 1, "a repeated mail has the same Message-ID, so that receivers know it")
        until("it is sent", lambda: self._state(program) == "sent")

    def test_what_a_person_knows_to_have_arrived_is_not_sent_again(self):
        sink = self.servers.sink
        program, conversation, customer = self._ask("known", ABORT)
        until("nobody knows its end", lambda: self._state(program) == "uncertain")
        program.desk.settle(conversation, program.value("select message_id from outbox"), was_sent=True)
        until("it counts as sent", lambda: self._state(program) == "sent")
        stays("it is not repeated", lambda: len(sink.to(customer)) == 1, 3)

    def test_what_is_found_among_the_sent_mails_was_sent(self):
        sink = self.servers.sink
        self._keep_copies("found")
        program, _, customer = self._ask("found", ABORT)
        until(lambda: f"it is found: {self._state(program)} {program.log()[-1500:]}",
              lambda: self._state(program) == "sent")
        self.assertEqual(len(self.mailbox("found@shop.test").mails("Sent")), 1)
        stays("it is not repeated", lambda: len(sink.to(customer)) == 1, 3)

    def _keep_copies(self, name):
        """The server puts what it takes among the sent mails, as some do by themselves."""
        def keep(letter):
            with imaplib.IMAP4("127.0.0.1", self.servers.dovecot.imap) as client:
                client.login(f"{name}@shop.test", PASSWORD)
                client.append("Sent", None, None, letter.content)

        self.servers.sink.besides = keep
        self.addCleanup(setattr, self.servers.sink, "besides", None)

    def test_a_copy_of_what_was_sent_lies_among_the_sent_mails(self):
        program, _, customer = self._ask("copy", save_sent="Sent")
        until("it is sent", lambda: self._state(program) == "sent")
        kept = self.mailbox("copy@shop.test").await_mails(1, "among the sent mails", "Sent")
        self.assertEqual(kept[0]["To"].addresses[0].addr_spec, customer)
        self.assertEqual(kept[0]["Message-ID"], self._message_id(self.servers.sink.to(customer)[0].content))

    def test_a_server_that_is_killed_while_it_sends_never_sends_twice(self):
        sink = self.servers.sink
        program, _, customer = self._ask("killed", SLOW)
        until("it sends", lambda: self._state(program) == "sending" and sink.attempts[customer])
        program.restart()
        until(lambda: f"its end is told: {self._state(program)}", lambda: self._state(program) == "uncertain", 100)
        self.assertLessEqual(len(sink.to(customer)), 1)

    def test_what_a_kill_cut_off_was_sent_where_it_lies_among_the_sent_mails(self):
        sink = self.servers.sink
        self._keep_copies("cut-off")
        program, _, customer = self._ask("cut-off", SLOW)
        # The server has all of it, and takes its time to say so.
        self.mailbox("cut-off@shop.test").await_mails(1, "among the sent mails", "Sent")
        program.kill()
        self.assertEqual(self._state(program), "sending")
        program.start()
        until(lambda: f"it is found: {self._state(program)}", lambda: self._state(program) == "sent", 100)
        self.assertEqual(len(sink.to(customer)), 1)

    def _message_id(self, content):
        return email.message_from_bytes(content)["Message-ID"]
