"""Who gives out tokens and knows which are good: an OAuth server with an endpoint for introspection."""

import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Tokens:
    """A refresh token is `refresh-` and the address; `lifetime` is how many seconds a token is good."""

    def __init__(self):
        self.lifetime = 3600
        self.revoked = set()
        self.given = []
        self.refused = 0
        self._good = {}
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("content-length") or 0)
                form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
                answer = {"/token": owner._give, "/introspect": owner._judge}.get(self.path.split("?")[0])
                status, body = answer(form) if answer else (404, {})
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _give(self, form):
        address = form.get("refresh_token", "").removeprefix("refresh-")
        if form.get("grant_type") != "refresh_token" or "@" not in address or address in self.revoked:
            self.refused += 1
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        token = f"access-{len(self.given)}-{address}"
        self._good[token] = (address, time.time() + self.lifetime)
        self.given.append(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}

    def _judge(self, form):
        address, end = self._good.get(form.get("token"), ("", 0))
        if time.time() < end and address not in self.revoked:
            return 200, {"active": True, "email": address}
        return 200, {"active": False}

    def expire(self):
        """Ends every token that was given out, sooner than it was said."""
        self._good.clear()
