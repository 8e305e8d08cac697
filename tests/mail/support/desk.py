"""An agent at the desk, by plain forms as a browser without scripts sends them."""

import html
import http.client
import json
import re
import urllib.parse

from .wait import until


class Desk:
    def __init__(self, port, link):
        self.port = port
        self.cookies = {}
        self.post(link, name="Ada", email="ada@shop.test", password="four plain old words")

    def _ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "sec-fetch-site": "same-origin",
            "content-type": kind,
            "accept-language": "en",
        }
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        page = answer.read().decode(errors="replace")
        connection.close()
        return answer, page

    def get(self, path):
        """A page; it must be there."""
        answer, page = self._ask("GET", path)
        assert answer.status == 200, f"{path}: {answer.status} {words(page)[:300]}"
        return page

    def post(self, path, **fields):
        answer, page = self._ask("POST", path, urllib.parse.urlencode(fields))
        assert answer.status in (200, 303), f"{path}: {answer.status} {words(page)[:600]}"
        return page

    def reads(self, conversation):
        """The words of a conversation's page."""
        return words(self.get(f"/conversations/{conversation}?queue=all"))

    def reply(self, conversation, text, files=()):
        self.post(f"/conversations/{conversation}/reply", queue="all", text=text, files=",".join(files))

    def attach(self, conversation, name, content):
        """Uploads a file for what is sent next; returns its id."""
        head = f'--edge\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n--edge--\r\n"
        path = f"/conversations/{conversation}/files"
        answer, told = self._ask("POST", path, body, "multipart/form-data; boundary=edge")
        assert answer.status == 201, f"{path}: {answer.status} {told[:300]}"
        return json.loads(told)["id"]

    def draft(self, conversation):
        """The draft that waits, as id and words, once it is there."""
        found = until("a draft waits", lambda: self._find_draft(conversation))
        return found[1], html.unescape(found[2]).strip()

    def _find_draft(self, conversation):
        page = self.get(f"/conversations/{conversation}?queue=all")
        return re.search(r'name="draft" value="([^"]+)".*?<textarea id="draft-text"[^>]*>(.*?)</textarea>', page, re.S)

    def approve(self, conversation, text=None):
        """Approves the draft that waits, as it is or with other words; returns what was sent."""
        draft, written = self.draft(conversation)
        sent = text or written
        self.post(f"/conversations/{conversation}/approve", queue="all", draft=draft, text=sent, facts="no")
        return sent

    def settle(self, conversation, message, was_sent):
        """Says of a delivery of unknown end that it arrived, or has it sent again."""
        act = "sent" if was_sent else "again"
        self.post(f"/conversations/{conversation}/deliveries/{message}/{act}", queue="all")


def words(page):
    """A page without its marks."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()
