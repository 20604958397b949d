"""Opens connections from several addresses to `hookmail serve`, and says how many of each are left open.

Runs in a network namespace of its own (`unshare --net`), where addresses of documentation (RFC 5737, RFC 3849) stand on the
loopback device: those of the machine's own loopback are not counted. Arguments: the program and its folder, in which
hookmail.yaml listens on port 8000. Prints one JSON object.
"""

import contextlib
import json
import select
import socket
import subprocess
import sys
import time

HOOKMAIL, FOLDER = sys.argv[1:]
STRANGER, OTHER = "192.0.2.1", "192.0.2.2"
SIXES = ["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"]
GET = b"GET /api/webhook/ HTTP/1.1\r\nHost: h\r\n\r\n"


def prepare():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in [STRANGER, OTHER]:
        subprocess.run(["ip", "address", "add", address + "/32", "dev", "lo"], check=True)
    for address in SIXES:
        subprocess.run(["ip", "address", "add", address + "/128", "dev", "lo", "nodad"], check=True)


def connect(address):
    """A connection from an address to itself, so that both ends have it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family)
    connection.settimeout(5)
    connection.bind((address, 0))
    connection.connect((SIXES[0] if ":" in address else STRANGER, 8000))
    return connection


def open_ones(connections, wait):
    """Those that are not closed by the other side after `wait` seconds without a byte."""
    time.sleep(wait)
    closed = set(select.select(connections, [], [], 0)[0])
    return [connection for connection in connections if connection not in closed]


def is_answered(connection):
    try:
        connection.sendall(GET)
        return connection.recv(100).startswith(b"HTTP/1.1 405")
    except OSError:
        return False


def measure():
    found = {}
    held = open_ones([connect(STRANGER) for _ in range(70)], 0.5)
    found["stranger"] = len(held)
    found["stranger_is_answered"] = is_answered(held[0])
    found["other_is_answered"] = is_answered(connect(OTHER))
    for connection in held[1:3]:
        connection.close()
    time.sleep(0.3)
    found["after_two_ended"] = len(open_ones([connect(STRANGER) for _ in range(4)], 0.5))
    local = []
    for _ in range(100):
        local.append(socket.create_connection(("127.0.0.1", 8000), timeout=5))
    found["loopback"] = len(open_ones(local, 0.5))
    halves = [connect(six) for six in SIXES[:2] for _ in range(40)]
    found["one_network"] = len(open_ones(halves, 0.5))
    found["other_network_is_answered"] = is_answered(connect(SIXES[2]))
    return found


prepare()
server = subprocess.Popen([HOOKMAIL, "serve", "--log-level", "warning"], cwd=FOLDER)
try:
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", 8000), timeout=1):
            break
        time.sleep(0.02)
    print(json.dumps(measure()), flush=True)
finally:
    server.terminate()
    server.wait()
