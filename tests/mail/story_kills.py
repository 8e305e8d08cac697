"""Many mails while the program is killed and the wire is cut: each becomes exactly one message."""

import collections
import email.policy
import random
import threading
import time

from support.letters import deliver, letter
from support.proxy import Proxy
from support.stage import DRAFTS, FULL, Story, inbox
from support.wait import stays, until

MAILS = 10_000 if FULL else 600
KILLS = 20
PER_DELIVERY = 20


class Kills(Story):
    def test_each_mail_becomes_one_message_whatever_is_killed(self):
        shop, dice = self.mailbox("kills@shop.test"), random.Random(6)
        proxy = Proxy(self.servers.dovecot.imap)
        self.addCleanup(proxy.stop)
        # What is considered of them is another story.
        settings = DRAFTS + inbox(shop.address, mode="shadow", quiet_seconds=10, imap={"port": proxy.port})
        program = self.sureply(settings).begin()
        injector = threading.Thread(target=self._inject, args=(shop.address,), daemon=True)
        injector.start()
        cuts = self._disturb(program, proxy, dice)
        injector.join(600)
        self.assertFalse(injector.is_alive(), "all mails are in the mailbox")
        took = time.monotonic() - self.began
        self._is_each_there_once(program)
        self.figure(f"{MAILS} mails, {KILLS} kills, {cuts} cuts of the wire: each stored once ({took:.0f} s)")
        program.restart()
        stays("nothing comes twice after a restart", lambda: program.came() == MAILS, 3)

    def _mail(self, number):
        # Every tenth mail has the Message-ID of the one before it, every thirteenth has none.
        own = f"<{number - (number % 10 == 1)}@many.test>"
        customer = f"c{number % 50}@customer.test"
        mail = letter(customer, "kills@shop.test", f"Many {number}", f"This is number {number} of many.",
                      Message_ID=None if number % 13 == 12 else own)
        return mail.as_bytes(policy=email.policy.SMTP)

    def _inject(self, address):
        for first in range(0, MAILS, PER_DELIVERY):
            deliver([self._mail(it) for it in range(first, min(first + PER_DELIVERY, MAILS))], address)
            # So that mails come all the time while things are killed.
            time.sleep(0.02 if FULL else 0.5)

    def _disturb(self, program, proxy, dice):
        cuts = 0
        for _ in range(KILLS):
            for _ in range(dice.randrange(3)):
                time.sleep(dice.uniform(0.05, 0.4))
                proxy.cut()
                cuts += 1
            # At any moment: in the middle of a start, too.
            time.sleep(dice.uniform(0.02, 4.0 if FULL else 1.0))
            program.kill()
            program.launch() if dice.random() < 0.3 else program.start()
        return cuts

    def _is_each_there_once(self, program):
        until(lambda: f"all are there: {program.came()} of {MAILS}; {program.log()[-1500:]}",
              lambda: program.came() >= MAILS, 1200 if FULL else 180, 0.5)
        bodies = collections.Counter(
            it["body"].strip() for it in program.messages() if it["author"] == "customer")
        expected = collections.Counter(f"This is number {number} of many." for number in range(MAILS))
        self.assertEqual(bodies - expected, collections.Counter(), "none is there twice")
        self.assertEqual(expected - bodies, collections.Counter(), "none is lost")
