"""The fake Graph server against pywa, a client that was written elsewhere: as sender and as receiver."""

import http.server
import os
import pathlib
import queue
import re
import subprocess
import tempfile
import threading
import unittest

import httpx
from pywa import WhatsApp, types
from pywa.errors import WhatsAppError
from pywa.types import Button, SectionList, Section, SectionRow
from pywa.types.templates import BodyText, TemplateLanguage

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("SUREPLY", ROOT / "target/debug/sureply"))
PATIENCE = 20
NUMBER, TOKEN, SECRET = "106540352242922", "a-token-for-trying", "a-secret-for-trying-only"
CUSTOMER = "+16505551234"


class Here(httpx.HTTPTransport):
    """Takes what is meant for Meta to the fake."""

    def __init__(self, url):
        super().__init__()
        self._url = httpx.URL(url)

    def handle_request(self, request):
        if request.url.host == "graph.facebook.com":
            place = {"scheme": self._url.scheme, "host": self._url.host, "port": self._url.port}
            request.url = request.url.copy_with(**place)
            request.headers["host"] = f"{self._url.host}:{self._url.port}"
        return super().handle_request(request)


class Hook(http.server.BaseHTTPRequestHandler):
    """A webhook: keeps each update with its signature."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.updates.put((body, self.headers["x-hub-signature-256"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Pywa(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        cls.hook.updates = queue.Queue()
        threading.Thread(target=cls.hook.serve_forever, daemon=True).start()
        cls.folder = tempfile.TemporaryDirectory()
        arguments = ["--data", cls.folder.name, "demo", "whatsapp", "--hook", f"http://127.0.0.1:{cls.hook.server_port}/"]
        cls.fake = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, text=True, cwd=cls.folder.name)
        cls.url = re.search(r"http://[0-9.:]+", cls.fake.stdout.readline()).group()

    @classmethod
    def tearDownClass(cls):
        cls.fake.terminate()
        cls.fake.wait(PATIENCE)
        cls.fake.stdout.close()
        cls.hook.shutdown()
        cls.hook.server_close()
        cls.folder.cleanup()

    def setUp(self):
        session = httpx.Client(transport=Here(self.url))
        self.addCleanup(session.close)
        self.wa = WhatsApp(
            phone_id=NUMBER, token=TOKEN, session=session, app_secret=SECRET, verify_token="words", server=None
        )
        while not self.hook.updates.empty():
            self.hook.updates.get()

    def _say(self, path, body, kind="application/json"):
        told = httpx.post(self.url + path, content=body, headers={"content-type": kind}, timeout=PATIENCE)
        self.assertEqual(told.status_code, 200, told.text)

    def _heard(self, kind, is_wanted=lambda _: True):
        """The next update of a kind, as pywa reads it once it has accepted its signature."""
        read = queue.Queue()
        register = {"message": self.wa.on_message, "status": self.wa.on_message_status,
                    "button": self.wa.on_callback_button, "row": self.wa.on_callback_selection}
        register[kind](lambda _, update: read.put(update) if is_wanted(update) else None)
        while True:
            body, signature = self.hook.updates.get(timeout=PATIENCE)
            self.assertIsNone(self.wa.webhook_update_validator(body, signature))
            self.assertIsNotNone(self.wa.webhook_update_validator(body + b" ", signature))
            self.assertEqual(self.wa.webhook_update_handler(body), ("ok", 200))
            try:
                return read.get(timeout=0.5)
            except queue.Empty:
                continue

    def test_its_validator_takes_what_the_fake_signs_and_its_reader_understands_it(self):
        words = "Grüße 😀 مرحبا / <b> 50% a@b"
        self._say("/phone/say", httpx.Request("POST", "http://x", json={"text": words}).content)
        message = self._heard("message")
        self.assertEqual((message.type, message.text), (types.MessageType.TEXT, words))
        self.assertEqual(message.from_user.wa_id, CUSTOMER.lstrip("+"))

    def test_a_picture_can_be_fetched(self):
        self._say("/phone/file?name=a.jpg", b"\xff\xd8\xff picture", "image/jpeg")
        message = self._heard("message")
        self.assertEqual(message.type, types.MessageType.IMAGE)
        found = self.wa.get_media_url(message.image.id)
        self.assertEqual((found.mime_type, found.file_size), ("image/jpeg", 11))
        fetched = httpx.get(found.url, headers={"authorization": f"Bearer {TOKEN}"})
        self.assertEqual(fetched.content, b"\xff\xd8\xff picture")
        self.assertEqual(httpx.get(found.url).status_code, 401)

    def test_statuses_name_what_was_sent(self):
        sent = self.wa.send_message(to=CUSTOMER, text="hi", tracker="outbox-42")
        self.assertTrue(sent.id.startswith("wamid."))
        status = self._heard("status", lambda it: it.id == sent.id)
        self.assertEqual((status.id, status.tracker), (sent.id, "outbox-42"))

    def test_buttons_come_back_as_pressed(self):
        for kind, is_row in (("button", False), ("row", True)):
            body = {"is_row": is_row, "id": "say:Yes", "title": "Yes", "message": "wamid.OUT1"}
            self._say("/phone/choose", httpx.Request("POST", "http://x", json=body).content)
            pressed = self._heard(kind)
            self.assertEqual((pressed.data, pressed.title), ("say:Yes", "Yes"))

    def test_everything_that_both_know_can_be_sent(self):
        wa, to = self.wa, CUSTOMER
        first = wa.send_message(to=to, text="one", preview_url=True)
        wa.send_message(to=to, text="two", reply_to_message_id=first.id)
        wa.send_message(to=to, text="three", buttons=[Button("Yes", "y"), Button("No", "n")], header="H", footer="F")
        rows = [SectionRow("A", "a", description="d")]
        wa.send_message(to=to, text="four", buttons=SectionList("Open", [Section("S", rows)]))
        media = wa.upload_media(b"%PDF-1.7", mime_type="application/pdf", filename="a.pdf")
        wa.send_document(to=to, document=media.id, filename="a.pdf", caption="c")
        wa.send_image(to=to, image="https://example.com/a.jpg", caption="c")
        wa.send_reaction(to=to, emoji="👍", message_id=first.id)
        wa.remove_reaction(to=to, message_id=first.id)
        wa.request_location(to=to, text="where?")
        self.assertTrue(wa.mark_message_as_read("wamid.IN1"))
        self.assertTrue(wa.indicate_typing("wamid.IN1"))
        wa.send_template(to=to, name="ask_again", language=TemplateLanguage.ENGLISH_US, params=[BodyText.params("Anna", "#1")])

    def test_errors_are_those_of_meta(self):
        for text, code in (("a" * 4_097, 131009), ("", 131008)):
            with self.assertRaises(WhatsAppError) as raised:
                self.wa.send_message(to=CUSTOMER, text=text)
            self.assertEqual(raised.exception.code, code)


if __name__ == "__main__":
    unittest.main()
