#!/usr/bin/env python3
"""Writes the signature cases beside this file: Python's json and hmac are the oracle for the sender's signature.

Each case is a folder: `body` (bytes on the wire), `secret` (UTF-8, no newline), `canonical` (json.dumps(json.loads(body)),
left out where there is none) and `expectations.json` (both signatures, what each is answered with, how many events).
Run it again after adding a case; it never changes an existing case's bytes unless its line here changed.
"""
import hashlib
import hmac
import json
import pathlib

HERE = pathlib.Path(__file__).parent
SECRET = "hookmail-fixture-secret-0123456789"

# name, body, what a right raw signature is answered with, what a right canonical one is, events, secret
ACCEPTED, MALFORMED, UNVERIFIED = "accepted", "malformed", "unverified"
CASES = [
    ("compact-log", b'{"unique_id":"u-1","model":"gpt-4o","cost":0.00012,"status_code":200,"note":"gr\xc3\xbc\xc3\x9fe"}'),
    ("spaced-log", b'{"unique_id": "u-2", "latency": 1.5, "customer_identifier": 42}'),
    ("pretty-log", b'{\r\n\t"unique_id" : "u-3" ,\r\n\t"metadata" : { "a" : [ ] , "b" : { } }\r\n}\r\n'),
    ("array-of-logs", b'[{"unique_id":"a","cost":1},{"id":7,"cost":2.50},{"model":"m"}]'),
    ("envelope", b'{"event":"request_log","data":{"unique_id":"u-5","failed":true}}'),
    ("empty-object", b"{}"),
    ("repeated-keys", b'{"cost":1,"model":"first","cost":2e1,"mod\\u0065l":"last","x":{"a":1,"a":{"a":2,"b":3,"a":4}}}'),
    ("many-repeated-keys", b"{" + b",".join(b'"k%d":%d' % (i % 11, i) for i in range(40)) + b"}"),
    ("surrogates", b'{"a":"\\uD83D\\uDE80","b":"\\ud83d","c":"\\ude80\\ud83d","\\ud800":1,"\\uD800":2,"\\udfff":3}'),
    ("surrogate-then-escape", b'{"a":"\\ud83d\\n\\ud83d\\u0041\\ud83d\\ud83d\\ude80"}'),
    ("raw-unicode", '{"a":"é ü ß € 漢字 🚀 \u2028\u2029 \ufeff \u007f","ключ":1,"K":2,"K":3}'.encode()),
    ("normal-forms-apart", '{"\u00e9":1,"e\u0301":2,"\u212b":3,"\u00c5":4}'.encode()),
    ("controls", b'{"a":"\\u0000\\u0001\\b\\f\\n\\r\\t\\u001f\\u007f\\u0080\\/\\\\\\"\\u002F\\u005c\\u0022"}'),
    ("float-texts", b"[{\"v\":[0.1,1.0,1e0,-0.0,1E5,1e-5,0.0001,0.00001,123456789012345680.0,1e15,1e16,9999999999999998.0]}]"),
    ("double-band", b'{"v":[9007199254740991.0,9007199254740993.0,9007199254740994.5,-9999999999999998.0,1e16,1.5e300]}'),
    ("extreme-doubles", b'{"v":[5e-324,1e-400,-1e-400,2.2250738585072011e-308,1.7976931348623157e308,1e400,-1e999999999]}'),
    ("long-decimals", b'{"v":[0.1000000000000000055511151231257827021181583404541015625,2.' + b"0" * 900 + b"1,1" + b"0" * 900 + b".5e-890]}"),
    ("integers", b'{"v":[0,-0,-1,9223372036854775807,9223372036854775808,-9223372036854775809,' + b"7" * 4300 + b"]}"),
    ("not-a-number", b'{"a":NaN,"b":[Infinity,-Infinity],"cost":NaN}'),
    ("json-in-a-string", b'{"input":"[{\\"role\\":\\"user\\",\\"content\\":\\"caf\\\\u00e9 \\\\ud83d\\"}]","output":"{}"}'),
    ("deep-400", b'{"v":' + b"[" * 400 + b"{}" + b"]" * 400 + b"}"),
    ("big-text", b'{"unique_id":"big","prompt_messages":[{"content":"' + "ünïcödé \\n text \\/ ".encode() * 900 + b'"}]}'),
    ("long-secret", b'{"unique_id":"u-6"}', ACCEPTED, ACCEPTED, 1, "s" * 200),
    ("unicode-secret", b'{"unique_id":"u-7"}', ACCEPTED, ACCEPTED, 1, "Schlüssel-🗝️ with space "),
    ("scalar-null", b"null", MALFORMED, MALFORMED, 0),
    ("scalar-text", b' "text" ', MALFORMED, MALFORMED, 0),
    ("scalar-number", b"1.50", MALFORMED, MALFORMED, 0),
    ("empty-array", b"[ ]", MALFORMED, MALFORMED, 0),
    ("array-with-a-scalar", b'[{"id":1},2]', MALFORMED, MALFORMED, 0),
    ("empty-body", b"", MALFORMED, None, 0),
    ("not-json", b"payload=%7B%7D", MALFORMED, None, 0),
    ("cut-short", b'{"unique_id":"u-8","cost":', MALFORMED, None, 0),
    ("trailing-comma", b'{"a":1,}', MALFORMED, None, 0),
    ("two-values", b'{"a":1} {"b":2}', MALFORMED, None, 0),
    ("raw-newline-in-text", b'{"a":"x\ny"}', MALFORMED, None, 0),
    ("overlong-utf8", b'{"a":"\xc0\xaf"}', MALFORMED, None, 0),
    ("byte-order-mark", b'\xef\xbb\xbf{"a":1}', MALFORMED, UNVERIFIED, 0),
    ("utf16", '{"a":1}'.encode("utf-16-le"), MALFORMED, UNVERIFIED, 0),
    ("surrogate-bytes", b'{"a":"\xed\xa0\xbd"}', MALFORMED, UNVERIFIED, 0),
    ("integer-too-long", b'{"a":' + b"8" * 4301 + b"}", MALFORMED, None, 0),
    ("too-deep", b" " + b"[" * 513 + b"]" * 513, MALFORMED, UNVERIFIED, 0),
]


def code(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


for name, body, *rest in CASES:
    raw, canonical, events, secret = (rest + [ACCEPTED, ACCEPTED, 3 if name == "array-of-logs" else 1, SECRET][len(rest):])
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "body").write_bytes(body)
    (folder / "secret").write_bytes(secret.encode())
    expectations = {"raw": raw, "events": events, "signatureOverRaw": code(secret, body)}
    if canonical is not None:
        text = json.dumps(json.loads(body)).encode()
        (folder / "canonical").write_bytes(text)
        expectations |= {"canonical": canonical, "signatureOverCanonical": code(secret, text)}
    (folder / "expectations.json").write_text(json.dumps(expectations, indent=2, sort_keys=True) + "\n")
