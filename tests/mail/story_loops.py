"""Automatic answers, and machines that answer machines: they stop."""

import contextlib
import email.utils
import threading
import time

from support.letters import Mailbox, letter, plain, post, rich
from support.stage import AUTOMATIC, Story, inbox
from support.sureply import Sureply
from support.wait import stays, until

QUESTION = "When is the Bristol store open?"

# Automatic mails that one address gets at most, whatever it answers.
MOST = 3


class Loops(Story):
    @classmethod
    def setUpClass(cls):
        cls.marked, cls.left, cls.quiet = (Mailbox(f"{it}@shop.test") for it in ("marked", "left", "quiet"))
        cls.right, cls.still = Mailbox("right@customer.test"), Mailbox("still@customer.test")
        unmarked = {"auto_submitted": False}
        one = AUTOMATIC + inbox(cls.marked.address, "auto") + inbox(cls.left.address, "auto", **unmarked)
        other = AUTOMATIC + inbox(cls.still.address, "auto") + inbox(cls.right.address, "auto", **unmarked)
        cls.one, cls.other = Sureply(one), Sureply(other + inbox(cls.quiet.address, "auto", **unmarked))
        for program in (cls.one, cls.other):
            cls.addClassCleanup(program.stop)
            program.begin()
        for program in (cls.one, cls.other):
            program.answers_by_itself()

    def _automatic(self, *programs):
        """How many mails have left by themselves."""
        sql = """select count(*) from outbox o join message m on m.id = o.message_id where m.author = 'bot'"""
        return sum(program.value(sql) for program in programs)

    def test_an_automatic_answer_says_that_it_is_one(self):
        customer = self.mailbox("ann@customer.test")
        post(letter(customer.address, self.marked.address, "Opening hours", QUESTION))
        answer = customer.await_mails(1, f"by itself: {self.one.log()[-1500:]}")[0]
        self.assertEqual(answer["Auto-Submitted"], "auto-replied")
        self.assertIn("All", answer["X-Auto-Response-Suppress"])
        self.assertIn("Bristol", plain(answer))
        self.assertIn("Bristol", rich(answer))
        bare = self.mailbox("bob@customer.test")
        post(letter(bare.address, self.left.address, "Opening hours", QUESTION))
        self.assertIsNone(bare.await_mails(1)[0]["Auto-Submitted"])

    def test_mail_that_is_automatic_gets_no_answer_and_is_kept(self):
        sender = self.mailbox("robot@customer.test")
        headers = [
            {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"},
            {"List_Id": "<news.customer.test>"}, {"Auto_Submitted": "auto-generated"},
        ]
        for number, given in enumerate(headers):
            post(letter(sender.address, self.marked.address, f"Machine {number}", f"{QUESTION} Machine {number}.", **given))
        post(letter(sender.address, self.marked.address, "Machine null", f"{QUESTION} Machine null."), sender="")
        post(letter("no-reply@customer.test", self.marked.address, "Machine no", f"{QUESTION} Machine no."))
        for number in [*range(len(headers)), "null", "no"]:
            self.one.conversation_with(f"Machine {number}.")
        stays("none is answered", lambda: not sender.mails(), 4)
        self.figure(f"{len(headers) + 2} kinds of automatic mail: kept, none answered")

    def _face(self, one, other, programs):
        """Has two inboxes that answer by themselves write to each other; returns how many mails left."""
        before = self._automatic(*programs)
        # The first mail is forged by somebody who wants to see them quarrel.
        post(letter(one.address, other.address, "Opening hours", QUESTION))
        until("the first answer", lambda: self._automatic(*programs) > before)
        self._settle(*programs)
        return self._automatic(*programs) - before

    def _settle(self, *programs):
        """Waits until nothing has left for a while."""
        quiet = time.monotonic()
        count = self._automatic(*programs)
        while time.monotonic() < quiet + 8:
            now = self._automatic(*programs)
            if now != count:
                quiet, count = time.monotonic(), now
            assert count < 50, "they do not stop"
            time.sleep(0.2)

    def test_two_inboxes_that_face_each_other_stop(self):
        for name, one, other in (("marked", self.marked, self.still), ("unmarked", self.left, self.right)):
            with self.subTest(name):
                mails = self._face(one, other, (self.one, self.other))
                self.assertGreaterEqual(mails, 1)
                self.assertLessEqual(mails, MOST)
                self.figure(f"two inboxes, {name}: {mails} automatic mails, then silence")

    def test_two_inboxes_of_one_program_leave_each_other_to_people(self):
        before = self._automatic(self.other)
        post(letter(self.right.address, self.quiet.address, "Opening hours", f"{QUESTION} From next door."))
        conversation = self.other.conversation_with("From next door.")
        until("a person is to look", lambda: self.other.status(conversation) == "waiting")
        stays("nothing leaves by itself", lambda: self._automatic(self.other) == before, 3)
        self.figure("two inboxes of one program, unmarked: no automatic mail, a person looks")

    def test_whoever_is_out_of_office_stops_it_too(self):
        responders = [
            ("vacation", "Automatic reply: {subject}", "I am out of the office until Monday, 30 November. In urgent "
             "cases please write to office@customer.test.\n\nKind regards\nVera"),
            # The worst: no header, no word of it, and a question that has an answer.
            ("parrot", "Re: {subject}", QUESTION),
            ("anew", "Opening hours", QUESTION),
        ]
        for name, subject, text in responders:
            with self.subTest(name), self._responder(name, subject, text) as (address, answered):
                post(letter(address, self.left.address, "Opening hours", QUESTION))
                until("the first answer", lambda: answered)
                self._settle(self.one)
                self.assertLessEqual(len(answered), MOST)
                self.figure(f"out of office without headers ({name}): {len(answered)} automatic mails, then silence")

    @contextlib.contextmanager
    def _responder(self, name, subject, text):
        """Somebody whose mailbox answers each mail, in all innocence."""
        box, answered, over = self.mailbox(f"{name}@customer.test"), [], threading.Event()

        def respond():
            while not over.wait(0.2):
                for mail in box.mails()[len(answered):]:
                    answered.append(mail)
                    answers = None if name == "anew" else mail
                    to = email.utils.parseaddr(str(mail["Reply-To"] or mail["From"]))[1]
                    post(letter(box.address, to, subject.format(subject=mail["Subject"]), text, answers))

        thread = threading.Thread(target=respond, daemon=True)
        thread.start()
        try:
            yield box.address, answered
        finally:
            over.set()
            thread.join(10)
