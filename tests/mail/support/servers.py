"""All servers at once, started once for the stories of a run."""

import atexit
import os
import shutil
import signal
import tempfile

from .dovecot import Dovecot
from .postfix import Postfix
from .sink import Sink
from .tls import Tls
from .tokens import Tokens


class Servers:
    def __init__(self):
        # Dovecot's sockets must have short paths, and its processes must reach them.
        self.folder = tempfile.mkdtemp(prefix="sureply-mail.")
        os.chmod(self.folder, 0o755)
        self.started = []
        atexit.register(self.stop)
        self.tls = Tls(self.folder)
        self.tokens = self._start(Tokens)
        self.sink = self._start(Sink)
        self.dovecot = self._start(Dovecot, self.folder, self.tls, self.tokens)
        self.postfix = self._start(Postfix, self.folder, self.tls, self.dovecot, self.sink)

    def _start(self, kind, *arguments):
        server = kind(*arguments)
        self.started.append(server)
        return server

    def stop(self):
        while self.started:
            self.started.pop().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


_servers = None


def servers():
    """The servers of this run."""
    global _servers
    if _servers is None:
        # So that a run that is broken off stops them, too.
        for ending in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, lambda *_: exit(1))
        _servers = Servers()
    return _servers
