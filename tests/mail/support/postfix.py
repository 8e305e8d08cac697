"""A Postfix of our own: what is for our domains goes to Dovecot, everything else to the faulty server."""

import os
import pwd
import subprocess

from .process import Process, answers, free_port, tail
from .wait import until

LOCAL = "shop.test customer.test"

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/maillog
maillog_file_prefixes = {home}
myhostname = mx.shop.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_mailbox_domains = {local}
virtual_mailbox_maps =
recipient_delimiter = +
relayhost = [127.0.0.1]:{sink}
queue_run_delay = 5s
minimal_backoff_time = 5s
maximal_backoff_time = 15s
transport_retry_time = 5s
default_destination_concurrency_failed_cohort_limit = 0
smtp_tls_security_level = none
smtputf8_enable = no
message_size_limit = 67108864
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_tls_security_level = may
smtpd_tls_cert_file = {tls.certificate}
smtpd_tls_key_file = {tls.key}
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
"""

# A listener serves one client and ends: one that waits for the next would keep its line to a Dovecot that
# has been restarted since, and refuse whoever logs in.
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd -o max_use=1
127.0.0.1:{smtps} inet n - n - - smtpd -o max_use=1 -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
pickup unix n - n 60 1 pickup
showq unix n - n - - showq
flush unix n - n 1000? 0 flush
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Its configuration lies in a folder of its own; that of the system is not touched."""

    def __init__(self, folder, tls, dovecot, sink):
        self.home = os.path.join(folder, "postfix")
        self.config = os.path.join(self.home, "conf")
        for part in ("", "conf", "queue", "data"):
            os.mkdir(os.path.join(self.home, part))
        owner = pwd.getpwnam("postfix")
        os.chown(os.path.join(self.home, "data"), owner.pw_uid, owner.pw_gid)
        self.smtp, self.smtps = free_port(), free_port()
        settings = {"home": self.home, "local": LOCAL, "lmtp": dovecot.lmtp, "sasl": dovecot.sasl,
                    "sink": sink.port, "tls": tls, "smtp": self.smtp, "smtps": self.smtps}
        for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
            with open(os.path.join(self.config, name), "w") as file:
                file.write(text.format(**settings))
        checked = subprocess.run(["postfix", "-c", self.config, "check"], capture_output=True, text=True)
        assert checked.returncode == 0, f"postfix check: {checked.stderr}"
        self.process = None
        self.start()

    def start(self):
        daemons = subprocess.run(["postconf", "-h", "daemon_directory"], capture_output=True, text=True)
        master = os.path.join(daemons.stdout.strip(), "master")
        # In the foreground, on a leash: it changes its user.
        out = os.path.join(self.home, "out")
        self.process = Process([master, "-d", "-c", self.config], out, leash=True)
        until(self.log, self._is_up, 20)

    def _is_up(self):
        assert self.process.runs(), f"postfix ended: {self.log()}"
        return answers(self.smtp) and answers(self.smtps)

    def log(self):
        return tail(self.home, "out", "maillog")

    def stop(self):
        if self.process:
            self.process.stop()
