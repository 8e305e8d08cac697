"""A certificate for this machine, by an authority that ends with the run."""

import os
import subprocess


class Tls:
    def __init__(self, folder):
        self.home = os.path.join(folder, "tls")
        os.mkdir(self.home)
        self.authority, authority_key = self._path("ca.pem"), self._path("ca.key")
        self.certificate, self.key = self._path("server.pem"), self._path("server.key")
        request, extensions = self._path("server.csr"), self._path("server.ext")
        with open(extensions, "w") as file:
            file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._openssl("req", "-x509", *key, "-keyout", authority_key, "-out", self.authority,
                      "-days", "2", "-subj", "/CN=throw-away authority")
        self._openssl("req", *key, "-keyout", self.key, "-out", request, "-subj", "/CN=localhost")
        self._openssl("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", authority_key,
                      "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", self.certificate)
        os.chmod(self.certificate, 0o644)

    def _path(self, name):
        return os.path.join(self.home, name)

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
