"""Mails that are not as they should be: none is lost, and none stops what comes after it."""

import email.policy
import subprocess
import time
from email.message import EmailMessage

from support.letters import letter, post
from support.stage import DRAFTS, Story, inbox
from support.wait import stays, until

# The smallest picture.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd4"
    "0000000049454e44ae426082")


class Odd(Story):
    def setUp(self):
        super().setUp()
        self.shop = self.mailbox(f"odd-{self.id().split('_')[-1]}@shop.test")
        self.program = self.sureply(DRAFTS + inbox(self.shop.address, mode="shadow")).begin()

    def _raw(self, *lines):
        post("\r\n".join(lines).encode(), "odd@customer.test", self.shop.address)

    def test_equal_and_missing_message_ids_ids(self):
        one = letter("odd@customer.test", self.shop.address, "Same", "The first of the same.", Message_ID="<same@customer.test>")
        other = letter("odd@customer.test", self.shop.address, "Same", "The second of the same.", Message_ID="<same@customer.test>")
        bare = letter("odd@customer.test", self.shop.address, "Bare", "One without any.", Message_ID=None)
        # Each twice, as a forwarder does: a copy is no new message.
        for mail in (one, other, one, other):
            post(mail)
        until("both are there", lambda: self.program.came() == 2)
        post(bare)
        until("the bare one, too", lambda: self.program.came() == 3)
        stays("copies are no new messages", lambda: self.program.came() == 3, 6)

    def test_words_within_a_signature_are_read_signed(self):
        tls = self.servers.tls
        inner = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSigned by a real program: Gr\xc3\xbc\xc3\x9fe.\r\n"
        for number, more in enumerate((["-nodetach"], ["-nodetach", "-stream"], []), 1):
            command = ["openssl", "cms", "-sign", "-signer", tls.certificate, "-inkey", tls.key, *more]
            wrapped = subprocess.run(command, input=inner, capture_output=True, check=True).stdout
            head = f"From: odd@customer.test\r\nTo: {self.shop.address}\r\nSubject: signed {number}\r\n".encode()
            post(head + wrapped.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), "odd@customer.test", self.shop.address)
            until(f"way {number} is read", lambda: self.program.came() == number)
        bodies = {it["body"] for it in self.program.messages()}
        self.assertEqual(bodies, {"Signed by a real program: Grüße."})

    def test_what_is_broken_is_read_as_well_as_it_can_be_broken(self):
        mails = [
            ("From: odd@customer.test", "Subject: no body", "", ""),
            ("From: odd@customer.test", "Subject: far", "Date: Mon, 01 Jan 2099 00:00:00 +0000", "", "Far ahead of its time."),
            ("From: odd@customer.test", "Subject: never", "Date: yesterday or so", "", "Nobody knows when."),
            ("Subject: nobody", "", "Nobody wrote this."),
            ("From: <<>>", "Subject: brackets", "", "Brackets wrote this."),
            ("From: odd@customer.test", "Content-Type: text/plain; charset=klingon", "", "In no known charset."),
            ("From: odd@customer.test", "Content-Type: multipart/mixed; boundary=never", "", "--other", "", "Never closed."),
            ("From: odd@customer.test", "Content-Type: text/html", "", "<p>Seen<span style='display:none'> and hidden</span>.</p>"),
            ("From: odd@customer.test", "Content-Transfer-Encoding: base64", "", "!!!not base64!!!"),
            ("From: odd@customer.test", "Subject: =?utf-8?B?broken", "", "A broken subject."),
        ]
        for mail in mails:
            self._raw(*mail)
        until(lambda: f"all are there: {self.program.came()} of {len(mails)}; {self.program.log()[-1500:]}",
              lambda: self.program.came() >= len(mails))
        self.assertEqual(self.program.came(), len(mails))
        later = self.program.rows("select sent_at, received_at from message where body like '%Far ahead%'")[0]
        self.assertLess(later["sent_at"], "2090", "a date that has not come yet is not believed")
        bodies = [it["body"] for it in self.program.messages()]
        self.assertFalse([it for it in bodies if "and hidden" in it])
        self._raw("From: odd@customer.test", "Subject: after", "", "It still reads.")
        self.program.conversation_with("It still reads")

    def test_thirty_megabytes_are_taken_in_large(self):
        mail = letter("odd@customer.test", self.shop.address, "Large", "Here is something large.")
        mail.add_attachment(b"\0" * 22_000_000, maintype="application", subtype="octet-stream", filename="large.bin")
        raw = mail.as_bytes(policy=email.policy.SMTP)
        self.assertGreater(len(raw), 29_000_000)
        before, began = self.program.process.memory(), time.monotonic()
        post(mail)
        conversation = self.program.conversation_with("something large")
        self.figure(f"a mail of {len(raw) / 1e6:.0f} MB: {time.monotonic() - began:.1f} s, "
                    f"{before:.0f} MB before, {self.program.process.memory():.0f} MB after")
        self.assertIn("something large", self.program.desk.reads(conversation))
        post(letter("odd@customer.test", self.shop.address, "Small", "Here is something small."))
        self.program.conversation_with("something small")

    def test_files_come_in_with_their_mail_files(self):
        mail = letter("odd@customer.test", self.shop.address, "Picture", "Here is a picture.")
        mail.add_attachment(PNG, maintype="image", subtype="png", filename="tent_£.png")
        mail.add_attachment("plain words".encode(), maintype="text", subtype="plain", filename="../../note.txt")
        post(mail)
        conversation = self.program.conversation_with("Here is a picture")
        page = self.program.desk.get(f"/conversations/{conversation}?queue=all")
        self.assertIn("tent_£.png", page)
        self.assertNotIn("../../note.txt", page)
        files = self.program.rows("select * from attachment where media_type = 'image/png'")
        self.assertEqual(len(files), 1)
        self.assertEqual(files[0]["size"], len(PNG))
        answer, _ = self.program.desk._ask("GET", f"/attachments/{files[0]['id']}")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["content-length"], str(len(PNG)))

    def test_a_mail_in_a_mail_is_no_mail_of_ours_nested(self):
        inner = letter("inner@else.test", "someone@else.test", "Inner", "The inner words.", Message_ID="<inner@else.test>")
        outer = letter("odd@customer.test", self.shop.address, "Fwd: Inner", "See what they wrote to me.")
        outer.add_attachment(inner)
        post(outer)
        self.program.conversation_with("what they wrote to me")
        self.assertEqual(self.program.came(), 1)
        self.assertEqual(self.program.value("select value from identity"), "odd@customer.test")
