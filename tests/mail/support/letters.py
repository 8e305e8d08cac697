"""Mails as customers' programs write them, handed in by SMTP and read by IMAP, with Python's own library."""

import contextlib
import email
import email.policy
import email.utils
import imaplib
import itertools
import smtplib
from email.message import EmailMessage

from .dovecot import PASSWORD
from .servers import servers
from .wait import until

imaplib._MAXLINE = 10_000_000

# Python would write a long Message-ID as an encoded word, which other programs do not.
AS_OTHERS = email.policy.SMTP.clone(max_line_length=990)

_numbers = itertools.count(1)


def letter(sender, to, subject, text, answers=None, html=None, **headers):
    """A mail; `answers` is the mail that it answers. A header of None is left away."""
    mail = EmailMessage()
    given = {
        "From": sender, "To": to, "Subject": subject, "Date": email.utils.formatdate(),
        "Message-ID": f"<{next(_numbers)}.{email.utils.make_msgid(domain='customer.test')[1:]}",
    }
    if answers is not None:
        earlier = answers["References"] or ""
        given["In-Reply-To"] = answers["Message-ID"]
        given["References"] = f"{earlier} {answers['Message-ID']}".strip()
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def quoting(text, answered, author):
    """New words above the words that they answer, as most programs put them."""
    old = answered.get_body(("plain",)).get_content()
    quoted = "".join(f"> {line}\n" for line in old.splitlines())
    return f"{text}\n\nOn Thu, 26 Nov 2026 at 10:00, {author} wrote:\n{quoted}"


def address_of(header):
    return email.utils.parseaddr(str(header))[1]


def post(mail, sender=None, to=None, policy=AS_OTHERS):
    """Hands a mail to Postfix, as its sender's program does. Bytes go as they are."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=policy)
    if not isinstance(mail, bytes):
        sender = address_of(mail["From"]) if sender is None else sender
        fields = mail.get_all("To", []) + mail.get_all("Cc", [])
        to = to or [it for _, it in email.utils.getaddresses([str(field) for field in fields])]
    with smtplib.SMTP("127.0.0.1", servers().postfix.smtp) as client:
        client.sendmail(sender, [to] if isinstance(to, str) else to, raw)
    return mail


def deliver(raws, to, sender="someone@customer.test"):
    """Puts many mails into a mailbox over one connection, past Postfix."""
    client = smtplib.LMTP("127.0.0.1", servers().dovecot.lmtp)
    with contextlib.closing(client):
        for raw in raws:
            client.sendmail(sender, [to], raw)


class Mailbox:
    """Somebody's mailbox, opened once in the servers."""

    def __init__(self, address):
        self.address = address
        servers().dovecot.account(address)

    @contextlib.contextmanager
    def open(self, folder="INBOX"):
        with imaplib.IMAP4("127.0.0.1", servers().dovecot.imap) as client:
            client.login(self.address, PASSWORD)
            client.select(folder, readonly=True)
            yield client

    def mails(self, folder="INBOX"):
        """All mails, oldest first."""
        with self.open(folder) as client:
            numbers = client.search(None, "ALL")[1][0].split()
            raws = [client.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]

    def flags(self):
        """The flags of each mail."""
        with self.open() as client:
            return [imaplib.ParseFlags(it) for it in client.fetch("1:*", "(FLAGS)")[1] if it]

    def await_mails(self, count, about="", folder="INBOX", patience=120):
        """All mails, once there are so many."""
        def look():
            mails = self.mails(folder)
            return mails if len(mails) >= count else None

        told = lambda: f"{count} mails for {self.address}, {len(self.mails(folder))} came {about}"
        return until(told, look, patience, 0.2)


def plain(mail):
    return mail.get_body(("plain",)).get_content()


def rich(mail):
    return mail.get_body(("html",)).get_content()
