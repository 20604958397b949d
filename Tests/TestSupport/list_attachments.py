"""Prints the attachments of a mail as CPython's email package finds them, one JSON array."""
import email
import email.policy
import json
import sys

message = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.SMTP)
parts = [
    {
        "name": part.get_filename(),
        "type": part.get_content_type(),
        "text": part.get_payload(decode=True).decode(),
        "defects": len(part.defects) + sum(len(p.defects) for p in message.walk()),
    }
    for part in message.iter_attachments()
]
print(json.dumps(parts))
