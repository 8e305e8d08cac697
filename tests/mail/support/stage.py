"""The stage of a story: the servers, and programs that end with it; figures are printed and told at the end."""

import json
import os
import time
import unittest

from .dovecot import PASSWORD
from .letters import Mailbox
from .servers import servers
from .sureply import Sureply

# Whether everything is played at its full size; it takes the better part of an hour.
FULL = os.environ.get("TEST_MAIL") == "full"

# A business whose answers all wait for a person.
DRAFTS = "[knowledge]\nsample_evidence = false\n[desk]\nundo_seconds = 0\n"

# The sample business, which may answer by itself.
AUTOMATIC = "[desk]\nundo_seconds = 0\n"


def toml(value):
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(it)}" for name, it in value.items()) + " }"
    return json.dumps(value)


def inbox(address, mode="draft", quiet_seconds=1, **changes):
    """The section of an inbox that reads and sends by our servers; a setting of None is left away."""
    own = servers()
    here = {"host": "127.0.0.1", "security": "plain", "timeout_seconds": 10}
    settings = {
        "address": address,
        "password": PASSWORD,
        "imap": {**here, "port": own.dovecot.imap, "poll_seconds": 5, **changes.pop("imap", {})},
        "smtp": {**here, "port": own.postfix.smtp, **changes.pop("smtp", {})},
        **changes,
    }
    name = address.split("@")[0]
    lines = ["", "[[inbox]]", f'name = "{name}"', 'channel = "email"', f'mode = "{mode}"',
             f"quiet_seconds = {quiet_seconds}", "", "[inbox.email]"]
    lines += [f"{name} = {toml(value)}" for name, value in settings.items() if value is not None]
    return "\n".join(lines) + "\n"


class Story(unittest.TestCase):
    """A story on real servers."""

    maxDiff = None

    def setUp(self):
        self.servers = servers()
        self.began = time.monotonic()

    def sureply(self, settings):
        """Prepares the program with these settings; it ends with the story."""
        program = Sureply(settings)
        self.addCleanup(program.stop)
        # What it said last helps whoever looks for the reason of a failure.
        self.addCleanup(lambda: self._tell_failure(program))
        return program

    def _tell_failure(self, program):
        result = self._outcome.result if self._outcome else None
        if result and any(test is self for test, _ in result.failures + result.errors):
            print(f"--- log of the program in {self.id()}\n{program.log()[-4000:]}\n---")

    def mailbox(self, address):
        return Mailbox(address)

    def figure(self, words):
        """Prints what was measured."""
        print(f"    {words}", flush=True)
