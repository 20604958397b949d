"""A mail server behind TLS that keeps every line it gets, for TLSMailServer.swift.

usage: tls_mail_server.py MODE CERTIFICATE KEY RECORD OPTIONS...

MODE is `starttls` or `implicit`. It prints its port, then serves until it is killed. Each line received goes to the file
RECORD: the number of the connection, `clear` or `tls`, and the line. Options: `max=1.1` speaks no later TLS, `auth=A B`
offers these mechanisms, `clear=A,B` and `tls=A,B` offer these capabilities before and behind TLS, `refuse=N` refuses the first N logins with a 535 (`challenge=1`: with a 334 first), `client=FILE`
wants a certificate signed by that authority.
"""
import socket
import ssl
import sys
import threading

mode, certificate, key, record = sys.argv[1:5]
options = dict(option.split("=", 1) for option in sys.argv[5:])
lock = threading.Lock()
left = int(options.get("refuse", "0"))


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if options.get("max") == "1.1":
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.TLSv1
        made.maximum_version = ssl.TLSVersion.TLSv1_1
    made.load_cert_chain(certificate, key)
    if "client" in options:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(options["client"])
    return made


class Conversation:
    def __init__(self, connection, number):
        self.connection, self.number, self.layer, self.pending = connection, number, "clear", b""

    def note(self, line):
        with lock, open(record, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{self.number}\t{self.layer}\t{line}\n")

    def line(self):
        while b"\n" not in self.pending:
            part = self.connection.recv(65536)
            if not part:
                raise ConnectionError("closed")
            self.pending += part
        line, self.pending = self.pending.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "backslashreplace")

    def say(self, *lines):
        self.connection.sendall("".join(line + "\r\n" for line in lines).encode())

    def protect(self):
        self.connection = context().wrap_socket(self.connection, server_side=True)
        self.layer, self.pending = "tls", b""
        certificate = self.connection.getpeercert()
        if certificate:
            self.note(f"certificate {dict(pair[0] for pair in certificate['subject'])['commonName']}")

    def authenticate(self, line):
        global left
        words = line.split(" ")
        if len(words) < 3:
            self.say("334 ")
            response = self.line()
            self.note(response)
        with lock:
            left -= 1
            refused = left >= 0
        if refused and "challenge" in options:
            self.say("334 eyJzdGF0dXMiOiI0MDEifQ==")
            self.note(self.line())
        self.say("535 5.7.8 no" if refused else "235 2.7.0 yes")

    def run(self):
        if mode == "implicit":
            self.protect()
        self.say("220 tls.example.test ESMTP")
        while True:
            line = self.line()
            self.note(line)
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                offers = ["STARTTLS"] if mode == "starttls" and self.layer == "clear" else []
                offers += [name for name in options.get(self.layer, "").split(",") if name]
                if "auth" in options:
                    offers.append("AUTH " + options["auth"])
                lines = ["tls.example.test", "SIZE 1000000"] + offers
                self.say(*[f"250{'-' if i + 1 < len(lines) else ' '}{text}" for i, text in enumerate(lines)])
            elif verb == "STARTTLS":
                self.say("220 2.0.0 go")
                self.protect()
            elif verb == "AUTH":
                self.authenticate(line)
            elif verb == "DATA":
                self.say("354 go on")
                while self.line() != ".":
                    pass
                self.say("250 2.0.0 taken")
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say("250 2.1.0 ok")


def serve(connection, number):
    try:
        Conversation(connection, number).run()
    except (OSError, ConnectionError):
        pass
    finally:
        connection.close()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
print(listener.getsockname()[1], flush=True)
number = 0
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted, number), daemon=True).start()
    number += 1
