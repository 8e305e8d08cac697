"""Mails that a provider hands in over HTTP."""

import email.policy
import hashlib
import hmac
import http.client
import time

from support.letters import letter
from support.stage import DRAFTS, Story, inbox
from support.wait import stays

SECRET = "a-secret-of-more-than-24-characters"


class Webhook(Story):
    def setUp(self):
        super().setUp()
        settings = inbox("hook@shop.test", webhook_secrets=[SECRET]).replace("imap =", "# imap =")
        self.program = self.sureply(DRAFTS + settings).begin()

    def _post(self, raw, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST", "/webhook/email/hook", raw, {"content-type": "message/rfc822", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def _signed(self, raw, secret=SECRET):
        at = str(int(time.time()))
        signature = hmac.new(secret.encode(), at.encode() + b"." + raw, hashlib.sha256).hexdigest()
        return self._post(raw, x_sureply_timestamp=at, x_sureply_signature=f"sha256={signature}")

    def _count(self):
        return self.program.value("select count(*) from message")

    def test_a_signed_mail_is_taken_once(self):
        raw = letter("hal@customer.test", "hook@shop.test", "Hooked", "This came by a hook.").as_bytes(policy=email.policy.SMTP)
        for _ in range(3):
            status, answer = self._signed(raw)
            self.assertIn(status, (200, 202), answer)
        self.program.conversation_with("came by a hook")
        stays("it is there once", lambda: self._count() == 1, 2)

    def test_who_does_not_sign_is_not_heard(self):
        raw = letter("hal@customer.test", "hook@shop.test", "Forged", "This was forged.").as_bytes(policy=email.policy.SMTP)
        self.assertIn(self._post(raw)[0], (401, 403))
        self.assertIn(self._signed(raw, SECRET[::-1])[0], (401, 403))
        self.assertEqual(self._count(), 0)
