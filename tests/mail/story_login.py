"""Getting in: by tokens that end and are renewed, by passwords that are wrong, by certificates that are not known."""

from support.letters import letter, post
from support.proxy import Proxy
from support.stage import DRAFTS, Story, inbox
from support.wait import stays, until


class Tokens(Story):
    def _settings(self, address, proxy=None):
        tokens = self.servers.tokens
        oauth = {
            "provider": "custom", "client_id": "sureply", "client_secret": "throw-away",
            "refresh_token": f"refresh-{address}", "token_url": f"{tokens.url}/token", "scope": "mail",
        }
        imap = {"port": proxy.port} if proxy else {}
        return DRAFTS + inbox(address, password=None, oauth=oauth, imap=imap)

    def test_a_token_that_ends_is_renewed_and_no_mail_is_lost(self):
        shop, customer = self.mailbox("token@shop.test"), self.mailbox("tom@customer.test")
        tokens, proxy = self.servers.tokens, Proxy(self.servers.dovecot.imap)
        self.addCleanup(proxy.stop)
        program = self.sureply(self._settings(shop.address, proxy)).begin()
        post(letter(customer.address, shop.address, "First", "The first of my tokens."))
        conversation = program.conversation_with("first of my tokens")
        # The word that a person will look has left by a token, too.
        customer.await_mails(1, "sent by a token")
        given = len(tokens.given)
        # Sooner than it was promised, and in the middle of a connection.
        tokens.expire()
        proxy.cut()
        post(letter(customer.address, shop.address, "Second", "The second of my tokens."))
        program.conversation_with("second of my tokens")
        self.assertGreater(len(tokens.given), given)
        program.desk.reply(conversation, "Sent with a token.")
        customer.await_mails(2, "sent by a token")
        self.figure(f"{len(tokens.given)} tokens given, XOAUTH2 with Dovecot and with Postfix")

    def test_a_token_that_lives_for_seconds_is_renewed_in_time(self):
        shop, tokens = self.mailbox("short@shop.test"), self.servers.tokens
        proxy = Proxy(self.servers.dovecot.imap)
        self.addCleanup(proxy.stop)
        tokens.lifetime = 3
        self.addCleanup(setattr, tokens, "lifetime", 3600)
        program = self.sureply(self._settings(shop.address, proxy)).begin()
        for number in range(3):
            post(letter("tim@customer.test", shop.address, "Soon", f"Quickly, number {number} of short."))
            program.conversation_with(f"number {number} of short")
            proxy.cut()
        said = program.value("select count(*) from message where author = 'customer'")
        self.assertEqual(said, 3)

    def test_a_wrong_token_is_told_and_loses_nothing(self):
        shop, tokens = self.mailbox("revoked@shop.test"), self.servers.tokens
        program = self.sureply(self._settings(shop.address)).begin()
        tokens.revoked.add(shop.address)
        program.restart()
        until(lambda: f"it says what is wrong: {program.log()[-2000:]}", lambda: program.says("refresh_token", "revoked"))
        post(letter("tim@customer.test", shop.address, "Waiting", "I wait for a good token."))
        stays("nothing is read without a token", lambda: not program.messages(), 2)
        refused = tokens.refused
        stays("it does not storm the server", lambda: tokens.refused <= refused + 5, 3)
        tokens.revoked.discard(shop.address)
        # A login that was refused is left alone for minutes, unless somebody starts anew.
        program.restart()
        program.conversation_with("wait for a good token")
        self.assertNotIn("throw-away", program.log())
        self.assertNotIn("refresh-revoked", program.log())


class Passwords(Story):
    def test_a_wrong_password_is_told_while_everything_else_goes_on(self):
        shop = self.mailbox("wrong@shop.test")
        program = self.sureply(DRAFTS + inbox(shop.address)).begin()
        program.set(DRAFTS + inbox(shop.address, password="not this one"))
        program.restart()
        until(lambda: f"it says what is wrong: {program.log()[-2000:]}", lambda: program.says("wrong", "login")
              or program.says("wrong", "password") or program.says("wrong", "authenticat"))
        post(letter("wil@customer.test", shop.address, "Waiting", "I wait for the right password."))
        self.assertIn("queue", program.desk.get("/queue/approval"))
        self.assertFalse(program.messages())
        program.set(DRAFTS + inbox(shop.address))
        program.restart()
        program.conversation_with("wait for the right password")
        self.assertNotIn("not this one", program.log())
        self.assertNotIn("four plain old words", program.log())

    def test_mails_come_and_go_by_tls_of_a_known_authority_only(self):
        shop, customer = self.mailbox("tls@shop.test"), self.mailbox("tess@customer.test")
        own = self.servers
        tls = {
            "imap": {"host": "localhost", "port": own.dovecot.imaps, "security": "tls"},
            "smtp": {"host": "localhost", "port": own.postfix.smtps, "security": "tls"},
        }
        program = self.sureply(DRAFTS + inbox(shop.address)).begin()
        program.set(DRAFTS + inbox(shop.address, **tls))
        program.restart()
        until(lambda: f"it does not trust the certificate: {program.log()[-2000:]}",
              lambda: program.says("tls", "certificate"))
        post(letter(customer.address, shop.address, "By TLS", "This came by TLS."))
        stays("nothing is read from a stranger", lambda: not program.messages(), 2)
        starttls = {
            "imap": {"host": "localhost", "port": own.dovecot.imap, "security": "starttls"},
            "smtp": {"host": "localhost", "port": own.postfix.smtp, "security": "starttls"},
        }
        for number, way in enumerate((tls, starttls), 1):
            program.set(DRAFTS + inbox(shop.address, ca_file=own.tls.authority, **way))
            program.restart()
            conversation = program.conversation_with("came by TLS")
            program.desk.reply(conversation, f"This went by TLS, {number}.")
            customer.await_mails(number, "by TLS")
