"""Mails that a provider hands in over HTTP."""

import base64
import email.policy
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse

from support.letters import letter
from support.stage import DRAFTS, Story, inbox
from support.wait import stays

SECRET = "a-secret-of-more-than-24-characters"
RAW = "message/rfc822"


class Webhook(Story):
    def setUp(self):
        super().setUp()
        # By webhook alone: no mailbox is read.
        settings = inbox("hook@shop.test", webhook_secrets=[SECRET]).replace("imap =", "# imap =")
        self.program = self.sureply(DRAFTS + settings).begin()

    def _post(self, body, kind=RAW, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=30)
        self.addCleanup(connection.close)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST", "/webhook/email/hook", body, {"content-type": kind, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def _signed(self, body, kind=RAW, secret=SECRET, at=None, signed=None):
        """A delivery signed as Standard Webhooks has it."""
        at = str(int(at or time.time()))
        words = b".".join((b"msg_1", at.encode(), body if signed is None else signed))
        signature = base64.b64encode(hmac.digest(secret.encode(), words, hashlib.sha256)).decode()
        return self._post(body, kind, webhook_id="msg_1", webhook_timestamp=at, webhook_signature=f"v1,{signature}")

    def _mail(self, text):
        return letter("hal@customer.test", "hook@shop.test", "Hooked", text).as_bytes(policy=email.policy.SMTP)

    def test_a_signed_mail_is_taken_once(self):
        raw = self._mail("This came by a hook.")
        for _ in range(3):
            status, answer = self._signed(raw)
            self.assertIn(status, (200, 202), answer)
        self.program.conversation_with("came by a hook")
        stays("it is there once", lambda: self.program.came() == 1, 2)

    def test_providers_hand_in_mails_in_shapes_of_their_own(self):
        postmark = json.dumps({"RawEmail": self._mail("This came from Postmark.").decode()}).encode()
        status, answer = self._signed(postmark, "application/json")
        self.assertIn(status, (200, 202), answer)
        at, token = str(int(time.time())), "of-mailgun"
        signature = hmac.new(SECRET.encode(), (at + token).encode(), hashlib.sha256).hexdigest()
        mailgun = {"timestamp": at, "token": token, "signature": signature, "body-mime": self._mail("This came from Mailgun.")}
        status, answer = self._post(urllib.parse.urlencode(mailgun).encode(), "application/x-www-form-urlencoded")
        self.assertIn(status, (200, 202), answer)
        for name in ("Postmark", "Mailgun"):
            self.program.conversation_with(f"came from {name}")

    def test_who_does_not_sign_is_not_heard(self):
        raw = self._mail("This was forged.")
        for name, answered in {
            "unsigned": self._post(raw),
            "another secret": self._signed(raw, secret=SECRET[::-1]),
            "other words": self._signed(raw, signed=raw[:-1]),
            "long ago": self._signed(raw, at=time.time() - 3600),
        }.items():
            self.assertIn(answered[0], (401, 403), f"{name}: {answered[1]}")
        self.assertEqual(self.program.came(), 0)
