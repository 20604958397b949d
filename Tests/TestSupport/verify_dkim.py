"""Verifies the DKIM signatures of a mail with dkimpy: verify_dkim.py MAIL RECORD...

Each RECORD is NAME=TEXT, a TXT record of DNS. Prints one line a signature: its domain, selector and algorithm, and whether it
holds.
"""
import re
import sys

import dkim

mail = open(sys.argv[1], "rb").read()
records = {name.rstrip("."): text for name, _, text in (argument.partition("=") for argument in sys.argv[2:])}


def look_up(name, timeout=5):
    return records[name.decode().rstrip(".")].encode()


verifier = dkim.DKIM(mail)
count = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
for index in range(count):
    fresh = dkim.DKIM(mail)
    try:
        holds = fresh.verify(idx=index, dnsfunc=look_up)
    except Exception as error:
        holds, fresh.signature_fields = f"{type(error).__name__}: {error}", fresh.signature_fields or {}
    fields = {name.decode(): re.sub(r"\s", "", value.decode()) for name, value in fresh.signature_fields.items()}
    print(fields.get("d"), fields.get("s"), fields.get("a"), holds)
