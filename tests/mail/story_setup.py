"""Setting a mailbox up, on the command line and on the page: it works and then serves, or says what is wrong."""

import html
import os
import re
import subprocess

from support.desk import words
from support.dovecot import PASSWORD
from support.letters import letter, post
from support.process import free_port
from support.stage import DRAFTS, Story
from support.sureply import binary

# The page's section names this one.
VARIABLE = "SUREPLY_MAIL_PASSWORD"


class Setup(Story):
    def setUp(self):
        super().setUp()
        os.environ[VARIABLE] = PASSWORD
        self.addCleanup(os.environ.pop, VARIABLE)
        own = self.servers
        self.ca = own.tls.authority
        self.tls = {"imap": f"tls://localhost:{own.dovecot.imaps}", "smtp": f"tls://localhost:{own.postfix.smtps}"}
        self.starttls = {"imap": f"starttls://localhost:{own.dovecot.imap}",
                         "smtp": f"starttls://localhost:{own.postfix.smtp}"}

    def _mistakes(self):
        """What people do wrong, as changes of good settings, and the words that help them."""
        own = self.servers
        return [
            ({"password": "not this one"}, ["reading", "refuses the login", "check user and password"]),
            ({"user": "nobody@shop.test"}, ["sending", "refuses the login"]),
            ({"imap": f"tls://localhost:{own.dovecot.imap}"}, ["reading", "no TLS from the first byte", "starttls"]),
            ({"smtp": f"tls://localhost:{own.postfix.smtp}"}, ["sending", "no TLS from the first byte", "starttls"]),
            ({"imap": f"tls://localhost:{free_port()}"}, ["reading", "nothing listens", "check host and port"]),
            ({"smtp": f"starttls://127.0.0.1:{own.sink.port}"}, ["sending", "offers no STARTTLS", "tls"]),
            ({"ca_file": ""}, ["reading", "nobody known vouches", "ca_file"]),
            ({"ca_file": "/nowhere/ca.pem"}, ["ca_file /nowhere/ca.pem cannot be used"]),
        ]

    def _add(self, program, address, *more, password=PASSWORD, **named):
        """`sureply inbox add email`, as it ended."""
        options = [f"--{name.replace('_', '-')}={value}" for name, value in named.items() if value]
        command = [binary(), "inbox", "add", "email", address, "--config", program.config, "--data", program.data,
                   "--password-env", VARIABLE, *options, *more]
        environment = {**os.environ, VARIABLE: password}
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
        self.assertNotIn(password, ended.stdout + ended.stderr)
        return ended

    def _serves(self, program, shop, conversation_words):
        """A mail is read and answered by the inbox that was set up."""
        customer = self.mailbox(shop.address.replace("@shop", "-c@customer"))
        post(letter(customer.address, shop.address, "By hand", conversation_words))
        conversation = program.conversation_with(conversation_words)
        program.desk.reply(conversation, "It was set up well.")
        customer.await_mails(1, "from the inbox that was set up")

    def test_a_mailbox_is_added_on_the_command_line_and_then_serves(self):
        shop, other = self.mailbox("set-up@shop.test"), self.mailbox("set-up-2@shop.test")
        program = self.sureply(DRAFTS)
        with open(program.config) as file:
            before = file.read()
        tried = self._add(program, shop.address, "--test", ca_file=self.ca, **self.tls)
        self.assertEqual((tried.returncode, tried.stdout), (0, "reading: works\nsending: works\n"), tried.stderr)
        with open(program.config) as file:
            self.assertEqual(file.read(), before, "only tried")
        added = self._add(program, shop.address, ca_file=self.ca, **self.tls)
        self.assertEqual(added.returncode, 0, added.stdout + added.stderr)
        self.assertEqual(shop.mails(), [])
        added = self._add(program, other.address, "--round-trip", ca_file=self.ca, **self.starttls)
        self.assertEqual(added.returncode, 0, added.stdout + added.stderr)
        self.assertRegex(added.stdout, r"a mail to itself: it came after \d+ s; addresses with a plus arrive too")
        self.assertEqual(len(other.mails()), 2, "one to the address, one to the address with a plus")
        again = self._add(program, shop.address, ca_file=self.ca, **self.tls)
        self.assertEqual(again.returncode, 1)
        self.assertIn("there is an inbox `set-up` already", again.stderr)
        with open(program.config) as file:
            self.assertNotIn(PASSWORD, file.read())
        program.begin()
        for mailbox in (shop, other):
            self._serves(program, mailbox, f"Written to {mailbox.address.split('@')[0]} once it was added.")

    def test_a_mailbox_that_takes_tokens_is_added_by_them(self):
        shop, tokens = self.mailbox("by-token@shop.test"), self.servers.tokens
        program = self.sureply(DRAFTS)
        os.environ.update(MAIL_SECRET="throw-away", MAIL_REFRESH=f"refresh-{shop.address}")
        self.addCleanup(os.environ.pop, "MAIL_SECRET")
        self.addCleanup(os.environ.pop, "MAIL_REFRESH")
        oauth = {"oauth_provider": "custom", "oauth_client_id": "desk", "oauth_secret_env": "MAIL_SECRET",
                 "oauth_refresh_env": "MAIL_REFRESH", "oauth_token_url": f"{tokens.url}/token"}
        command = [binary(), "inbox", "add", "email", shop.address, "--config", program.config, "--ca-file", self.ca]
        options = [f"--{name.replace('_', '-')}={value}" for name, value in {**oauth, **self.tls}.items()]
        alone = subprocess.run([*command, options[0]], capture_output=True, text=True, timeout=60)
        self.assertEqual(alone.returncode, 2)
        self.assertIn("--oauth-client-id", alone.stderr)
        added = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60)
        self.assertEqual(added.returncode, 0, added.stdout + added.stderr)
        with open(program.config) as file:
            written = file.read()
        self.assertNotIn("throw-away", written)
        self.assertNotIn("refresh-", written)
        program.begin()
        self._serves(program, shop, "Written to a mailbox that takes tokens.")

    def test_each_mistake_on_the_command_line_is_told_in_words(self):
        shop = self.mailbox("mistakes@shop.test")
        program = self.sureply(DRAFTS)
        with open(program.config) as file:
            before = file.read()
        good = {"ca_file": self.ca, **self.tls}
        for change, parts in self._mistakes() + [({"imap": "localhost:many"}, ["`localhost:many` is no server"])]:
            ended = self._add(program, shop.address, **{**good, **change})
            told = ended.stdout + ended.stderr
            self.assertEqual(ended.returncode, 1, f"{change}: {told}")
            for part in parts:
                self.assertIn(part, told, change)
        with open(program.config) as file:
            self.assertEqual(file.read(), before, "nothing is written that does not work")

    def test_the_page_finds_the_same_out_and_shows_a_section_that_serves(self):
        shop = self.mailbox("by-page@shop.test")
        program = self.sureply(DRAFTS).start()
        good = {"address": shop.address, "name": "by-page", "password": PASSWORD, "ca_file": self.ca, **self.tls}
        # Those that each lead to another kind of trouble.
        told = self._mistakes()
        for change, parts in (told[0], told[3], told[4], told[6]):
            page = program.desk.post("/inboxes/email", **{**good, **change})
            self.assertNotIn('id="section"', page, change)
            for part in parts:
                self.assertIn(part.lower(), words(page).lower(), change)
            self.assertNotIn("not this one", page)
        page = program.desk.post("/inboxes/email", round_trip="yes", **good)
        self.assertIn("It came after", words(page))
        section = html.unescape(re.search(r'id="section"[^>]*>(.*?)</textarea>', page, re.S)[1])
        self.assertNotIn(PASSWORD, section)
        program.set(DRAFTS + section)
        program.kill()
        program.begin()
        self._serves(program, shop, "Written to what the page has shown.")
