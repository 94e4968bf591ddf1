#!/usr/bin/python3
"""An FTP server of pyftpdlib on a free port of 127.0.0.1, for the user "user" with the password
"secret": ftp_server.py plain|explicit|implicit DIRECTORY [CERTIFICATE KEY]. Prints its port, then
every line of the control connections."""
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer


class Implicit(TLS_FTPHandler):
    def handle(self):
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self):
        TLS_FTPHandler.handle(self)


def telling(handler):
    class Telling(handler):
        def pre_process_command(self, line, cmd, arg):
            print(f"got {line}", flush=True)
            super().pre_process_command(line, cmd, arg)

    return Telling


kind, directory = sys.argv[1:3]
handler = telling({"plain": FTPHandler, "explicit": TLS_FTPHandler, "implicit": Implicit}[kind])
handler.authorizer = DummyAuthorizer()
handler.authorizer.add_user("user", "secret", directory, perm="elradfmwMT")
if kind != "plain":
    handler.certfile, handler.keyfile = sys.argv[3:5]
    handler.tls_control_required = True
    handler.tls_data_required = True
    handler.ssl_context = handler.get_ssl_context()
server = FTPServer(("127.0.0.1", 0), handler)
print(f"port {server.address[1]}", flush=True)
server.serve_forever()
