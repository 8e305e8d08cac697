"""A mailbox as it is in life: numbered anew, silent, full of old mail."""

import email.policy
import email.utils
import time

from support.letters import letter, post
from support.proxy import Proxy
from support.stage import DRAFTS, FULL, Story, inbox
from support.wait import stays, until

OLD = 50_000 if FULL else 2_000
# Of old mail that is read after all.
ASKED_FOR = OLD if FULL else 500


class Box(Story):
    def test_a_mailbox_that_is_numbered_anew_is_read_on_without_repeating(self):
        shop = self.mailbox("renumbered@shop.test")
        program = self.sureply(DRAFTS + inbox(shop.address, mode="shadow")).begin()
        for number in range(5):
            post(letter("cy@customer.test", shop.address, f"Before {number}", f"Before, number {number} of old."))
        until("they are there", lambda: program.came() == 5)
        self.servers.dovecot.renumber(shop.address)
        for number in range(5):
            post(letter("cy@customer.test", shop.address, f"After {number}", f"After, number {number} of new."))
        until(lambda: f"those after it are there: {program.came()} {program.log()[-1500:]}",
              lambda: program.came() >= 10, 90)
        stays("none is there twice", lambda: program.came() == 10, 6)

    def test_a_renumbering_while_nobody_reads_loses_nothing(self):
        shop = self.mailbox("asleep@shop.test")
        program = self.sureply(DRAFTS + inbox(shop.address, mode="shadow")).begin()
        post(letter("cy@customer.test", shop.address, "Before", "Before the sleep."))
        program.conversation_with("Before the sleep")
        program.kill()
        post(letter("cy@customer.test", shop.address, "Meanwhile", "In the sleep."))
        until("it is in the mailbox", lambda: len(shop.mails()) == 2)
        self.servers.dovecot.renumber(shop.address)
        program.start()
        program.conversation_with("In the sleep")
        stays("none is there twice", lambda: program.came() == 2, 3)

    def test_a_server_that_falls_silent_is_not_waited_for(self):
        shop, proxy = self.mailbox("silent@shop.test"), Proxy(self.servers.dovecot.imap)
        self.addCleanup(proxy.stop)
        program = self.sureply(DRAFTS + inbox(shop.address, imap={"port": proxy.port})).begin()
        post(letter("cy@customer.test", shop.address, "One", "One before the silence."))
        program.conversation_with("One before the silence")
        # The connection hangs, and no end of it is told.
        proxy.freeze()
        post(letter("cy@customer.test", shop.address, "Two", "Two after the silence."))
        began = time.monotonic()
        program.conversation_with("Two after the silence")
        self.figure(f"silent connection: the next mail {time.monotonic() - began:.1f} s later")

    def test_a_mail_is_seen_as_soon_as_it_comes(self):
        shop = self.mailbox("idle@shop.test")
        # Looking again would come too late.
        program = self.sureply(DRAFTS + inbox(shop.address, imap={"poll_seconds": 3600})).begin()
        post(letter("cy@customer.test", shop.address, "One", "One to begin with."))
        program.conversation_with("One to begin with")
        waits = []
        for number in range(5):
            post(letter("cy@customer.test", shop.address, "Next", f"Next, number {number} in idle."))
            began = time.monotonic()
            program.conversation_with(f"number {number} in idle")
            waits.append(time.monotonic() - began)
        self.figure(f"from Postfix to a message by IDLE: {sorted(waits)[2]:.2f} s (median of 5)")
        self.assertTrue(all(r"\Seen" not in str(it) for it in shop.flags()), "nothing is marked as read")

    def test_of_a_mailbox_full_of_old_mail_only_what_is_new_is_read(self):
        shop = self.mailbox("full@shop.test")
        self.servers.dovecot.fill(shop.address, (self._old(number) for number in range(OLD)))
        with shop.open() as client:
            self.assertEqual(int(client.select("INBOX", readonly=True)[1][0]), OLD)
        program = self.sureply(DRAFTS + inbox(shop.address, mode="shadow")).begin()
        before = program.process.memory()
        for number in range(10):
            post(letter("cy@customer.test", shop.address, "New", f"New, number {number} of ten."))
        until("the new ones are there", lambda: program.came() >= 10)
        stays("the old ones stay where they are", lambda: program.came() == 10, 3)
        grown = program.process.memory() - before
        self.assertLess(grown, 40, "memory stays flat")
        self.figure(f"{OLD} old mails: 10 new ones read, {before:.0f} MB and {grown:+.1f} MB")

    def test_old_mail_that_is_asked_for_is_read_by_window(self):
        shop = self.mailbox("window@shop.test")
        self.servers.dovecot.fill(shop.address, (self._old(number, 1) for number in range(ASKED_FOR)))
        program = self.sureply(DRAFTS + inbox(shop.address, mode="shadow", quiet_seconds=10,
                                              imap={"since_days": 7})).begin()
        before = program.process.memory()
        peak, end = 0, time.monotonic() + (1800 if FULL else 150)
        while program.came() < ASKED_FOR:
            peak = max(peak, program.process.memory())
            self.assertLess(time.monotonic(), end, f"{program.came()} of {ASKED_FOR} were read")
            time.sleep(0.5)
        stays("each is read once", lambda: program.came() == ASKED_FOR, 2)
        self.figure(f"{ASKED_FOR} old mails asked for: all read, {time.monotonic() - self.began:.0f} s, {before:.0f} MB, at most {peak:.0f} MB")
        self.assertLess(peak - before, 60, "memory stays flat, however many there are")

    def _old(self, number, days=400):
        date = email.utils.formatdate(time.time() - days * 86_400)
        mail = letter(f"old{number % 97}@customer.test", "full@shop.test", f"Old {number}",
                      f"This is old mail {number}.", Date=date, Message_ID=f"<{number}.{days}@old.test>")
        return mail.as_bytes(policy=email.policy.SMTP)

    def test_what_is_stored_is_marked_and_moved_where_that_is_asked_for(self):
        shop = self.mailbox("tidy@shop.test")
        with shop.open() as client:
            client.create("Done")
        imap = {"mark_read": True, "move_to": "Done"}
        program = self.sureply(DRAFTS + inbox(shop.address, imap=imap)).begin()
        for number in range(3):
            post(letter("cy@customer.test", shop.address, "Tidy", f"Tidy, number {number} of three."))
        until("they are there", lambda: program.came() == 3)
        shop.await_mails(3, "in the other folder", "Done")
        self.assertFalse(shop.mails())
