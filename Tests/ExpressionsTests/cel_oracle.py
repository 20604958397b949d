"""Evaluates expressions by Google's implementation of CEL (`pip install cel-expr-python`), for the differential test.

Reads one batch a line, {"variables": {name: value}, "expressions": [text]}, and answers each by one line: a list with the
result of every expression in a canonical text, or "!" for an error of the compiler or of the evaluation. Values come in
the encoding of the conformance suite's JSON: {"t": type, "v": content}.
"""

import base64
import datetime
import json
import os
import re
import struct
import sys

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_strings

# Version 0.1.3 gives back references to None that it has not taken; these keep the count above zero.
SPARE = [None] * 2_000_000

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
DURATION = re.compile(r"([0-9.]+)(ns|us|ms|s|m|h)")
UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def decoded(value):
    kind, content = value["t"], value.get("v")
    if kind in ("null", "bool", "string"):
        return content
    if kind in ("int", "uint"):
        return int(content)
    if kind == "double":
        return float(content)
    if kind == "bytes":
        return base64.b64decode(content)
    if kind == "list":
        return [decoded(element) for element in content]
    if kind == "map":
        return {decoded(key): decoded(element) for key, element in content}
    microseconds = int(content["seconds"]) * 10**6 + content["nanos"] // 1000
    span = datetime.timedelta(microseconds=microseconds)
    return EPOCH + span if kind == "timestamp" else span


def nanoseconds(text):
    total = 0
    for number, unit in DURATION.findall(text):
        whole, _, fraction = number.partition(".")
        total += int(whole or 0) * UNITS[unit] + int((fraction + "0" * 12)[:12] or 0) * UNITS[unit] // 10**12
    return -total if text.startswith("-") else total


def key_text(key):
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if isinstance(key, int) else "s:" + key.encode().hex()


class Failure(Exception):
    pass


def canonical(value):
    kind = value.type().name()
    if kind == "ERROR" or kind == "UNKNOWN":
        raise Failure
    if kind.startswith("LIST"):
        return "[" + ",".join(canonical(element) for element in value.value()) + "]"
    if kind.startswith("MAP"):
        entries = sorted((key_text(key), canonical(element)) for key, element in value.value().items())
        return "{" + ",".join(key + "=" + element for key, element in entries) + "}"
    if kind == "TYPE" or kind.startswith("TYPE<"):
        return "T:" + repr(value).split("<")[0]
    if kind == "TIMESTAMP":
        text = repr(value)  # It writes years before 1000 with fewer digits.
        return "t:" + text.zfill(len(text) + 4 - text.index("-"))
    if kind == "DURATION":
        return "D:" + str(nanoseconds(repr(value)))
    content = value.value()
    if kind == "NULL":
        return "null"
    if kind == "BOOL":
        return "true" if content else "false"
    if kind == "INT":
        return str(content)
    if kind == "UINT":
        return str(content) + "u"
    if kind == "DOUBLE":
        return "d:nan" if content != content else "d:" + struct.pack(">d", content).hex()
    if kind == "STRING":
        return "s:" + content.encode().hex()
    if kind == "BYTES":
        return "b:" + bytes(content).hex()
    raise ValueError("a value of the type " + kind)


def environment(types):
    return cel.NewEnv(
        variables=types,
        extensions=[
            ext_strings.ExtStrings(), ext_bindings.ExtBindings(), ext_math.ExtMath(), ext_encoders.ExtEncoders(),
        ],
    )


DECLARED = {"uint": cel.Type.UINT, "timestamp": cel.Type.TIMESTAMP, "duration": cel.Type.DURATION}


def main():
    environments = {}
    for line in sys.stdin.buffer:
        batch = json.loads(line)
        variables = batch["variables"]
        shape = tuple(sorted((name, value["t"]) for name, value in variables.items()))
        if shape not in environments:
            types = {name: DECLARED.get(kind, cel.Type.DYN) for name, kind in shape}
            environments[shape] = environment(types)
        known = environments[shape]
        activation = known.Activation({name: decoded(value) for name, value in variables.items()})
        results = []
        for text in batch["expressions"]:
            try:
                results.append(canonical(known.compile(text, True).eval(activation)))
            except Failure:
                results.append("!")
            except ValueError:
                raise
            except Exception:  # The bindings raise errors of several classes for what they refuse to compile.
                results.append("!")
        print(json.dumps(results), flush=True)


main()
os._exit(0)  # Without the clean-up in which the missing references would end it.
