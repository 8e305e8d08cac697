"""Another server, which takes every mail, or fails as it is told to."""

import asyncio
import collections
import dataclasses
import logging
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from .process import free_port

# It remarks on each login that a name of its own will change.
logging.getLogger("mail.log").setLevel(logging.ERROR)

LATER, NEVER, BUSY, ABORT, SLOW = "451 at RCPT", "550 at RCPT", "421", "lost after the end of data", "slow"


@dataclasses.dataclass
class Letter:
    sender: str
    recipients: list
    content: bytes
    at: float


class Sink:
    """What it took stands in `letters`; `plan` says how it treats a recipient's next mails."""

    def __init__(self):
        self.port = free_port()
        self.letters = []
        self.attempts = collections.Counter()
        self.seconds = 3
        # What else becomes of each mail that is taken, before its sender is answered.
        self.besides = None
        self._faults = collections.defaultdict(collections.deque)
        self._lock = threading.Lock()
        self._server = Controller(
            self, hostname="127.0.0.1", port=self.port, auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True), data_size_limit=64 << 20,
        )
        self._server.start()

    def stop(self):
        self._server.stop(no_assert=True)

    def plan(self, recipient, *faults):
        """The next mails to this recipient fail in these ways, one each; those after them arrive."""
        with self._lock:
            self._faults[recipient] = collections.deque(faults)

    def to(self, recipient):
        """The mails taken for a recipient."""
        with self._lock:
            return [it for it in self.letters if recipient in it.recipients]

    def _next(self, recipient, *kinds):
        with self._lock:
            faults = self._faults[recipient]
            if faults and faults[0] in kinds:
                return faults.popleft()
        return None

    async def handle_RCPT(self, server, _session, envelope, address, _options):
        self.attempts[address] += 1
        match self._next(address, LATER, NEVER, BUSY):
            case "451 at RCPT":
                return "451 4.2.2 the mailbox is busy, come back later"
            case "550 at RCPT":
                return "550 5.1.1 no such person here"
            case "421":
                asyncio.get_running_loop().call_later(0.1, server.transport.close)
                return "421 4.3.2 this server is going down"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        fault = next((it for it in (self._next(to, ABORT, SLOW) for to in envelope.rcpt_tos) if it), None)
        letter = Letter(envelope.mail_from, list(envelope.rcpt_tos), envelope.content, time.time())
        with self._lock:
            self.letters.append(letter)
        if self.besides:
            await asyncio.to_thread(self.besides, letter)
        if fault == SLOW:
            await asyncio.sleep(self.seconds)
        if fault == ABORT:
            server.transport.abort()
        return "250 2.0.0 taken"
