"""Reads an internationalised mail with CPython's email package and lists its addresses, for MailOracle.swift.

usage: list_addresses.py MAIL

Prints a JSON object: `fields`, of every field with addresses a list of pairs of the group's name, or null, and the address;
`subject`; `defects`, how many there are but for the notes that a local part is beyond ASCII; `isSame`, whether the package writes the addresses back as they are.
"""
import email
import email.errors
import email.generator
import email.policy
import io
import json
import sys

data = open(sys.argv[1], "rb").read()
policy = email.policy.SMTPUTF8
message = email.message_from_string(data.decode("utf-8"), policy=policy)
fields, defects = {}, sum(len(part.defects) for part in message.walk())
for name, value in message.items():
    defects += sum(not isinstance(defect, email.errors.NonASCIILocalPartDefect) for defect in value.defects)
    if hasattr(value, "groups"):
        fields[name] = []
        for group in value.groups:
            fields[name] += [[group.display_name, address.addr_spec] for address in group.addresses]
            if not group.addresses:
                fields[name].append([group.display_name, ""])
written = io.BytesIO()
email.generator.BytesGenerator(written, policy=policy).flatten(message)
again = email.message_from_string(written.getvalue().decode("utf-8"), policy=policy)
same = all(str(again[name]) == str(message[name]) for name in fields)
print(json.dumps({"fields": fields, "subject": str(message["subject"]), "defects": defects, "isSame": same}))
