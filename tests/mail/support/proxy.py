"""A wire that can be cut: it carries bytes to a server until it is told to stop."""

import contextlib
import select
import socket
import struct
import threading


class Proxy:
    """`cut` resets the open connections; `freeze` lets them hang, as a network does that says nothing."""

    def __init__(self, target):
        self.target = target
        self.carried = 0
        self._frozen = set()
        self._pairs = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.target), 5)
                except OSError:
                    client.close()
                    continue
                pair = (client, server)
                with self._lock:
                    self._pairs.add(pair)
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, client, server):
        with contextlib.suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select([client, server], [], [], 0.2)
                if (client, server) in self._frozen:
                    threading.Event().wait(0.2)
                    continue
                for end in ready:
                    content = end.recv(65536)
                    if not content:
                        raise OSError
                    if (client, server) not in self._frozen:
                        (server if end is client else client).sendall(content)
                        self.carried += 1
        self._forget((client, server))

    def _forget(self, pair):
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            end.close()

    def open(self):
        """How many connections are open and not frozen."""
        with self._lock:
            return len(self._pairs - self._frozen)

    def cut(self):
        """Resets every open connection."""
        with self._lock:
            pairs = list(self._pairs)
        for client, server in pairs:
            with contextlib.suppress(OSError):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._shut(client)
            self._shut(server)

    @staticmethod
    def _shut(end):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

    def freeze(self):
        """Nothing passes any more on the connections that are open, and nobody is told."""
        with self._lock:
            self._frozen |= self._pairs

    def stop(self):
        self._listener.close()
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._forget(pair)
