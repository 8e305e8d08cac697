"""Programs of our own: each is stopped by its id, and ends with us whatever becomes of us."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _end_with_us():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)



# Ends the program when the pipe from us is closed, by us or because we are no more. A wish to the kernel
# (PR_SET_PDEATHSIG) would not do for all: it is forgotten by a program that changes its user.
LEASH = '"$@" </dev/null & child=$!; read -r _; kill "$child" 2>/dev/null; wait "$child"'


class Process:
    """A program in the background. Start it from the main thread: it ends with the thread that began it."""

    def __init__(self, command, log, environment=None, leash=False):
        self._leash = None
        reader = subprocess.DEVNULL
        if leash:
            reader, self._leash = os.pipe()
            command = ["sh", "-c", LEASH, "leash", *command]
        with open(log, "ab") as sink:
            self.child = subprocess.Popen(
                command,
                stdin=reader,
                stdout=sink,
                stderr=sink,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                preexec_fn=None if leash else _end_with_us,
            )
        if leash:
            os.close(reader)

    @property
    def pid(self):
        return self.child.pid

    def runs(self):
        return self.child.poll() is None

    def kill(self):
        """Ends it at once, wherever it stands."""
        self.child.kill()
        self.child.wait()

    def stop(self, patience=10):
        """Asks it to end, and ends it where it does not."""
        if not self.runs():
            return
        if self._leash is None:
            self.child.terminate()
        else:
            os.close(self._leash)
            self._leash = None
        try:
            self.child.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def memory(self):
        """What it holds in memory, in MB, without the pages of files and of the program itself."""
        with open(f"/proc/{self.pid}/status") as status:
            for line in status:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) / 1024
        raise AssertionError("the process has ended")


_given = []


def free_port():
    """A port that nobody listens on; none is given out twice in one run."""
    while True:
        with socket.socket() as seeker:
            seeker.bind(("127.0.0.1", 0))
            port = seeker.getsockname()[1]
        if port not in _given:
            _given.append(port)
            return port


def answers(port):
    """Whether somebody listens."""
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def tail(folder, *names):
    """The end of what a server has written into these files, as far as they are there."""
    text = ""
    for name in names:
        with contextlib.suppress(FileNotFoundError), open(os.path.join(folder, name), errors="replace") as file:
            text += file.read()
    return text[-4000:]
