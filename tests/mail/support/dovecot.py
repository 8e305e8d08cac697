"""A Dovecot of our own: mailboxes by IMAP, deliveries by LMTP, logins by password or token."""

import glob
import os
import pwd
import shutil
import smtplib
import subprocess

from .process import Process, answers, free_port, tail
from .wait import until

PASSWORD = "four plain old words"

CONFIG = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {run}
state_dir = {run}
log_path = {home}/dovecot.log
ssl = yes
ssl_cert = <{tls.certificate}
ssl_key = <{tls.key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
mail_uid = mail
mail_gid = mail
mail_fsync = never
mail_max_userip_connections = 200
first_valid_uid = 1
default_process_limit = 200
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf.ext
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users
  default_fields = uid=mail gid=mail home={home}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
# Whoever guesses wrongly is not made to wait: stories guess wrongly, too.
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@shop.test
  recipient_delimiter = +
}}
"""

OAUTH = """
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = email
active_attribute = active
active_value = true
"""


class Dovecot:
    """`tokens` is who knows which tokens are good."""

    def __init__(self, folder, tls, tokens):
        self.home = os.path.join(folder, "dovecot")
        os.mkdir(self.home)
        os.mkdir(os.path.join(self.home, "mail"))
        # A short path: sockets lie in it.
        self.run = os.path.join(self.home, "run")
        self.imap, self.imaps, self.lmtp, self.sasl = (free_port() for _ in range(4))
        mail = pwd.getpwnam("mail")
        os.chown(os.path.join(self.home, "mail"), mail.pw_uid, mail.pw_gid)
        self._write("dovecot.conf", CONFIG.format(tls=tls, **self.__dict__))
        self._write("oauth2.conf.ext", OAUTH.format(url=tokens.url))
        self._write("users", "")
        self.process = None
        self.start()

    def _write(self, name, text):
        with open(os.path.join(self.home, name), "w") as file:
            file.write(text)
        os.chmod(file.name, 0o644)

    def start(self):
        config = os.path.join(self.home, "dovecot.conf")
        log = os.path.join(self.home, "dovecot.out")
        self.process = Process(["dovecot", "-F", "-c", config], log)
        until(self.log, lambda: self._is_up(), 20)

    def _is_up(self):
        assert self.process.runs(), f"dovecot ended: {self.log()}"
        return answers(self.imap) and answers(self.lmtp)

    def log(self):
        return tail(self.home, "dovecot.out", "dovecot.log")

    def stop(self):
        config = os.path.join(self.home, "dovecot.conf")
        if self.process and self.process.runs():
            subprocess.run(["doveadm", "-c", config, "stop"], capture_output=True)
        if self.process:
            self.process.stop()

    def account(self, address):
        """Opens a mailbox for this address, if there is none."""
        with open(os.path.join(self.home, "users"), "a+") as users:
            users.seek(0)
            if any(line.startswith(f"{address}:") for line in users):
                return
            users.write(f"{address}:{PASSWORD}::::::\n")
        # It looks at the file once in a second.
        until(f"Dovecot knows {address}", lambda: self._knows(address), 10)

    def _knows(self, address):
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.ehlo_or_helo_if_needed()
            client.mail("")
            return client.rcpt(address)[0] == 250

    def maildir(self, address):
        return os.path.join(self.home, "mail", address)

    def fill(self, address, mails):
        """Puts many mails into a mailbox at once, as if they had lain there for long."""
        mail = pwd.getpwnam("mail")
        folder = self.maildir(address)
        for part in ("", "cur", "new", "tmp"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
            os.chown(os.path.join(folder, part), mail.pw_uid, mail.pw_gid)
        for number, content in enumerate(mails):
            path = os.path.join(folder, "cur", f"{1_700_000_000 + number}.M{number}.old:2,")
            with open(path, "wb") as file:
                file.write(content)
            os.chown(path, mail.pw_uid, mail.pw_gid)

    def renumber(self, address):
        """Gives a mailbox another UIDVALIDITY, as after a restored backup: the same mails, numbered anew."""
        self.stop()
        for pattern in ("dovecot-uidlist", "dovecot.index*", "dovecot-uidvalidity*"):
            for path in glob.glob(os.path.join(self.maildir(address), pattern)):
                os.remove(path)
        shutil.rmtree(self.run, ignore_errors=True)
        self.start()
