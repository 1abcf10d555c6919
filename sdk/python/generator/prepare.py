"""Makes of the contract what the generator is to see, as JSON on the standard output.

- Answers that are faults are left out: the layer above turns them into exceptions before an answer is read.
- Answers that are not JSON are text, whatever their media type.
- The descriptions of parameters are put where the generator looks for them.
- Publishing and downloading stream, so they are written by hand, and left out here.
"""

import json
import sys
from typing import Any

from ruamel.yaml import YAML

STREAMED = {"publishExtension", "downloadArtefact"}
METHODS = {"get", "post", "put", "patch", "delete"}


def describe(parameter: dict[str, Any]) -> None:
    schema = parameter.get("schema")
    if schema is not None and "$ref" not in schema and "description" in parameter:
        schema["description"] = parameter["description"]


def prepare(contract: dict[str, Any]) -> dict[str, Any]:
    components = contract["components"]
    for parameter in components["parameters"].values():
        describe(parameter)
    for response in components["responses"].values():
        only_json_or_text(response)
    for item in contract["paths"].values():
        for method in METHODS & item.keys():
            operation = item[method]
            if operation["operationId"] in STREAMED:
                del item[method]
                continue
            for parameter in operation.get("parameters", []):
                describe(parameter)
            operation["responses"] = {status: r for status, r in operation["responses"].items() if str(status).startswith("2")}
            if not operation["responses"]:
                sys.exit(f"{operation['operationId']} has no answer of success: write it by hand, and name it in STREAMED")
            for response in operation["responses"].values():
                only_json_or_text(response)
    del components["schemas"]["Publication"]
    return contract


def only_json_or_text(response: dict[str, Any]) -> None:
    for media_type, content in response.get("content", {}).items():
        if media_type != "application/json":
            content["schema"] = {"type": "string"}


json.dump(prepare(YAML(typ="safe", pure=True).load(sys.stdin)), sys.stdout)
