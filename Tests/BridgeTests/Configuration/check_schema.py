"""Judges YAML files by a JSON Schema: `check_schema.py SCHEMA FILE…` prints a line `name<TAB>valid` or
`name<TAB>invalid: first fault` for each, or `unreadable` where the file is no YAML. The schema itself is held against
the meta-schema of draft-07 first."""

import json
import pathlib
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    """Reads plain scalars as YAML 1.2's core schema does, and as VS Code's extension does: no dates, no `yes`."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for path in sys.argv[2:]:
        name = pathlib.Path(path).stem
        try:
            with open(path, encoding="utf-8") as file:
                value = yaml.load(file, CoreLoader)
        except (yaml.YAMLError, ValueError):
            print(f"{name}\tunreadable")
            continue
        fault = next(iter(validator.iter_errors(value)), None)
        words = " ".join(fault.message.split()) if fault else ""
        print(f"{name}\tinvalid: {words}" if fault else f"{name}\tvalid")


main()
