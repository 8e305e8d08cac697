"""A mail that cannot arrive: a real report comes back, and those who sent the mail are told."""

from support.letters import letter, plain, post
from support.sink import NEVER
from support.stage import DRAFTS, Story, inbox
from support.wait import until


class Bounce(Story):
    def _reply_that_bounces(self, address, customer="gone@customer.test", **settings):
        """A customer whose address is gone when the answer comes; returns program, conversation, mailbox."""
        shop = self.mailbox(address)
        program = self.sureply(DRAFTS + inbox(address, **settings)).begin()
        # Nobody has opened a mailbox for this address.
        post(letter(customer, address, "My order", "Where is order 4711 of mine?"))
        conversation = program.conversation_with("order 4711")
        program.desk.reply(conversation, "It is on its way to you.")
        until("a report comes back", lambda: len(shop.mails()) >= 2)
        return program, conversation, shop

    def _agent_is_told(self, program, conversation):
        failed = until(
            lambda: f"the delivery fails: {program.log()[-2000:]}",
            lambda: program.rows("select * from outbox where conversation_id = ? and state = 'failed'", conversation),
        )
        self.assertEqual(len(failed), 1)
        self.assertIn("5.1.1", failed[0]["last_error"])
        self.assertEqual(program.value("select count(*) from conversation"), 1, "a report begins no conversation")
        self.assertIn(program.status(conversation), ("waiting", "with_agent"))
        page = program.desk.reads(conversation)
        self.assertRegex(page, "gone(-too)?@customer.test")
        self.assertRegex(page, r"(?i)could not|not delivered|did not arrive|failed")

    def test_a_report_about_an_address_that_is_gone_reaches_the_agent(self):
        program, conversation, shop = self._reply_that_bounces("plain-bounce@shop.test")
        report = shop.mails()[-1]
        self.assertEqual(report["Return-Path"], "<>")
        self.assertEqual(report.get_content_type(), "multipart/report")
        self._agent_is_told(program, conversation)
        self._mails_go_again_once_the_mark_is_taken_off(program, conversation)

    def _mails_go_again_once_the_mark_is_taken_off(self, program, conversation):
        program.desk.reply(conversation, "This one is held back.")
        until("nothing is sent there", lambda: program.rows("select * from outbox where last_error like '%come back since%'"))
        page = program.desk.get(f"/conversations/{conversation}?queue=all")
        self.assertIn(f'action="/conversations/{conversation}/address/clear"', page)
        gone = self.mailbox("gone@customer.test")
        program.desk.post(f"/conversations/{conversation}/address/clear", queue="all", other=gone.address)
        page = program.desk.get(f"/conversations/{conversation}?queue=all")
        self.assertNotIn("/address/clear", page)
        program.desk.reply(conversation, "Are you there again?")
        arrived = gone.await_mails(1, "after the mark was taken off")
        self.assertIn("Are you there again?", plain(arrived[0]))

    def test_a_report_to_a_signed_address_is_tied_to_its_delivery(self):
        program, conversation, shop = self._reply_that_bounces(
            "plus-bounce@shop.test", "gone-too@customer.test", plus_addressing=True)
        self.assertRegex(shop.mails()[-1]["Delivered-To"], r"plus-bounce\+b-[^@]+@shop\.test")
        self._agent_is_told(program, conversation)

    def test_a_forged_report_changes_nothing(self):
        shop, customer = self.mailbox("forged@shop.test"), self.mailbox("fay@customer.test")
        program = self.sureply(DRAFTS + inbox(shop.address)).begin()
        post(letter(customer.address, shop.address, "My order", "Where is order 4712?"))
        conversation = program.conversation_with("order 4712")
        program.desk.reply(conversation, "It is on its way.")
        customer.await_mails(1)
        # It tells of a mail that we have never sent.
        report = (
            b"From: MAILER-DAEMON@mx.evil.test\r\nTo: forged@shop.test\r\nSubject: Undelivered Mail\r\n"
            b"Auto-Submitted: auto-replied\r\nMessage-ID: <forged-1@mx.evil.test>\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/plain\r\n\r\nnot delivered\r\n"
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.evil.test\r\n\r\n"
            b"Final-Recipient: rfc822; fay@customer.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <somebody.else@shop.test>\r\n\r\n--b--\r\n"
        )
        post(report, "", shop.address)
        until("the report is filed", lambda: program.came() == 2)
        self.assertEqual(program.value("select state from outbox where conversation_id = ?", conversation), "sent")

    def test_a_server_that_refuses_at_once_is_heard(self):
        shop = self.mailbox("refused@shop.test")
        sink = self.servers.sink
        sink.plan("rex@else.test", NEVER)
        program = self.sureply(DRAFTS + inbox(shop.address, smtp={"port": sink.port})).begin()
        post(letter("rex@else.test", shop.address, "My order", "Where is order 4713?"))
        conversation = program.conversation_with("order 4713")
        program.desk.reply(conversation, "It is on its way.")
        until("the delivery fails", lambda: program.value("select state from outbox") == "failed")
        self.assertIn("no such person", program.value("select last_error from outbox"))
        self.assertEqual(sink.attempts["rex@else.test"], 1, "it is not tried again")
        self.assertIn(program.status(conversation), ("waiting", "with_agent"))
