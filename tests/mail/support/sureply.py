"""The program itself, on a data folder and a port of its own; it can be killed at any moment."""

import contextlib
import os
import re
import shutil
import sqlite3
import tempfile
import urllib.request

from .desk import Desk
from .process import Process, free_port
from .wait import until

HOUSE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

# The log line after which the sample may answer by itself.
EVIDENCE = "the sample's labelled questions count as evidence"


def binary():
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    return os.environ.get("TEST_SUREPLY") or os.path.join(HOUSE, target, "debug", "sureply")


class Sureply:
    """Serves with these settings; `desk` acts as its first admin."""

    def __init__(self, settings):
        self.folder = tempfile.mkdtemp(prefix="sureply-story.")
        self.data = os.path.join(self.folder, "data")
        self.config = os.path.join(self.folder, "sureply.toml")
        self._log = os.path.join(self.folder, "log")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self._desk = None
        self.set(settings)

    def set(self, settings):
        """Other settings, from the next start on."""
        with open(self.config, "w") as file:
            file.write(f"[server]\nlisten = '127.0.0.1:{self.port}'\n{settings}")

    def launch(self):
        """Starts it, and waits for nothing."""
        command = [binary(), "serve", "--data", self.data, "--config", self.config]
        # The C library keeps what each of many threads has freed; what is measured is what the program holds.
        self.process = Process(command, self._log, {"RUST_BACKTRACE": "1", "MALLOC_ARENA_MAX": "2"})

    def start(self, patience=90):
        """Starts, and waits until it serves."""
        self.launch()
        until(lambda: f"the program is not ready: {self.log()[-3000:]}", self._is_ready, patience, 0.05)
        return self

    def _is_ready(self):
        assert self.process.runs(), f"the program ended: {self.log()[-3000:]}"
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{self.url}/readyz", timeout=5).status == 200

    def begin(self):
        """Starts, and waits until each mailbox was looked at: what comes from now on is new."""
        self.start()
        with open(self.config) as file:
            mailboxes = sum(line.startswith("imap =") for line in file)
        until(lambda: f"each mailbox is looked at: {self.log()[-3000:]}", lambda: self.cursors() >= mailboxes)
        return self

    def cursors(self):
        return self.value("select count(*) from mailbox where validity is not null")

    def kill(self):
        self.process.kill()

    def stop(self):
        """Ends it; the folder goes, too."""
        if self.process:
            self.process.stop(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self):
        self.kill()
        return self.start()

    def log(self):
        if not os.path.exists(self._log):
            return "it was never started"
        with open(self._log, errors="replace") as file:
            # Without the colours.
            return re.sub(r"\x1b\[[0-9;]*m", "", file.read())

    def says(self, *words):
        """Whether a line of the log holds all these words, in whatever case."""
        return any(all(word.lower() in line.lower() for word in words) for line in self.log().splitlines())

    def answers_by_itself(self):
        until(EVIDENCE, lambda: EVIDENCE in self.log(), 150)
        return self

    @property
    def desk(self):
        if self._desk is None:
            # Each start has a link of its own.
            links = re.findall(r"First admin: \S*?(/join/\S+)", self.log())
            self._desk = Desk(self.port, links[-1])
        return self._desk

    # What stands in the database, read only.

    def rows(self, sql, *values):
        path = os.path.join(self.data, "sureply.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(sql, values)]

    def value(self, sql, *values):
        rows = self.rows(sql, *values)
        return next(iter(rows[0].values())) if rows else None

    def messages(self, conversation=None):
        """Every message, or those of one conversation, in order, with how far it got."""
        return self.rows(
            """select m.*, o.state as delivery, o.last_error, o.attempts
               from message m left join outbox o on o.message_id = m.id
               where ? is null or m.conversation_id = ? order by m.received_at, m.seq""",
            conversation, conversation,
        )

    def came(self):
        """How many messages have come in, whoever or whatever wrote them."""
        return self.value("select count(*) from message where author in ('customer', 'participant', 'machine')")

    def conversation_with(self, words):
        """The one conversation in which a message holds these words, once it is there."""
        sql = "select distinct conversation_id as id from message where body like ?"
        found = until(
            lambda: f"no message says {words!r}: {self.log()[-3000:]}",
            lambda: self.rows(sql, f"%{words}%"),
        )
        assert len(found) == 1, f"{words!r} stands in {len(found)} conversations"
        return found[0]["id"]

    def status(self, conversation):
        return self.value("select status from conversation where id = ?", conversation)
